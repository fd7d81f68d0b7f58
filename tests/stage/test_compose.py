"""A picture shows nothing before it is known, and never moves its places."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from looks import cursors, lesson_named, look

from piggybank import Lesson
from piggybank.ledger.lines import Ref
from piggybank.stage import palette as p
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Label, Panel, Scene

Figure = Callable[[str, object], None]
SIZE = (1280, 720)
BATCHES = 2


# Unfilled is blank ----------------------------------------------------------------------------------------------------

REVEAL, LANDED = 0.6, 0.7
IN_COMMIT = {"average": 0.62, "": 0.8, "adjustment": 0.8}


def known_from(lesson: Lesson, ref: Ref, flying: bool = False) -> tuple[int, float]:
    """The first moment at which a number may be seen: the beat that makes it, and how far that must have played.

    flying: in the words above the network and beside the coin its number stands while it flies; everywhere else once
    it has landed.
    """
    timeline, header = lesson.timeline, lesson.run.ledger.header
    if ref.kind in ("data", "target", "initial", "setting", "constant") or (ref.kind == "bank" and ref.sample == 0):
        return 0, 0.0
    if ref.kind in ("predict", "blame"):
        return timeline.beat(ref.batch, ref.sample, ref.kind, header.neurons[ref.name][0]), REVEAL
    if ref.kind == "loss" and ref.sample:
        return timeline.beat(ref.batch, ref.sample, "loss"), REVEAL
    if ref.kind in ("slice", "bank"):
        return timeline.beat(ref.batch, ref.sample, "bank"), 0.0 if flying and ref.kind == "slice" else LANDED
    assert ref.kind in ("commit", "loss", "accuracy"), ref
    return timeline.commit_beat(ref.batch), IN_COMMIT[ref.part]


def numbers_of(scene: Scene) -> Iterator[Label]:
    return (label for label in scene.labels() if label.ref is not None)


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1", "4-8-3", "lesson 1", "lesson 12"])
def test_no_number_is_shown_before_it_is_known(name: str, figure: Figure) -> None:
    lesson, early, shown = lesson_named(name), [], 0
    weight, neuron = lesson.run.ledger.header.weights[-1].name, lesson.run.ledger.header.layers[0].neurons[0]
    for cursor in cursors(lesson, BATCHES):
        count = lesson.timeline.moment(cursor.beat).sample
        size = lesson.timeline.count(lesson.timeline.moment(cursor.beat).batch)
        later = min(1 + count % 4, size)
        for inspecting, tab in (("", 0), (weight, 0), (weight, later), (neuron, later)):
            scene = look(lesson, cursor.beat, cursor.progress, inspecting=inspecting, tab=tab)
            for label in numbers_of(scene):
                assert label.ref is not None
                shown += 1
                above = inside(_view(lesson).caption, label) and label not in scene.over
                flying = above or label in scene.moving
                if (cursor.beat, cursor.progress) < known_from(lesson, label.ref, flying):
                    early.append((lesson.timeline.address(cursor.beat), cursor.progress, inspecting, tab, label.ref))
    figure(f"T33 numbers shown before they are known, {name}", f"{len(early)} of {shown}")
    assert early[:5] == []


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1"])
def test_the_stage_shows_a_number_as_soon_as_it_is_known(name: str) -> None:
    lesson = lesson_named(name)
    header, timeline = lesson.run.ledger.header, lesson.timeline
    for cursor in cursors(lesson, 1):
        scene = look(lesson, cursor.beat, cursor.progress)
        settled = [label for label in numbers_of(scene) if label not in scene.moving]
        refs = {label.ref for label in settled if not inside(_view(lesson).caption, label)}
        moment = timeline.moment(cursor.beat)
        wanted = [Ref(kind, n, 1, moment.sample) for n in header.neurons for kind in ("predict", "blame")]
        wanted += [Ref("loss", "", 1, moment.sample)]
        wanted += [Ref("commit", weight.name, 1, part="adjustment") for weight in header.weights]
        due = {ref for ref in wanted if known_from(lesson, ref) <= (cursor.beat, cursor.progress)}
        assert due <= refs, timeline.address(cursor.beat)
        banked = {(r.name, r.sample) for r in refs if r and r.kind == "slice"}
        landed = known_from(lesson, Ref("bank", "", 1, moment.sample)) <= (cursor.beat, cursor.progress)
        assert banked == ({(weight.name, moment.sample) for weight in header.weights} if landed else set())


def inside(box: Box, label: Label) -> bool:
    return box.x <= label.x <= box.right and box.y <= label.y <= box.bottom


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1", "4-8-3"])
def test_the_final_column_says_pending_until_the_weights_have_moved(name: str) -> None:
    lesson = lesson_named(name)
    header, trace = lesson.run.ledger.header, _view(lesson).trace
    rows = min(20, len(header.weights))
    for cursor in cursors(lesson, BATCHES):
        labels = [label for label in look(lesson, cursor.beat, cursor.progress).labels() if inside(trace, label)]
        waiting = [label for label in labels if label.text == "pending" and label.colour == p.FAINT]
        final = [label for label in labels if label.ref and label.ref.part == "adjustment"]
        moved = lesson.timeline.moment(cursor.beat).phase == "commit" and cursor.progress >= IN_COMMIT[""]
        assert (len(waiting), len(final)) == ((0, rows) if moved else (rows, 0)), cursor


def test_the_selected_row_is_yellow_until_the_weights_have_moved_and_green_then() -> None:
    lesson = lesson_named("xor 2-3-1")
    commit = lesson.timeline.commit_beat(1)
    for progress, edge in ((0.5, p.YELLOW_EDGE), (0.9, p.GREEN_EDGE)):
        panels = [x for x in look(lesson, commit, progress).step if isinstance(x, Panel) and inside_box(lesson, x.box)]
        assert {panel.edge for panel in panels if panel.edge} == {edge}


def inside_box(lesson: Lesson, box: Box) -> bool:
    trace = _view(lesson).trace
    return trace.contains(box.x, box.y) and trace.contains(box.right, box.bottom)


def test_the_loss_of_several_outputs_is_not_said_to_follow_from_the_error_of_one() -> None:
    for name, words in (("4-8-3", "loss of all 3 outputs"), ("xor 2-3-1", "loss")):
        lesson = lesson_named(name)
        beat = lesson.timeline.beat(1, 1, "loss")
        assert words in [label.text for label in look(lesson, beat).labels() if inside_caption(lesson, label)]


def test_a_blame_that_is_a_whole_number_stands_beside_its_word() -> None:
    lesson = lesson_named("lesson 1")
    for beat in range(lesson.timeline.length(1)):
        scene = look(lesson, beat)
        pills = [label for label in scene.labels() if label.text == "blame" and label.font == p.REGULAR]
        numbers = [label for label in scene.step if isinstance(label, Label) and label.ref and label.ref.kind == "blame"
                   and _view(lesson).network.contains(label.x, label.y)]  # fmt: skip
        assert len([label for label in pills if _view(lesson).network.contains(label.x, label.y)]) == len(numbers)


def inside_caption(lesson: Lesson, label: Label) -> bool:
    return bool(_view(lesson).caption.contains(label.x, label.y))


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_a_card_that_is_short_of_room_tells_one_output_s_story_to_its_end(size: tuple[int, int]) -> None:
    lesson = lesson_named("4-8-3")
    card = regions(size).sample
    words = [label.text for label in look(lesson, lesson.timeline.beat(1, 1, "bank"), size=size).labels()
             if card.contains(label.x, label.y) and label.ref is None]  # fmt: skip
    assert [word for word in words if word.endswith("y₁")] == ["target y₁", "prediction y₁", "blame of y₁"]
    assert "loss" in words
    hidden = sum(int(word.split()[1]) for word in words if word.startswith("…"))
    assert hidden + sum(word[0] in "xtpb" for word in words) == 4 + 3 * 3


def _view(lesson: Lesson):  # a Regions
    from piggybank.stage.regions import regions

    return regions(SIZE)


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1"])
def test_an_empty_bank_has_no_pill(name: str) -> None:
    lesson = lesson_named(name)
    stage = _view(lesson).stage
    for cursor in cursors(lesson, BATCHES):
        moment = lesson.timeline.moment(cursor.beat)
        empty = moment.sample == 1 and (moment.phase != "bank" or cursor.progress < LANDED) and moment.phase != "commit"
        scene = look(lesson, cursor.beat, cursor.progress)
        pills = [x for x in scene if isinstance(x, Panel) and x.edge == p.YELLOW_EDGE and x.box.h == 32]
        totals = [
            label for label in numbers_of(scene) if inside(stage, label) and label.ref and label.ref.kind == "bank"
        ]
        if empty:
            assert pills == []
            assert totals == []
        elif moment.phase != "commit":
            assert len({pill.box for pill in pills}) == len(lesson.run.ledger.header.weights)


def test_a_flying_coin_has_a_trail_unless_it_is_hollow_or_has_its_value_there() -> None:
    lesson, seen = lesson_named("xor 2-3-1"), set()
    for cursor in cursors(lesson, BATCHES):
        scene = look(lesson, cursor.beat, cursor.progress)
        flying = [item for item in scene.moving if isinstance(item, Coin) and item.numbered]
        dots = [item for item in scene.moving if isinstance(item, Coin) and not item.numbered and item.alpha < 0.5]
        whole = [coin for coin in flying if coin.sign != 0]
        values = [
            label for label in numbers_of(scene) if label in scene.moving and label.ref and label.ref.kind == "slice"
        ]
        behind = [label for label in values if any(_is_left_of(label, coin) for coin in whole)]
        if dots:
            without = len(whole) - len(dots) / 2
            assert without == len(behind) or (without == 1 and not values)
            seen.add((len(whole) < len(flying), bool(behind)))
    assert {hollow for hollow, _ in seen} == {behind for _, behind in seen} == {True, False}


def _is_left_of(label: Label, coin: Coin) -> bool:
    """Whether a value stands where the coin's trail would be."""
    return label.x < coin.x - coin.radius and coin.y - coin.radius <= label.y <= coin.y and coin.x - label.x < 110


