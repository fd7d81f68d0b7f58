"""The bank wall: each bank once and in its place, every number a receipt, no text over another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from looks import look, moments
from nets import forget
from readable import (
    LEAST,
    agrees,
    contrast,
    cut_short,
    each_size,
    ground_of,
    ink,
    is_number,
    overlap,
    pixels,
    smallest_height,
    texts,
    within,
)
from walls import NETS, WIDE, cells, each_net, lesson_of

from piggybank.stage.detail import detail_of
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Hit, Label, Panel, Scene
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.view import View
from piggybank.stage.wall_plan import WallPlan

Figure = Callable[[str, object], None]


@each_net
@each_size
def test_every_weight_has_one_bank_and_no_two_banks_touch(net: str, size: tuple[int, int]) -> None:
    lesson = lesson_of(net)
    scene = look(lesson, lesson.timeline.beat(1, 2, "bank"), size=size)
    here = [hit for hit in scene.hits if regions(size).stage.contains(hit.box.cx, hit.box.cy)]
    inspected = Counter(hit.argument for hit in here if hit.command == "inspect" and "->" in hit.argument)
    assert inspected == Counter(weight.name for weight in lesson.run.ledger.header.weights)
    boxes = cells(scene, size)
    assert [pair for pair in combinations(boxes.values(), 2) if overlap(*pair)] == []
    assert all(within(box, regions(size).network) for box in boxes.values())


@each_net
def test_rows_are_inputs_columns_are_neurons_and_the_bias_stands_apart_below(net: str) -> None:
    lesson = lesson_of(net)
    boxes = cells(look(lesson, 0, size=WIDE), WIDE)
    for layer in lesson.run.ledger.header.layers:
        for source in (*layer.sources, "bias"):
            assert len({round(boxes[f"{source}->{target}"].y, 6) for target in layer.neurons}) == 1
        for target in layer.neurons:
            column = [boxes[f"{source}->{target}"] for source in (*layer.sources, "bias")]
            assert len({round(box.x, 6) for box in column}) == 1
            steps = [below.y - above.y for above, below in pairwise(column)]
            assert steps[-1] > column[0].h + 4
            assert all(step == pytest.approx(column[0].h) for step in steps[:-1])


@each_net
@each_size
def test_every_number_of_the_wall_is_its_receipts(net: str, size: tuple[int, int], figure: Figure) -> None:
    lesson, wrong, kinds = lesson_of(net), [], Counter[str]()
    for beat, progress in moments(lesson):
        for label in look(lesson, beat, progress, size).labels():
            if label.ref is not None and regions(size).stage.contains(label.x, label.y):
                kinds[label.ref.kind] += 1
                value = lesson.run.ledger.open(label.ref).value
                wrong += [] if agrees(label.text, value) else [(label.text, label.ref, value)]
    what = f"{net} at {size[0]}x{size[1]}"
    figure(f"T33 numbers of the wall unlike their receipt, {what}", f"{len(wrong)} of {kinds.total()}")
    assert {"bank", "commit", "predict", "blame", "setting"} <= set(kinds)
    assert wrong == []


@each_net
@each_size
def test_no_text_of_the_wall_covers_another_or_leaves_the_stage_or_is_too_small(
    net: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson, seen, faults = lesson_of(net), 0, set()
    stage, least = pixels(regions(size).stage, size), smallest_height(size)
    scale = regions(size).scale
    for beat, progress in moments(lesson):
        scene = look(lesson, beat, progress, size)
        found = [(x, rect) for x, rect in texts(scene, size) if stage.contains(x.x * scale, x.y * scale)]
        seen += len(found)
        for label, rect in found:
            short = is_number(label) and cut_short(label, size)
            if rect.height < least or short or not within(ink(rect), stage, slack=1):
                faults.add(label.text)
        for (first, a), (second, b) in combinations(found, 2):
            if overlap(ink(a), ink(b), slack=1):
                faults.add((first.text, second.text))
    figure(f"T22 texts of the wall covered, cut or outside, {net} at {size[0]}x{size[1]}", f"{len(faults)} of {seen}")
    assert faults == set()


@each_net
@each_size
def test_the_key_has_room_for_state_and_both_signs_at_every_moment(net: str, size: tuple[int, int]) -> None:
    lesson = lesson_of(net)
    for beat, progress in moments(lesson):
        words = [label.text for label in look(lesson, beat, progress, size).labels()]
        assert {"plus", "minus"} <= set(words)
        assert len([word for word in words if word.startswith(("pending:", "final:"))]) == 1


@each_net
def test_a_neurons_head_shows_its_blame_and_its_foot_its_output_as_they_become_known(net: str) -> None:
    lesson = lesson_of(net)
    header, timeline = lesson.run.ledger.header, lesson.timeline
    last = len(header.layers) - 1
    for phase, layer in [("predict", n) for n in range(last + 1)] + [("blame", n) for n in range(last + 1)]:
        beat = timeline.beat(1, 2, phase, layer)
        before, after = (look(lesson, beat, progress, WIDE) for progress in (0.5, 1.0))
        plan = detail_of(lesson.run.ledger, View(WIDE))
        assert isinstance(plan, WallPlan)
        for place in range(len(header.layers[layer].neurons)):
            table = plan.tables[layer]
            where = table.head(place) if phase == "blame" else table.foot(place)
            assert len(things(after, where)) == len(things(before, where)) + 1, (phase, layer, place)


def things(scene: Scene, box: Box) -> list[Label | Panel]:
    """Numbers and chips whose middle stands in a box."""
    found: list[Label | Panel] = []
    for item in scene.step:
        if isinstance(item, Label) and item.ref and box.contains(item.x, item.y):
            found.append(item)
        if isinstance(item, Panel) and item.box.h <= 24 and box.contains(item.box.cx, item.box.cy):
            found.append(item)
    return found


@each_net
def test_the_wall_is_the_same_whenever_it_is_drawn(net: str) -> None:
    lesson = lesson_of(net)
    found = []
    for order in (list(moments(lesson)), list(moments(lesson))[::-1]):
        forget(lesson.run.ledger)
        found.append({(beat, progress): look(lesson, beat, progress, WIDE) for beat, progress in order})
    assert found[0] == found[1]
    assert len({scene.text() for scene in found[0].values()}) > len(found[0]) / 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("net", [net for net in NETS if net != "8-16-3"])  # whose banks have no room for text
def test_every_text_of_the_wall_stands_out_from_what_it_is_written_on(net: str, theme: str) -> None:
    lesson, pairs = lesson_of(net), set()
    for beat, progress in moments(lesson):
        scene = look(lesson, beat, progress, WIDE, look=Look(theme=theme))
        pairs |= {(x.colour, ground_of(scene, x)) for x in scene.labels() if regions(WIDE).network.contains(x.x, x.y)}
    low = {pair: contrast(*(colour(theme, role) for role in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < LEAST[theme]} == {}
    assert {"plus 6", "minus 6"} <= {ground for _, ground in pairs}


def test_a_click_on_a_bank_or_a_head_inspects_it() -> None:
    lesson = lesson_of("4-8-3")
    scene = look(lesson, 0, size=WIDE)
    commands: dict[str, list[Hit]] = {}
    for hit in scene.hits:
        if regions(WIDE).network.contains(hit.box.cx, hit.box.cy):
            commands.setdefault(hit.argument, []).append(hit)
    header = lesson.run.ledger.header
    assert set(commands) >= {*header.weights_by_name, *header.neurons}
    assert {hit.command for hits in commands.values() for hit in hits} <= {"inspect", "open"}
