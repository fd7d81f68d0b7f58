"""The inspector: it says of each number whether it was rounded, and nothing in it covers anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations

import pygame
import pytest
from inspecting import SIZE, SIZES, at, labels, many, texts
from looks import as_lesson, fresh, lesson_named

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.overlays.strips import EXACT, ROUNDED, SHORTENED
from piggybank.app.screen import screen
from piggybank.ledger.lines import Line, Ref
from piggybank.stage.look import Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Scene
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]
LARGE = Look(text=1.3)


@cache
def long_words() -> Lesson:
    """Results with long names: the slope of a leaky relu."""
    network = Network(Dense(2, 2, "leaky relu"), Dense(2, 1), seed=5)
    return as_lesson(Run(network, "xor", rule=SGD(0.3), batch_size=4), 3)


# Exact or rounded -----------------------------------------------------------------------------------------------------


def badges(scene: Scene) -> list[tuple[float, str]]:
    """From the left panel down, then the right one: the word at each height."""
    return sorted((label.y, label.text) for label in labels(scene) if label.text in (EXACT, SHORTENED, ROUNDED))


def verdict(line: Line, all_digits: bool) -> str:
    """Nothing was rounded away by the calculation, nothing but digits of the display, or something."""
    value = float(line.value or 0.0)
    shown_whole = all_digits or any(float(f"{value:.{places}f}") == value for places in range(10))
    return (EXACT if shown_whole else SHORTENED) if line.exact else ROUNDED


def verdicts(lines: tuple[Line, ...], all_digits: bool = False) -> list[str]:
    return [verdict(line, all_digits) for line in lines if line.operator == "=" and line.value is not None]


@pytest.mark.parametrize("digits", [False, True])
@pytest.mark.parametrize("address", ["2.2.3.bank", "2.2.commit"])
def test_beside_every_known_result_of_a_weight_stands_whether_it_was_rounded(address: str, digits: bool) -> None:
    lesson = lesson_named("xor 2-3-1")
    scene = at(lesson, address, inspecting="h2->y", exact=digits, tab=3)
    banked = None if address.endswith("commit") else 3
    receipt = lesson.run.ledger.receipt("h2->y", batch=2, sample=3, banked=banked)
    assert [word for _, word in badges(scene)] == verdicts(receipt.lines, digits)


def test_exactness_reads_the_same_in_a_receipt_of_its_own() -> None:
    lesson = lesson_named("xor 2-3-1")
    for ref in (Ref("predict", "h2", 2, 3), Ref("blame", "h2", 2, 3), Ref("loss", "", 2, 3), Ref("commit", "h2->y", 2)):
        scene = at(lesson, "2.2.commit", inspecting="h2->y", trail=(ref,))
        found = verdicts(lesson.run.ledger.open(ref).lines)
        assert [word for _, word in badges(scene)] == found
        assert {EXACT, SHORTENED, ROUNDED} >= set(found) != set()


def test_nothing_is_said_about_rounding_before_a_result_is_known() -> None:
    scene = at(lesson_named("xor 2-3-1"), "2.2.1.bank", inspecting="h2->y", tab=4)
    assert badges(scene) == []


# Nothing covers anything ----------------------------------------------------------------------------------------------


@cache
def painter(size: tuple[int, int]) -> Painter:
    return Painter(size)


def ink(rect: pygame.Rect) -> pygame.Rect:
    """What of a line of text is drawn on: its line is higher than its letters."""
    return rect.inflate(-2, -2 * round(rect.height * 0.19))


def covered(scene: Scene, size: tuple[int, int]) -> list[tuple[str, str]]:
    brush = painter(size)
    brush.paint(scene, pygame.Surface(size))
    boxes = [(label.text, ink(brush.label_box(label))) for label in labels(scene) if label.text.strip()]
    return [(a, b) for (a, first), (b, second) in combinations(boxes, 2) if first.colliderect(second)]


def opened() -> Iterator[tuple[Lesson, str, dict[str, object]]]:
    """Inspectors, receipts and summaries of small, usual and large batches."""
    for name, weight, neuron in (("xor 2-3-1", "h2->y", "h2"), ("lesson 12", "x2->y", "y"), ("4-8-3", "h2->y1", "h2")):
        lesson = lesson_named(name)
        for address in ("1.2.2.bank", "1.2.commit") if name != "xor 2-3-1" else ("3.3.3.bank", "3.3.commit"):
            batch = lesson.timeline.moment(lesson.timeline.find(address)).batch
            for inspecting in (weight, neuron):
                yield lesson, address, {"inspecting": inspecting}
            for ref in (Ref("loss", "", batch, 1), Ref("blame", neuron, batch, 1), Ref("commit", weight, batch)):
                yield lesson, address, {"inspecting": weight, "trail": (ref,)}
            yield lesson, address, {"summary": True, "selected": weight}
            yield lesson, address, {"summary": True, "selected": weight, "summary_all": True}
        yield lesson, address, {"summary": True, "selected": weight, "summary_run": True, "summary_moved": True}
    for neuron in ("h1", "h2"):
        yield long_words(), "2.2.commit", {"inspecting": neuron}
    for address in ("1.1.5.bank", "2.4.commit"):
        for tab in (0, 1, 12, 24):
            yield many(), address, {"inspecting": "h2->y", "tab": tab}
        yield many(), address, {"inspecting": "h2", "trail": (Ref("bank", "h2->y", 1, 24),)}
        yield many(), address, {"summary": True, "selected": "h2->y"}


@pytest.mark.parametrize("text", [1.0, 1.3])
@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_what_is_open_covers_another(size: tuple[int, int], text: float, figure: Figure) -> None:
    wrong, seen = [], 0
    for lesson, address, open_ in opened():
        for digits in (False, True):
            scene = at(lesson, address, size, exact=digits, look=Look(text=text), **open_)
            seen += len(labels(scene))
            wrong += [(address, open_, pair) for pair in covered(scene, size)]
    figure(f"overlays at {size[0]}x{size[1]}, text {text}: texts covered", f"{len(wrong)} of {seen}")
    assert wrong == []


# Epoch summary --------------------------------------------------------------------------------------------------------


def test_a_large_text_keeps_the_lines_of_the_final_adjustment() -> None:
    lesson = lesson_named("xor 2-3-1")
    beat = lesson.timeline.find("2.2.commit")
    scene = screen(lesson, fresh(lesson, cursor=Cursor(beat, 1.0), inspecting="h2->y", look=LARGE), SIZE)
    assert {"Average coin", "Final adjustment", "Before", "After", "Growing total", "Who put in how much"} <= set(
        texts(scene)
    )
    everywhere = Box(0, 0, regions(SIZE, 1.3).width, regions(SIZE, 1.3).height)
    assert all(everywhere.contains(label.x, label.y) for label in labels(scene))


@pytest.mark.parametrize(("name", "address"), [("few", "1.1.3.bank"), ("many", "1.1.24.bank")])
def test_large_text_keeps_who_put_in_how_much_beside_the_growing_total(name: str, address: str) -> None:
    lesson = many() if name == "many" else lesson_named("xor 2-3-1")
    scene = at(lesson, address, (1280, 720), inspecting="h2->y", look=LARGE)
    coins = {label.ref for label in labels(scene) if label.x < 900 and label.ref and label.ref.kind == "slice"}
    assert len(coins) >= 2
    assert covered(scene, (1280, 720)) == []
