"""The whole run in the summary, all coins behind an adjustment, coins without effect, and how many were right."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import pytest
from looks import MAKERS, SIZES, look

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Network, Rule, Run, Step
from piggybank.app.effects import LOST, MOST_EARLIER, TOO_LIGHT
from piggybank.app.overlays import epoch_sums
from piggybank.app.overlays.epoch_sums import MOST_MOVED
from piggybank.app.overlays.receipt_view import crumb
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.ledger.shares import run_totals
from piggybank.stage.scene import Hit, Label, Scene
from piggybank.stage.timeline import Cursor

SIZE = (1280, 720)
RELATIVE = Momentum(0.1).lines[1:]
MINE = {"constants": {"learning_rate": 0.1, "friction": 0.9}, "memory": ("savings",)}
"""Of a rule like momentum, all but its first line."""


def labels(scene: Scene) -> list[Label]:
    return [item for item in (*scene.still, *scene.step, *scene.over) if isinstance(item, Label)]


def xor_run(rule: object = None, rate: float = 0.5, **settings: str) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(rate), batch_size=2, **settings)  # type: ignore[arg-type]


def xor(rule: object = None, rate: float = 0.5) -> Lesson:
    return Lesson(None, "XOR", xor_run(rule, rate), batches=6)


def one(weight: float, value: float, target: float, rate: float) -> Lesson:
    """One weight, one row."""
    network = Network(Dense(1, 1, weights=weight, bias=False))
    return Lesson(None, "One", Run(network, ([[value]], [[target]]), rule=SGD(rate), batch_size=1), batches=1)


def summed(lesson: Lesson, batch: int, size: tuple[int, int] = SIZE, **more: object) -> Scene:
    lesson.ensure(0)
    beat = lesson.timeline.commit_beat(batch)
    return look(lesson, beat, 1.0, size, summary=True, summary_run=True, **more)


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


# All coins so far -----------------------------------------------------------------------------------------------------


def inspected(lesson: Lesson, batch: int = 3, weight: str = "h2->y", progress: float = 1.0) -> Session:
    session = Session(lesson)
    session.state = replace(
        session.state, cursor=Cursor(lesson.timeline.commit_beat(batch), progress), inspecting=weight, selected=weight
    )
    return session


@pytest.mark.parametrize("rule", [Momentum(0.1), Adam(0.1)])
def test_the_inspector_of_a_rule_with_memory_opens_all_coins_so_far(rule: object) -> None:
    session = inspected(xor(rule))
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if hit.argument.startswith("lasting|"))
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.trail == (Ref("lasting", "h2->y", 3),)
    assert "Coins of batch 2" in " ".join(label.text for label in labels(session.scene(SIZE)))


@pytest.mark.parametrize(("rule", "progress"), [(SGD(0.1), 1.0), (Momentum(0.1), 0.1)])
def test_without_memory_or_before_the_commit_there_are_no_earlier_coins_to_open(rule: object, progress: float) -> None:
    scene = inspected(xor(rule), progress=progress).scene(SIZE)
    assert not [hit for hit in scene.hits if hit.argument.startswith("lasting|")]


@pytest.mark.parametrize("first", ["old_savings = 0.5 * savings", "old_savings = 0.5 * friction * savings"])
def test_a_rule_whose_coins_cannot_be_followed_offers_no_click_that_would_be_refused(first: str) -> None:
    scene = inspected(xor(Rule("mine", (first, *RELATIVE), **MINE))).scene(SIZE)  # type: ignore[arg-type]
    assert not [hit for hit in scene.hits if hit.argument.startswith("lasting|")]
    known = inspected(xor(Rule("mine", Momentum(0.1).lines, **MINE))).scene(SIZE)  # type: ignore[arg-type]
    assert [hit for hit in known.hits if hit.argument.startswith("lasting|")]


def test_coins_of_numbers_that_are_none_offer_no_click_either() -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=Momentum(1e300))
    run.train(batches=8, past_trouble=True)
    scene = inspected(Lesson(None, "One", run, batches=8), 8, "x1->y").scene(SIZE)
    assert not [hit for hit in scene.hits if hit.argument.startswith("lasting|")]


def test_after_many_batches_the_coins_are_too_many_to_open_at_once() -> None:
    lesson = xor(Momentum(0.01))
    scene = inspected(lesson, MOST_EARLIER + 1).scene(SIZE)
    assert not [hit for hit in scene.hits if hit.argument.startswith("lasting|")]


# Without effect -------------------------------------------------------------------------------------------------------


def notes(lesson: Lesson, progress: float = 1.0, size: tuple[int, int] = SIZE) -> list[str]:
    return [label.text for label in labels(inspected(lesson, 1, "x1->y", progress).scene(size))]


@pytest.mark.parametrize("size", SIZES)
def test_an_adjustment_too_light_for_its_weight_is_said_calmly(size: tuple[int, int]) -> None:
    assert TOO_LIGHT in notes(one(1.0, 1.0, 0.0, 1e-20), size=size)


def test_nothing_of_it_is_said_before_the_commit_or_when_the_weight_moves() -> None:
    assert TOO_LIGHT not in notes(one(1.0, 1.0, 0.0, 1e-20), progress=0.1)
    assert TOO_LIGHT not in notes(one(1.0, 1.0, 0.0, 0.5))


def test_coins_that_the_rate_makes_0_are_said_too() -> None:
    assert LOST in notes(one(0.0, 1.0, 1e-300, 1e-100))


def test_a_coin_that_vanished_is_said() -> None:
    words = "Sample 1's coin is too small for a number: it became 0."
    assert words in notes(one(0.0, 1e-200, 1e-200, 0.5))
    assert words not in notes(one(0.0, 0.0, 1e-200, 0.5))


def test_the_tooltip_says_it_too() -> None:
    lesson = one(1.0, 1.0, 0.0, 1e-20)
    session = Session(lesson)
    session.command("commit", "1")
    hits = [hit for hit in session.scene(SIZE).hits if hit.command == "inspect" and not hit.coin]
    said = set()
    for hit in hits:
        session.command("pointer", f"{hit.box.x + 2},{hit.box.y + 2}")
        said |= {label.text for label in labels(session.scene(SIZE))}
    assert TOO_LIGHT in said


# How many were right --------------------------------------------------------------------------------------------------


def test_the_number_of_right_samples_opens_the_receipt_that_counts_them() -> None:
    session = Session(MAKERS["lesson 12"]())
    session.command("commit", "6")
    scene = session.scene((1920, 1080))
    label = next(label for label in labels(scene) if label.ref == Ref("accuracy", "", 6))
    receipt = session.lesson.run.ledger.open(label.ref)  # type: ignore[union-attr]
    assert float(label.text) == receipt.value
    hit = next(hit for hit in scene.hits if hit.argument == label.ref.code)
    session.click(scene, hit.box.cx, hit.box.cy)
    assert session.state.trail == (label.ref,)


# Where a receipt stands in the trail ----------------------------------------------------------------------------------


def test_every_receipt_that_can_be_reached_has_words_in_the_trail() -> None:
    rule = Adam(0.1, schedule=Step(2, 4), clip_norm=0.5)
    network = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=3)
    run = Run(network, "xor", rule=rule, batch_size=1, accumulate=2, fault="average-of-averages").train(epochs=2)
    momentum = Run(network, "xor", rule=Momentum(0.1), batch_size=2).train(epochs=2)
    kinds = set()
    for ledger, starts in (
        (run.ledger, [Ref("commit", "h2->y", 3)]),
        (
            momentum.ledger,
            [
                Ref("lasting", "h2->y", 3),
                Ref("lifetime", "", 0, 1),
                Ref("lifetime", "h2->y", 0, 1),
                Ref("share", "", 0, 1, 3),
            ],
        ),
    ):
        waiting, seen = list(starts), set(starts)
        while waiting and len(seen) < 400:
            ref = waiting.pop(0)
            assert crumb(ledger, ref)
            kinds.add(ref.kind)
            found = {line.opens for line in ledger.open(ref).lines if line.opens is not None} - seen
            waiting += sorted(found, key=lambda other: other.code)
            seen |= found
    assert {"schedule", "whole", "micro", "lasting", "lifetime", "share"} <= kinds
