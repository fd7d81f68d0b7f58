"""What stands close together: numbers at pigs in narrow windows, grounds as wide as their words, labels on connections,
the last line of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from looks import lesson_named, look
from readable import painter_of, pixels, within

from piggybank.app.course import load_lesson
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.connections import curve
from piggybank.stage.layout import plan_network
from piggybank.stage.look import Look
from piggybank.stage.places import Bank
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Label, Line, Panel
from piggybank.stage.spans import LEAST_LAST, Span, flow

NARROW = [("xor 2-3-1", (1280, 720), 1.3), ("xor 2-3-1", (1024, 768), 1.3)]
NARROW += [(net, (1024, 768), text) for net in ("2-3-1", "3-3-2", "4-3-1") for text in (1.0, 1.3)]


@pytest.mark.parametrize(("net", "size", "text"), NARROW, ids=str)
def test_in_narrow_windows_every_pig_has_its_number_whole(net: str, size: tuple[int, int], text: float) -> None:
    lesson = lesson_named(net)
    scene = look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size, look=Look(text=text))
    network, names = regions(size, text).network, lesson.run.ledger.header.weights_by_name
    found = {
        label.ref.name: label
        for label in scene.labels()
        if label.ref and label.ref.kind == "bank" and network.contains(label.x, label.y)
    }
    assert set(found) == set(names)
    grounds = [item.box for item in scene if isinstance(item, Panel) and item.fill == p.YELLOW]
    for label in found.values():
        ground = next(box for box in grounds if box.contains(label.x, label.y))
        assert painter_of(size).label_box(label).w <= pixels(ground, size).w
        assert label.text.count(".") == 0 or len(label.text.partition(".")[2]) >= 2


@pytest.mark.parametrize("net", ["lesson 1", "xor 2-3-1", "3-3-2"])
def test_the_ground_of_a_blame_is_no_wider_than_its_words_need(net: str) -> None:
    lesson, size = lesson_named(net), (1920, 1080)
    scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size)
    grounds = [item.box for item in scene if isinstance(item, Panel) and item.fill == p.BLAME]
    assert grounds
    for ground in grounds:
        words = [label for label in scene.labels() if ground.contains(label.x, label.y)]
        boxes = [painter_of(size).label_box(label) for label in words]
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        assert ground.x <= left
        assert right <= ground.right
        assert ground.w - (right - left) <= 34


def along(bank: Bank) -> Iterator[tuple[float, float]]:
    """Points close to one another on a weight's connection."""
    for run in curve(bank):
        for (x, y), (onward, below) in pairwise(run):
            yield from ((x + (onward - x) * part / 8, y + (below - y) * part / 8) for part in range(8))


def test_a_weight_s_label_stands_below_its_pig_and_no_connection_runs_through_it() -> None:
    lesson, size = load_lesson(9), (1280, 720)
    lesson.ensure(0)
    header = lesson.run.ledger.header
    plan = plan_network(header.neuron_layers, tuple(header.weights_by_name), regions(size).network)
    assert plan is not None
    items = list(look(lesson, lesson.timeline.commit_beat(1), 1.0, size))
    last_line = max(place for place, item in enumerate(items) if isinstance(item, Line) and len(item.points) > 2)
    said = [place for place, item in enumerate(items) if isinstance(item, Label) and item.text == "weight"]
    said, crossed = said[-len(plan.banks) :], 0  # the first is the table's head
    for bank, place in zip(plan.banks.values(), said, strict=True):
        ground, *labels = items[place - 1 : place + 2]
        assert place > last_line
        assert isinstance(ground, Panel)
        for label in labels:
            assert isinstance(label, Label)
            box = painter_of(size).label_box(label)
            assert within(Box(box.x, box.centery, box.w, 1), pixels(ground.box, size), slack=1)
        assert ground.box.x < bank.pig.cx < ground.box.right
        crossed += any(ground.box.contains(*point) for other in plan.banks.values() for point in along(other))
    assert crossed  # otherwise there is nothing to see here


def test_no_connection_runs_over_the_1_that_a_bias_starts_from() -> None:
    lesson = lesson_named("3-3-2")
    items = list(look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, (1024, 768)))
    last_line = max(place for place, item in enumerate(items) if isinstance(item, Line) and len(item.points) > 2)
    ones = [place for place, item in enumerate(items) if isinstance(item, Label) and item.ref == Ref("setting", "one")]
    assert len(ones) == 5
    assert all(place > last_line and isinstance(items[place - 1], Disc) for place in ones)


def test_alone_on_the_stage_a_pig_is_so_large_that_every_coin_of_the_largest_size_has_its_number() -> None:
    lesson = lesson_named("lesson 2")
    scene = look(lesson, lesson.timeline.find("1.1.4.bank"), 1.0, (1920, 1080))
    box = regions((1920, 1080)).network
    coins = [item for item in scene if isinstance(item, Coin) and box.contains(item.x, item.y)]
    assert len(coins) == 4
    largest = max(coin.radius for coin in coins)
    assert all(coin.numbered for coin in coins if coin.radius > 0.9 * largest)


def test_the_last_line_of_a_sentence_is_no_word_alone_and_names_are_as_in_the_network() -> None:
    words = "The loss settles at 2.5, not at 0: no single price pleases four shoppers and h2 sleeps"
    lengths = range(30, len(words))
    for length in lengths:
        said, box = words[:length].rsplit(" ", 1)[0], Box(0, 0, 420, 128)
        lines: dict[float, list[Label]] = {}
        for label in flow([Span(said)], box, p.INK):
            lines.setdefault(label.y, []).append(label)
        last = lines[max(lines)]
        if len(lines) > 1:
            wide = sum(painter_of((1920, 1080)).label_box(label).w for label in last)
            assert wide >= 0.9 * LEAST_LAST * box.w, said
    assert "h₂ sleeps" in " ".join(label.text for label in flow([Span(words)], Box(0, 0, 900, 128), p.INK))
