"""All coins behind an adjustment, coins without effect, and how many samples were right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from looks import MAKERS, SIZES
from whole_runs import MINE, RELATIVE, SIZE, labels, xor

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Network, Rule, Run, Step
from piggybank.app.effects import LOST, MOST_EARLIER, TOO_LIGHT
from piggybank.app.overlays.receipt_view import crumb
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Cursor


def one(weight: float, value: float, target: float, rate: float) -> Lesson:
    """One weight, one row."""
    network = Network(Dense(1, 1, weights=weight, bias=False))
    return Lesson(None, "One", Run(network, ([[value]], [[target]]), rule=SGD(rate), batch_size=1), batches=1)


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
