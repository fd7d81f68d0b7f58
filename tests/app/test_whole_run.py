"""The epoch summary of the whole run: rows by all they put in, and by how far they moved a weight."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from looks import MAKERS, SIZES, look
from whole_runs import MINE, RELATIVE, SIZE, labels, summed, xor, xor_run

from piggybank import SGD, Adam, Lesson, Momentum, Rule
from piggybank.app.overlays import epoch_sums
from piggybank.app.overlays.epoch_sums import MOST_MOVED
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.ledger.shares import run_totals
from piggybank.stage.scene import Hit, Label, Scene

# The whole run --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("everything", [False, True])
def test_the_whole_run_ranks_the_rows_by_all_they_put_in_up_to_this_commit(everything: bool) -> None:
    lesson = MAKERS["lesson 12"]()
    ledger = lesson.run.ledger
    scene = summed(lesson, 7, summary_all=everything, selected="x2->y")
    refs = [label.ref for label in labels(scene) if label.ref and label.ref.kind == "share"]
    values = [ledger.open(ref).value for ref in refs]
    assert values == sorted(values, key=lambda value: -abs(value))
    assert {(ref.batch, ref.banked) for ref in refs} == {(0, 7)}
    by_hand = dict.fromkeys(range(24), 0.0)
    for weight in ledger.header.weights if everything else [ledger.weight("x2->y")]:
        for batch in range(1, 8):
            for sample, row in enumerate(ledger.batch(batch).rows, 1):
                coin = ledger.open(Ref("slice", weight.name, batch, sample)).value
                by_hand[row] += abs(coin) if everything else coin
    for ref, value in zip(refs, values, strict=True):
        assert math.isclose(value, by_hand[ref.sample - 1], rel_tol=1e-12)


def test_a_row_s_number_of_the_whole_run_opens_its_epochs_and_those_their_coins() -> None:
    lesson = MAKERS["lesson 12"]()
    ledger = lesson.run.ledger
    for name in ("x2->y", ""):
        receipt = ledger.open(Ref("share", name, 0, 3, 8))
        assert receipt.value == run_totals(ledger, name, 8)[2]
        assert eval(receipt.python()) == receipt.value
        for line in receipt.lines[:-1]:
            if line.origin is not None:
                assert ledger.open(line.origin).value == line.value
        epochs = [line.origin.batch for line in receipt.lines if line.origin and line.origin.kind == "share"]
        assert epochs == [1, 2, 3]


def test_the_switch_to_the_whole_run_is_pressed_on_and_off() -> None:
    session = Session(MAKERS["lesson 12"]())
    session.command("commit", "6")
    session.key("s", "s")
    for expected in (True, False):
        scene = session.scene(SIZE)
        (hit,) = [hit for hit in scene.hits if hit.command == "summary_run"]
        session.click(scene, hit.box.cx, hit.box.cy)
        assert session.state.summary_run is expected
        assert ("All epochs" in [label.text for label in labels(session.scene(SIZE))]) is expected


@pytest.mark.parametrize("size", SIZES)
def test_the_whole_run_stays_inside_its_panel(size: tuple[int, int]) -> None:
    lesson = MAKERS["lesson 12"]()
    for everything, moved in product((False, True), repeat=2):
        scene = summed(lesson, 18, size, summary_all=everything, summary_moved=moved)
        bottom = max(label.y for label in scene.over if isinstance(label, Label))
        panel = next(hit.box for hit in scene.hits if hit.command == "" and hit.box.h > 300)
        assert bottom + 11 < panel.bottom


def test_before_the_first_commit_the_whole_run_says_that_there_is_nothing() -> None:
    scene = look(MAKERS["lesson 12"](), 0, 0.0, SIZE, summary=True, summary_run=True)
    assert "Nothing is committed yet." in [label.text for label in labels(scene)]


# How far rows moved weights -------------------------------------------------------------------------------------------


def lifetimes(scene: Scene) -> list[Ref]:
    return [label.ref for label in labels(scene) if label.ref and label.ref.kind == "lifetime"]


def chips(scene: Scene) -> list[Hit]:
    return [hit for hit in scene.hits if hit.command == "summary_moved"]


@pytest.mark.parametrize("size", [SIZE, (1920, 1080)])
@pytest.mark.parametrize("rule", [SGD(0.5), Momentum(0.1), Adam(0.05)], ids=lambda rule: rule.name)
def test_a_press_ranks_the_rows_by_how_far_they_moved_the_weight_up_to_this_commit(
    rule: Rule, size: tuple[int, int]
) -> None:
    lesson = xor(rule)
    ledger = lesson.run.ledger
    session = Session(lesson)
    session.command("commit", "12")
    session.command("commit", "7")
    session.state = replace(session.state, selected="h2->y", summary=True, summary_run=True)
    assert lifetimes(session.scene(size)) == []
    (chip,) = chips(session.scene(size))
    session.click(session.scene(size), chip.box.cx, chip.box.cy)
    refs = lifetimes(session.scene(size))
    assert {(ref.name, ref.batch, ref.banked) for ref in refs} == {("h2->y", 0, 7)}
    assert sorted(ref.sample for ref in refs) == [1, 2, 3, 4]
    values = [ledger.open(ref).value for ref in refs]
    assert values == sorted(values, key=lambda value: -abs(value))
    if rule.name != "Adam":  # of which only the numerator is split
        went = ledger.weights_at(7)[1][1, 0] - ledger.weights_at(0)[1][1, 0]
        assert abs(math.fsum(values) - went) < 1e-14
    (back,) = chips(session.scene(size))
    session.click(session.scene(size), back.box.cx, back.box.cy)
    assert lifetimes(session.scene(size)) == []


def test_a_row_s_movement_opens_its_coins_one_by_one() -> None:
    session = Session(xor(Momentum(0.1)))
    session.command("commit", "6")
    session.state = replace(session.state, selected="h2->y", summary=True, summary_run=True, summary_moved=True)
    scene = session.scene(SIZE)
    ref = lifetimes(scene)[0]
    hit = next(hit for hit in scene.hits if hit.argument == ref.code)
    session.click(scene, hit.box.cx, hit.box.cy)
    words = [label.text for label in labels(session.scene(SIZE))]
    row = session.lesson.run.ledger.header.row_names[ref.sample - 1]  # type: ignore[union-attr]
    assert f"How far {row} moved h₂ → y up to batch 6" in words
    assert sum(word.startswith("Its coin in batch") for word in words) == 3


def test_of_all_weights_together_the_sizes_are_ranked() -> None:
    lesson = xor(Momentum(0.1))
    refs = lifetimes(summed(lesson, 6, summary_all=True, summary_moved=True))
    values = [lesson.run.ledger.open(ref).value for ref in refs]
    assert values == sorted(values, reverse=True)
    assert {(ref.name, ref.banked) for ref in refs} == {("", 6)}


def test_rows_that_are_still_to_come_have_moved_nothing_and_are_left_out() -> None:
    assert len(lifetimes(summed(xor(Momentum(0.1)), 1, summary_moved=True))) == 2


def test_where_coins_cannot_be_followed_the_summary_shows_coins_and_offers_nothing_else() -> None:
    mine = Rule("mine", ("old_savings = 0.5 * savings", *RELATIVE), **MINE)  # type: ignore[arg-type]
    for lesson in (xor(mine), Lesson(None, "Faulty", xor_run(fault="sum-for-mean"), batches=6)):
        scene = summed(lesson, 6, summary_moved=True)
        assert (lifetimes(scene), chips(scene)) == ([], [])
        assert [label for label in labels(scene) if label.ref and label.ref.kind == "share"]


def test_the_epoch_summary_has_no_such_switch() -> None:
    session = Session(xor(Momentum(0.1)))
    session.command("commit", "6")
    session.state = replace(session.state, summary=True, summary_moved=True)
    assert (lifetimes(session.scene(SIZE)), chips(session.scene(SIZE))) == ([], [])


def test_too_many_batches_of_all_weights_are_not_followed_at_once() -> None:
    lesson = xor(Momentum(0.001))
    assert chips(summed(lesson, MOST_MOVED, summary_all=True))
    assert not chips(summed(lesson, MOST_MOVED + 1, summary_all=True))
    assert chips(summed(lesson, MOST_MOVED + 1))


def test_nor_are_those_of_many_weights_over_many_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, offered in ((6 * 13, True), (6 * 13 - 1, False)):
        monkeypatch.setattr(epoch_sums, "MOST_SUMMED", most)
        assert bool(chips(summed(xor(Momentum(0.1)), 6))) is offered