# Places never move ----------------------------------------------------------------------------------------------------

PLACED = ("header", "sample", "batch", "trace", "strip")
LIT = (p.YELLOW, p.GREEN)


def places(lesson: Lesson, beat: int, progress: float) -> dict[str, tuple[set[object], set[object]]]:
    """Per region where its labels stand, and where its panels stand but for highlights behind a row."""
    scene, regions = look(lesson, beat, progress), _view(lesson)
    found: dict[str, tuple[set[object], set[object]]] = {}
    for region in PLACED:
        box = getattr(regions, region)
        labels = {(x.x, x.y, x.anchor) for x in (*scene.still, *scene.step) if isinstance(x, Label) and inside(box, x)}
        panels = {
            x.box
            for x in scene
            if isinstance(x, Panel)
            and box.contains(x.box.cx, box.y + 1)
            and box.contains(box.x + 1, x.box.cy)
            and not (region == "batch" and x.fill in LIT)
        }
        found[region] = labels, panels
    return found


@pytest.mark.parametrize("name", ["lesson 2", "lesson 12", "xor 2-3-1", "4-3-1", "4-8-3"])
def test_nothing_moves_between_pending_and_final(name: str, figure: Figure) -> None:
    lesson, compared = lesson_named(name), 0
    for batch in (2, 3):
        commit = lesson.timeline.commit_beat(batch)
        pending, final = places(lesson, commit - 1, 1.0), places(lesson, commit, 1.0)
        for region in PLACED:
            assert pending[region] == final[region], region
            compared += len(final[region][0]) + len(final[region][1])
    figure(f"P8 labels and panels in the same place pending and final, {name}", compared)


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1", "4-8-3"])
@pytest.mark.parametrize("region", ["sample", "trace"])
def test_what_stands_stays_where_it_is_while_a_sample_becomes_known(region: str, name: str) -> None:
    lesson = lesson_named(name)
    timeline, before = lesson.timeline, set[object]()
    for beat in range(timeline.first_beat(1), timeline.beat(1, 1, "bank") + 1):
        now = places(lesson, beat, 1.0)[region][0]
        assert before <= now, timeline.address(beat)
        before = now


@pytest.mark.parametrize("name", ["lesson 2", "xor 2-3-1", "4-3-1"])
def test_outputs_are_grey_once_the_weights_that_made_them_have_moved_and_inputs_are_not(name: str) -> None:
    lesson = lesson_named(name)
    header, area = lesson.run.ledger.header, _view(lesson).network
    for progress, grey in ((0.7, False), (1.0, True)):
        scene = look(lesson, lesson.timeline.commit_beat(1), progress)
        shown = [label for label in numbers_of(scene) if inside(area, label)]
        outputs = [label.colour for label in shown if label.ref and label.ref.kind == "predict"]
        inputs = [label.colour for label in shown if label.ref and label.ref.kind == "data"]
        assert len(outputs) == len(header.neurons)
        assert set(outputs) == {p.MUTED if grey else p.INK}
        assert set(inputs) == {p.INK}
