"""Every number on screen is compared with its receipt, and every receipt leads down to data or a setting."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from looks import MAKERS, SIZES, lesson_named, look
from readable import agrees, same

from piggybank import Ledger, Lesson
from piggybank.ledger.lines import Receipt, Ref
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label, Scene

Figure = Callable[[str, object], None]
MOMENTS = 1200
LEAVES = ("data", "target", "initial", "setting", "constant")


@cache
def opened(name: str, ref: Ref) -> Receipt:
    return lesson_named(name).run.ledger.open(ref)


def views(lesson: Lesson, many: int, seed: int) -> Iterator[Scene]:
    """What is seen at random moments, half of the time with an inspector open."""
    numbers, header = random.Random(seed), lesson.run.ledger.header
    names = [*header.weights_by_name, *header.neurons]
    for _ in range(many):
        beat = numbers.randrange(lesson.timeline.length(lesson.batches))
        progress = numbers.choice((0.0, 1.0, numbers.random()))
        inspecting = numbers.choice(names) if numbers.random() < 0.5 else ""
        tab = numbers.randint(0, lesson.timeline.count(lesson.timeline.batch_of(beat)))
        open_ = {"inspecting": inspecting, "tab": tab, "exact": numbers.random() < 0.3}
        if inspecting in header.weights_by_name:
            open_["selected"] = inspecting
        yield look(lesson, beat, progress, numbers.choice(SIZES), **open_)


@pytest.mark.parametrize("name", MAKERS)
def test_every_number_on_screen_is_the_value_of_its_receipt(name: str, figure: Figure) -> None:
    lesson, kinds, wrong = lesson_named(name), Counter[str](), []
    for scene in views(lesson, MOMENTS // len(MAKERS), seed=len(name)):
        for label in scene.labels():
            if label.ref is not None:
                kinds[label.ref.kind] += 1
                if not agrees(label.text, opened(name, label.ref).value):
                    wrong.append((label.text, label.ref, opened(name, label.ref).value))
    figure(f"T33 numbers unlike their receipt, {name}", f"{len(wrong)} of {kinds.total()}")
    assert {"data", "target", "predict", "loss", "blame", "slice", "bank", "commit"} <= set(kinds)
    assert wrong == []


# Down to the data -----------------------------------------------------------------------------------------------------


def dead_ends(ledger: Ledger, first: set[Ref]) -> tuple[list[tuple[Ref, str]], int]:
    """Receipts below these references that cannot be opened or lead nowhere, and how many there are in all."""
    found, seen, waiting = [], set(first), list(first)
    while waiting:
        ref = waiting.pop()
        try:
            receipt = ledger.open(ref)
        except Exception as error:
            found.append((ref, repr(error)))
            continue
        origins = {line.origin for line in receipt.lines if line.origin is not None}
        if receipt.kind not in LEAVES and not origins:
            found.append((ref, "no line has an origin"))
        for line in receipt.lines:
            if line.origin is not None and line.value is not None and line.label[0] != "−":
                value = ledger.open(line.origin).value
                if not same(value, line.value) and not line.label.startswith("Weighted sum"):
                    found.append((ref, f"{line.label} is {line.value}, its origin {value}"))
        for origin in origins - seen:
            seen.add(origin)
            waiting.append(origin)
    return found, len(seen)


def goes_down(ledger: Ledger, refs: set[Ref]) -> bool:
    """No chain of origins returns to where it came from: then each one ends."""
    finished: set[Ref] = set()
    for start in refs:
        path: list[tuple[Ref, Iterator[Ref]]] = [(start, iter(_origins(ledger, start)))]
        on_path = {start}
        while path:
            ref, rest = path[-1]
            following = next(rest, None)
            if following is None:
                finished.add(ref)
                on_path.discard(ref)
                path.pop()
            elif following in on_path:
                return False
            elif following not in finished:
                on_path.add(following)
                path.append((following, iter(_origins(ledger, following))))
    return True


@cache
def _origins(ledger: Ledger, ref: Ref) -> tuple[Ref, ...]:
    return tuple({line.origin for line in ledger.open(ref).lines if line.origin is not None})


@pytest.mark.parametrize("name", MAKERS)
def test_every_number_leads_down_to_a_data_row_or_a_setting(name: str, figure: Figure) -> None:
    lesson = lesson_named(name)
    refs = {
        label.ref
        for scene in views(lesson, MOMENTS // len(MAKERS), seed=7)
        for label in scene.labels()
        if label.ref is not None
    }
    found, followed = dead_ends(lesson.run.ledger, refs)
    figure(f"T34 dead ends, {name}", f"{len(found)} of {followed} receipts")
    assert found == []
    assert goes_down(lesson.run.ledger, refs)


# Numbers that lead nowhere by themselves ------------------------------------------------------------------------------

WORDS = {
    "sample of the batch": r"sample \d+",
    "place in time": r"(batch|epoch) \d+ · (sample \d+ · \w+|commit)( · seal [0-9a-f]{4}(-[0-9a-f]{4}){2})?",
    "progress of the batch": r"\d+ of \d+( banked| done)?",
    "what the right ones are out of": r"of \d+ right",
    "which micro-batch": r"micro-batch \d+ of \d+",
    "end of the plot's axis": r"commit \d+",
    "speed": r"speed × [\d.]+",
    "rows of the trace": r"rows \d+ to \d+ of \d+",
    "rows left out": r"… \d+ (above|more( lines)?)",
    "inspector: samples without a tab": r"(‹ \d+(–\d+)?|\d+(–\d+)? ›)",
    "inspector: which weight": r"weight \d+ of \d+ · batch \d+",
    "inspector: which neuron": r"neuron · batch \d+ · sample \d+",
    "inspector: which slice": r"Sample \d+'s blame slice",
    "inspector: pending": r"PENDING \d+ of \d+",
    "inspector: lines behind the named results": r"all \d+ lines ›",
    "equation: of how many outputs": r"loss of all \d+ outputs",
    "epoch summary: rows so far": r"Rows, largest first, \d+ of \d+ so far",
    "inspector: when it commits": r"commits after sample \d+, the same for every sample",
}
PLAIN = re.compile(r"≈?[+−]?(\d[\d.]*(e−?\d+|e\+\d+)?|inf|nan)")


@cache
def words_of(lesson: Lesson) -> frozenset[str]:
    """What the lesson's author wrote, as against what the run filled in."""
    said = re.sub(r"\{\w+\}", " ", " ".join(cue.says for cue in lesson.cues))
    return frozenset(word.strip(".,;:()") for word in said.split())


