"""The inspector, receipts and the epoch summary: what they say of each number, and that all of it can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import pygame
import pytest
from looks import as_lesson, fresh, lesson_named, look, run_of

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.overlays.shares import page_of, until
from piggybank.app.overlays.strips import EXACT, ROUNDED, SHORTENED
from piggybank.app.screen import screen
from piggybank.app.session import Session
from piggybank.ledger.lines import CANCELLED, IN, OUT, Line, Ref
from piggybank.stage import palette as p
from piggybank.stage.digits import reads_as
from piggybank.stage.look import Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Disc, Hit, Label, Scene
from piggybank.stage.scene import Line as Stroke
from piggybank.stage.timeline import Cursor

Figure = Callable[[str, object], None]
SIZE = (1920, 1080)
SIZES = ((1024, 768), (1280, 720), SIZE)
LARGE = Look(text=1.3)


@cache
def many() -> Lesson:
    """Batches of 24 samples."""
    return as_lesson(run_of(2, 3, 1, rows=48, batch_size=24), 5)


@cache
def long_words() -> Lesson:
    """Results with long names: the slope of a leaky relu."""
    network = Network(Dense(2, 2, "leaky relu"), Dense(2, 1), seed=5)
    return as_lesson(Run(network, "xor", rule=SGD(0.3), batch_size=4), 3)


def at(lesson: Lesson, address: str, size: tuple[int, int] = SIZE, **open_: object) -> Scene:
    return look(lesson, lesson.timeline.find(address), 1.0, size, **open_)


def labels(scene: Scene) -> list[Label]:
    return [item for item in scene.over if isinstance(item, Label)]


def texts(scene: Scene) -> list[str]:
    return [label.text for label in labels(scene)]


def hits(scene: Scene, command: str) -> list[Hit]:
    return [hit for hit in scene.hits if hit.command == command]


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


# More samples than fit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "count", "size", "expected"),
    [(1, 24, 8, (1, 8)), (8, 24, 8, (1, 8)), (9, 24, 8, (9, 16)), (24, 24, 8, (17, 24)), (19, 20, 8, (13, 20)),
     (2, 4, 8, (1, 4)), (5, 5, 1, (5, 5))],
)  # fmt: skip
def test_a_page_of_samples_holds_the_one_looked_at_and_is_full(
    sample: int, count: int, size: int, expected: tuple[int, int]
) -> None:
    page = page_of(sample, count, size)
    assert (page[0], page[-1]) == expected
    assert sample in page


def test_bars_and_tabs_say_which_samples_they_leave_out() -> None:
    words = texts(at(many(), "1.1.12.bank", inspecting="h2->y"))
    assert {"samples 9–16 of 24", "↑ 1–8", "↓ 17–24", "‹ 1–10", "16–24 ›"} <= set(words)
    few = texts(at(lesson_named("xor 2-3-1"), "2.2.3.bank", inspecting="h2->y"))
    assert not any(word.startswith(("samples", "↑", "↓", "‹")) for word in few)


def test_every_sample_of_a_large_batch_can_be_reached_by_clicking() -> None:
    session = Session(many())
    session.state = replace(session.state, cursor=Cursor(many().timeline.find("1.1.24.bank"), 1.0))
    session.command("inspect", "h2->y")
    reached, waiting = set(), {1}
    while waiting:
        sample = waiting.pop()
        reached.add(sample)
        session.command("tab", str(sample))
        assert session.state.tab == sample
        scene = session.scene(SIZE)
        assert f"Sample {sample}'s blame slice" in texts(scene)
        waiting |= {int(hit.argument) for hit in hits(scene, "tab")} - reached
    assert reached == set(range(1, 25))


# Long receipts --------------------------------------------------------------------------------------------------------


def test_every_line_of_a_long_receipt_can_be_seen_by_turning_its_pages() -> None:
    session, ref = Session(many()), Ref("loss", "", -2, 0)
    session.state = replace(session.state, cursor=Cursor(many().timeline.find("1.1.commit"), 1.0))
    session.command("open", ref.code)
    seen: set[Ref | None] = set()
    first = 0
    while True:
        scene = session.scene((1280, 720))
        seen |= {label.ref for label in labels(scene)}
        further = [int(hit.argument) for hit in hits(scene, "lines") if int(hit.argument) > first]
        if not further:
            break
        first = max(further)
        session.command("lines", str(first))
    lines = many().run.ledger.open(ref).lines
    assert len(lines) == 51
    assert {line.opens for line in lines} <= seen


def test_another_receipt_begins_at_its_own_first_line() -> None:
    session = Session(many())
    session.command("lines", "40")
    assert session.state.first_line == 1
    session.command("open", Ref("loss", "", -1, 0).code)
    session.command("lines", "40")
    assert session.state.first_line == 40
    session.command("open", Ref("bank", "h2->y", 1, 24).code)
    assert session.state.first_line == 1
    session.command("return", "")
    assert session.state.first_line == 40


def test_lines_that_the_inspector_leaves_out_open_the_whole_receipt() -> None:
    lesson = lesson_named("4-8-3")
    beat = lesson.timeline.find("1.2.commit")
    scene = look(lesson, beat, 1.0, (1280, 720), inspecting="y1")
    place = next(label for label in labels(scene) if label.text.startswith("…"))
    hit = [hit for hit in scene.hits if hit.box.contains(place.x + 5, place.y)][-1]
    assert (hit.command, hit.argument) == ("open", Ref("predict", "y1", 2, 4).code)


# Cancelling -----------------------------------------------------------------------------------------------------------


def parts(scene: Scene) -> dict[str, Label]:
    return {label.ref.part: label for label in labels(scene) if label.ref and label.ref.part in (IN, OUT, CANCELLED)}


def test_the_inspector_says_how_much_cancelled_once_coins_of_both_signs_are_in_the_bank(figure: Figure) -> None:
    ledger, told = many().run.ledger, 0
    for sample in range(1, 25):
        scene = at(many(), f"1.1.{sample}.bank", inspecting="h2->y", tab=sample)
        coins = [ledger.open(Ref("slice", "h2->y", 1, number)).value for number in range(1, sample + 1)]
        both = min(coins) < 0 < max(coins)
        found = parts(scene)
        assert set(found) == ({IN, OUT, CANCELLED} if both else set())
        told += both
        for label in found.values():
            assert label.ref is not None
            value = ledger.open(label.ref).value
            assert label.ref.sample == sample
            assert math.isclose(reads_as(label.text), value, abs_tol=0.06)
    figure("inspector: moments at which coins of both signs are in the bank", told)
    assert 0 < told < 24


@pytest.mark.parametrize(
    ("before", "now", "turn"),
    [(2.0, 3.0, 2.0), (2.0, 1.0, 1.0), (2.0, -1.0, 0.0), (-2.0, -3.0, -2.0), (-2.0, -0.5, -0.5), (-2.0, 4.0, 0.0),
     (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (1.0, math.inf, 1.0), (math.nan, 1.0, math.nan)],
)  # fmt: skip
def test_a_step_goes_back_as_far_as_it_comes_nearer_to_zero(before: float, now: float, turn: float) -> None:
    assert until(before, now) == turn or (math.isnan(turn) and math.isnan(until(before, now)))


def backs(scene: Scene) -> list[Stroke]:
    upright = (item for item in scene.over if isinstance(item, Stroke) and item.points[0][0] == item.points[-1][0])
    return [item for item in upright if item.colour == p.BLAME_INK]


def test_the_number_of_a_coin_that_is_0_stands_before_no_line_of_the_growing_total() -> None:
    lesson = load_lesson(4)
    over = at(lesson, "1.1.commit", inspecting="x1->y").over
    coin = [item for item in over if isinstance(item, Coin) and item.sign == 0][-1]
    inside = [item for item in over[: over.index(coin)] if isinstance(item, (Stroke, Disc))]
    lines = [place for place, item in enumerate(inside) if isinstance(item, Stroke) and _touches(item, coin)]
    discs = [
        place
        for place, item in enumerate(inside)
        if isinstance(item, Disc) and (item.x, item.y, item.fill) == (coin.x, coin.y, p.PANEL)
    ]
    assert lines
    assert discs
    assert discs[0] > lines[-1]


def _touches(line: Stroke, coin: Coin) -> bool:
    (left, right), (top, bottom) = (sorted(point[axis] for point in line.points) for axis in (0, 1))
    return left <= coin.x <= right and top <= coin.y <= bottom


def test_the_growing_total_marks_each_step_that_takes_something_back() -> None:
    ledger = many().run.ledger
    totals = [0.0, *(ledger.open(Ref("bank", "h2->y", 1, number)).value for number in range(1, 25))]
    expected = sum(until(a, b) != a for a, b in pairwise(totals))
    scene = at(many(), "1.1.24.bank", inspecting="h2->y")
    assert len(backs(scene)) == expected > 0
    assert "steps back cancel" in texts(scene)
    first = at(many(), "1.1.1.bank", inspecting="h2->y")
    assert backs(first) == []
    assert "steps back cancel" not in texts(first)


# Epoch summary --------------------------------------------------------------------------------------------------------


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


def test_a_large_text_keeps_the_lines_of_the_final_adjustment() -> None:
    lesson = lesson_named("xor 2-3-1")
    beat = lesson.timeline.find("2.2.commit")
    scene = screen(lesson, fresh(lesson, cursor=Cursor(beat, 1.0), inspecting="h2->y", look=LARGE), SIZE)
    assert {"Average coin", "Final adjustment", "Before", "After", "Growing total"} <= set(texts(scene))
    everywhere = Box(0, 0, regions(SIZE, 1.3).width, regions(SIZE, 1.3).height)
    assert all(everywhere.contains(label.x, label.y) for label in labels(scene))
