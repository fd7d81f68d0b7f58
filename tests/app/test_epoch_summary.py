"""The epoch summary: every number is its receipt's, and it says so where nothing cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from inspecting import SIZE, SIZES, at, hits, labels, parts, texts
from looks import as_lesson, lesson_named, look, run_of

from piggybank import SGD, Dense, Network, Run
from piggybank.app.session import Session
from piggybank.ledger.lines import CANCELLED, IN, OUT, Ref
from piggybank.stage.digits import reads_as
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]


@pytest.mark.parametrize("size", SIZES)
def test_the_epoch_summary_stays_inside_its_panel(size: tuple[int, int]) -> None:
    for everything in (False, True):
        for text in (1.0, 1.3):
            lesson = lesson_named("lesson 12")
            open_ = {"summary": True, "summary_all": everything, "look": Look(text=text)}
            box = regions(size, text).trace
            scene = at(lesson, "1.3.commit", size, **open_)
            for label in labels(scene):
                assert box.y < label.y - 11 < label.y + 11 < box.bottom, (label.text, size, text)


def test_the_switch_shows_one_weight_or_all_and_only_the_other_reacts() -> None:
    lesson = lesson_named("lesson 12")
    session = Session(lesson)
    session.state = replace(
        session.state, cursor=Cursor(lesson.timeline.find("1.2.commit"), 1.0), summary=True, selected="x2->y"
    )
    for words, names in (("into all weights", {"x2->y"}), ("into x₂ → y", {""})):
        scene = session.scene(SIZE)
        assert {label.ref.name for label in labels(scene) if label.ref and label.ref.kind == "share"} == names
        (hit,) = hits(scene, "summary_all")
        assert hit.tip == words
        session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.summary_all is False


@pytest.mark.parametrize("name", ["lesson 12", "xor 2-3-1", "4-8-3"])
@pytest.mark.parametrize("everything", [False, True])
def test_every_number_of_the_summary_is_the_value_of_its_receipt(name: str, everything: bool, figure: Figure) -> None:
    lesson, checked = lesson_named(name), 0
    ledger = lesson.run.ledger
    for batch in range(1, lesson.batches + 1):
        beat = lesson.timeline.commit_beat(batch)
        scene = look(lesson, beat, 1.0, (1280, 720), summary=True, summary_all=everything)
        for label in labels(scene):
            if label.ref is not None:
                value = ledger.open(label.ref).value
                shown = reads_as(label.text)
                assert shown == value or (label.text.startswith("≈") and abs(shown - value) <= 0.06), label
                checked += 1
    figure(
        f"T33 numbers of the epoch summary that are their receipt's value, {name}, all weights {everything}", checked
    )
    assert checked > 20


def test_the_loss_before_and_after_is_of_all_rows_and_falls_with_the_commits_counted() -> None:
    lesson = lesson_named("lesson 12")
    scene = at(lesson, "1.2.commit", summary=True)
    refs = [label.ref for label in labels(scene) if label.ref and label.ref.kind == "loss"]
    assert refs == [Ref("loss", "", -1, 0), Ref("loss", "", -3, 0)]
    before, after = (lesson.run.ledger.open(ref).value for ref in refs)
    assert after < before


def test_the_summary_of_all_weights_lists_the_rows_by_the_size_of_their_coins() -> None:
    lesson = lesson_named("4-8-3")
    scene = at(lesson, "1.2.commit", summary=True, summary_all=True)
    shown = [label.ref for label in labels(scene) if label.ref and label.ref.kind == "share"]
    sizes = [lesson.run.ledger.open(ref).value for ref in shown]
    assert sizes == sorted(sizes, reverse=True)
    assert {ref.sample - 1 for ref in shown} <= {row for batch in (1, 2) for row in lesson.run.ledger.batch(batch).rows}


def test_the_summary_says_so_when_every_coin_is_zero() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5)), ([[0.0], [0.0]], [[1.0], [2.0]]), rule=SGD(0.5), batch_size=2)
    lesson = as_lesson(run, 1)
    words = {name: texts(at(lesson, "1.1.commit", summary=True, selected=name)) for name in ("x1->y", "bias->y")}
    assert ["every coin is 0: nothing to cancel" in found for found in words.values()] == [True, False]
    assert ["all coins pull one way: none cancels" in found for found in words.values()] == [False, True]


def test_the_summary_says_so_when_no_coin_cancelled() -> None:
    lesson = lesson_named("lesson 12")
    ledger, seen = lesson.run.ledger, set()
    for weight in ledger.header.weights_by_name:
        for batch in (1, 2, 3):
            scene = at(lesson, f"1.{batch}.commit", summary=True, selected=weight)
            sides = [ledger.open(Ref("share", weight, 1, 0, batch, part)).value for part in (IN, OUT)]
            assert ("all coins pull one way: none cancels" in texts(scene)) == (not all(sides))
            assert (set(parts(scene)) == {IN, OUT, CANCELLED}) == all(sides)
            seen.add(all(sides))
    assert seen == {True, False}


def test_with_one_sample_a_batch_coins_carry_their_place_in_the_epoch() -> None:
    lesson = as_lesson(run_of(2, 1, rows=6, batch_size=1), 6)
    scene = at(lesson, "1.5.commit", summary=True)
    coins = [item.sample for item in scene.over if isinstance(item, Coin)]
    banked = [hit.argument for hit in hits(scene, "sample") if hit.tip.startswith("go to sample")]
    assert coins == [int(argument.split(".")[0]) for argument in banked[-len(coins) :]]