def kind_of(label: Label, lesson: Lesson, scene: Scene, size: tuple[int, int]) -> str:
    """What a text with a digit and without a reference is; "" when it is none of the kinds that may be."""
    text, box, over = label.text, regions(size), label in scene.over
    in_header = not over and box.header.contains(label.x - 1, label.y)
    words = [word.strip(".,;:()") for word in text.split()]
    numbers = [word for word in words if PLAIN.fullmatch(word) and word not in words_of(lesson)]
    kinds = {
        "title and settings": in_header and (text == lesson.heading or lesson.subtitle.endswith(text)),
        "header counters": in_header and re.fullmatch(r"\d+( / \d+)?", text),
        "caption": not over and not numbers and label.font == "regular" and box.caption.contains(label.x, label.y),
        "data row in short": not over and (" → " in text or text in lesson.run.ledger.header.row_names),
        "inspector: word of a receipt's line": over and label.anchor == "left" and not _matches(text),
    }
    return next((kind for kind, is_it in kinds.items() if is_it), _matches(text))


def _matches(text: str) -> str:
    return next((kind for kind, pattern in WORDS.items() if re.fullmatch(pattern, text)), "")


@pytest.mark.parametrize("name", MAKERS)
def test_a_number_without_a_receipt_is_of_a_kind_that_needs_none(name: str, figure: Figure) -> None:
    lesson, kinds, left_over = lesson_named(name), Counter[str](), set()
    numbers = random.Random(3)
    for _ in range(25):
        size = numbers.choice(SIZES)
        beat = numbers.randrange(lesson.timeline.length(lesson.batches))
        inspecting = numbers.choice(["", *lesson.run.ledger.header.weights_by_name, *lesson.run.ledger.header.neurons])
        scene = look(lesson, beat, numbers.choice((0.5, 1.0)), size, inspecting=inspecting)
        for label in scene.labels():
            if label.ref is None and re.search(r"[0-9]|inf|nan\b", label.text.replace("final", "")):
                kind = kind_of(label, lesson, scene, size)
                kinds[kind] += 1
                if not kind:
                    left_over.add(label.text)
    for kind, many in kinds.items():
        figure(f"T34 texts with digits and no receipt of their own, {kind}", many)
    assert left_over == set()


@pytest.mark.parametrize("name", MAKERS)
def test_every_number_of_an_open_receipt_opens_one_of_its_own_with_the_same_bits(name: str, figure: Figure) -> None:
    lesson, checked = lesson_named(name), 0
    ledger, numbers = lesson.run.ledger, random.Random(5)
    for _ in range(60):
        beat = numbers.randrange(lesson.timeline.length(lesson.batches))
        inspecting = numbers.choice([*ledger.header.weights_by_name, *ledger.header.neurons])
        scene = look(lesson, beat, 1.0, (1920, 1080), inspecting=inspecting, exact=True)
        labels = [item for item in scene.over if isinstance(item, Label)]
        numbered = Counter((x.y, x.text) for x in labels if x.ref is not None and x.anchor == "right")
        named = Counter((x.y, x.text) for x in labels if x.ref is None and x.anchor == "left")
        for label in labels:
            if PLAIN.fullmatch(label.text):
                if label.ref is None:  # a formula's own 1 is named "1" at the left, its number is beside it
                    at = label.y, label.text
                    assert label.anchor == "left", label
                    assert named[at] <= numbered[at], label
                    continue
                value = ledger.open(label.ref).value
                assert agrees(label.text, value) or "%" in label.text, label
                checked += 1
    figure(f"T33 numbers in the inspector that are their own receipt's value, {name}", checked)
    assert checked > 300
