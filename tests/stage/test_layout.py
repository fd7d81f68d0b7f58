"""No pig, pill, dial, neuron or coin covers another or a number."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import pytest
from looks import SHAPES, lesson_named, look
from readable import (
    each_shape,
    each_size,
    ink,
    overlap,
    texts,
    within,
)

from piggybank import Lesson
from piggybank.ledger.lines import Ref
from piggybank.stage.layout import plan_network
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Picture

Figure = Callable[[str, object], None]
each_with_pigs = pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "4-8-3"])


def plan(lesson: Lesson, size: tuple[int, int]) -> NetworkPlan | None:
    header = lesson.run.ledger.header
    return plan_network(header.neuron_layers, tuple(header.weights_by_name), regions(size).network)


def drawn(pig: Box) -> Box:
    """The part of a pig's square that its drawing fills."""
    return Box(pig.x + 0.02 * pig.w, pig.y + 0.13 * pig.h, 0.94 * pig.w, 0.79 * pig.h)


@each_size
@each_with_pigs
def test_no_pig_pill_dial_or_neuron_covers_another(shape: str, size: tuple[int, int], figure: Figure) -> None:
    lesson = lesson_named(shape)
    found = plan(lesson, size)
    assert found is not None
    things: list[tuple[str, str, Box]] = []
    for name, bank in found.banks.items():
        things.append(("pig", name, drawn(bank.pig)))
        things += [("pill", name, bank.pill)] if bank.pill else []
        things += [("dial", name, bank.dial)] if bank.dial else []
    computed = lesson.run.ledger.header.neurons
    for name, node in found.nodes.items():
        things.append(("neuron", name, node.box))
        things += [("blame", name, node.blame)] if name in computed and node.round else []
    covered = [
        (first[:2], second[:2])
        for first, second in combinations(things, 2)
        if overlap(first[2], second[2]) and not ({first[0], second[0]} == {"pig", "pill"} and first[1] == second[1])
    ]
    outside = [thing[:2] for thing in things if not within(thing[2], regions(size).stage)]
    figure(f"T22 covered or outside, {shape} at {size[0]}x{size[1]}", f"{len(covered) + len(outside)} of {len(things)}")
    assert covered == []
    assert outside == []


@each_size
@each_shape
def test_up_to_24_weights_each_have_a_pig_of_their_own(shape: str, size: tuple[int, int]) -> None:
    lesson = lesson_named(shape)
    found, weights = plan(lesson, size), lesson.run.ledger.header.weights
    assert (found is not None) == (len(weights) <= 24)
    assert found is None or set(found.banks) == {weight.name for weight in weights}


@each_size
@each_with_pigs
def test_the_number_below_a_pig_covers_no_more_of_it_than_its_feet(shape: str, size: tuple[int, int]) -> None:
    found = plan(lesson_named(shape), size)
    assert found is not None
    for bank in found.banks.values():
        below = bank.pill is not None and bank.pill.x < bank.pig.cx
        assert not below or bank.pill.y >= bank.pig.y + 0.78 * bank.pig.h


def under_coins(lesson: Lesson, size: tuple[int, int]) -> tuple[set[tuple[str, Ref | None, int]], int]:
    """Numbers that a flying coin covers, and how many coins flew."""
    covered, coins, scale = set(), 0, regions(size).scale
    for sample in (1, 3):
        beat = lesson.timeline.beat(1, sample, "bank")
        for step in range(1, 10):
            scene = look(lesson, beat, step / 10, size)
            numbers = [(label, ink(rect)) for label, rect in texts(scene, size) if label.ref is not None]
            for coin in scene.moving:
                if isinstance(coin, Coin) and coin.numbered:
                    coins += 1
                    half = coin.radius * scale * 0.9  # the corners of its square stay empty
                    area = Box(coin.x * scale - half, coin.y * scale - half, 2 * half, 2 * half)
                    covered |= {(label.text, label.ref, step) for label, rect in numbers if overlap(area, rect, 1)}
    return covered, coins


@each_size
@each_shape
def test_no_flying_coin_covers_a_number(shape: str, size: tuple[int, int], figure: Figure) -> None:
    covered, coins = under_coins(lesson_named(shape), size)
    figure(f"T22 numbers under flying coins, {shape} at {size[0]}x{size[1]}", f"{len(covered)} of {coins} coins")
    assert covered == set()


@each_size
@each_with_pigs
def test_no_dot_on_a_connection_covers_a_pig_or_a_number_whosever_it_is(
    shape: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson = lesson_named(shape)
    found, dots, covering = plan(lesson, size), 0, []
    assert found is not None
    numbers = [bank.pill for bank in found.banks.values() if bank.pill] + [node.blame for node in found.nodes.values()]
    phases = [
        lesson.timeline.beat(1, 2, "predict"),
        lesson.timeline.beat(1, 2, "blame"),
        lesson.timeline.commit_beat(1),
    ]
    for beat, step in product([*phases, phases[0] + 1, phases[1] + 1], range(1, 40)):
        for dot in look(lesson, beat, step / 40, size).moving:
            if isinstance(dot, Disc) and dot.fill:
                dots += 1
                inside = any(bank.pig.contains(dot.x, dot.y) for bank in found.banks.values())
                covering += [dot] if inside or any(number.contains(dot.x, dot.y) for number in numbers) else []
    figure(f"T22 dots over a pig or a number, {shape} at {size[0]}x{size[1]}", f"{len(covering)} of {dots}")
    assert dots
    assert covering == []


@each_size
@each_with_pigs
def test_a_pig_that_a_coin_lands_in_stays_behind_every_number(shape: str, size: tuple[int, int]) -> None:
    lesson = lesson_named(shape)
    found = plan(lesson, size)
    assert found is not None
    scene = look(lesson, lesson.timeline.beat(1, 3, "bank"), 0.8, size)
    pigs = [place for place, item in enumerate(scene.moving) if isinstance(item, Picture) and item.name == "piggy"]
    pills = {
        label.ref.name: place for place, label in enumerate(scene.moving) if isinstance(label, Label) and label.ref
    }
    assert len(pigs) == len(found.banks)
    for name, bank in found.banks.items():
        for place in pigs if bank.pill else []:
            pig = scene.moving[place]
            assert isinstance(pig, Picture)
            box = drawn(Box(pig.x - pig.size / 2, pig.y - pig.size / 2, pig.size, pig.size))
            assert not (bank.pill and overlap(box, bank.pill)) or pills[name] > place


@pytest.mark.parametrize("text", [1.0, 1.15])
@each_size
@pytest.mark.parametrize("name", ["lesson 2", "lesson 12", "1-1", "2-1"])
def test_where_pigs_are_large_every_weight_says_its_number(name: str, size: tuple[int, int], text: float) -> None:
    lesson = lesson_named(name)
    header = lesson.run.ledger.header
    placed = plan_network(header.neuron_layers, tuple(header.weights_by_name), regions(size, text).network)
    assert placed is not None
    assert all(bank.dial for bank in placed.banks.values() if bank.pig.w >= 160)
    for bank in placed.banks.values():
        assert bank.dial is None or within(bank.dial, bank.cell)
