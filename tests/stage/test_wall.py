"""The bank wall: each bank once, its size a height, its sign a side, its number a receipt; nothing before its time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from looks import SIZES, as_lesson, look, moments, run_of
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

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.ledger import bank
from piggybank.ledger.receipt import commit_values
from piggybank.ledger.storage import weight_count
from piggybank.stage import palette as p
from piggybank.stage.amounts import strengths
from piggybank.stage.detail import MOST_ON_WALL, detail_of
from piggybank.stage.layout import MOST_BANKS
from piggybank.stage.look import Look
from piggybank.stage.places import NetworkPlan
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Hit, Label, Panel, Scene
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.view import View
from piggybank.stage.wall_plan import Layer, WallPlan, plan_wall

Figure = Callable[[str, object], None]
NETS = {"4-8-3": (4, 8, 3), "8-16-3": (8, 16, 3), "2-2-2-2-2-1": (2, 2, 2, 2, 2, 1), "6-5": (6, 5)}
WIDE = (1920, 1080)
each_net = pytest.mark.parametrize("net", NETS)


@cache
def lesson_of(net: str) -> Lesson:
    return as_lesson(run_of(*NETS[net]), 2)


def cells(scene: Scene, size: tuple[int, int]) -> dict[str, Box]:
    """The places of the banks on the stage, by their weights."""
    found = [hit for hit in scene.hits if hit.command == "inspect" and "->" in hit.argument]
    area = regions(size).stage
    return {hit.argument: hit.box for hit in found if area.contains(hit.box.cx, hit.box.cy)}


def glass(scene: Scene, cell: Box) -> list[Panel]:
    """What is drawn of one bank, from the back."""
    inside = cell.inset(-0.01, -0.01)
    return [item for item in scene.step if isinstance(item, Panel) and item.fill and within(item.box, inside)]


def fill(scene: Scene, cell: Box) -> Panel | None:
    """The part of a bank that is full."""
    panels = glass(scene, cell)
    return panels[1] if len(panels) > 1 else None


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


@pytest.mark.parametrize("net", ["4-8-3", "8-16-3"])
def test_a_bank_is_as_full_as_its_total_is_large_and_the_sign_says_from_which_side(net: str) -> None:
    lesson = lesson_of(net)
    header, record = lesson.run.ledger.header, lesson.run.ledger.batch(1)
    scene = look(lesson, lesson.timeline.beat(1, 3, "bank"), size=WIDE)
    boxes = cells(scene, WIDE)
    for index in range(len(header.layers)):
        mine = [weight for weight in header.weights if weight.layer == index]
        totals = {w.name: float(bank.running_totals(header, record, w)[3]) for w in mine}
        largest = max(map(abs, totals.values()))
        for name, total in totals.items():
            whole, part = glass(scene, boxes[name])[0].box, fill(scene, boxes[name])
            assert part is not None, name
            assert part.box.h / (whole.h - 4) == pytest.approx(max(abs(total) / largest, 3 / (whole.h - 4)))
            near, far = (whole.bottom - part.box.bottom, part.box.y - whole.y)[:: 1 if total > 0 else -1]
            assert near == pytest.approx(2), name
            assert part.fill.startswith("plus" if total > 0 else "minus")
            assert far >= near - 1e-9


def test_a_total_of_zero_is_an_empty_bank_with_an_edge() -> None:
    data = [[0.0, 1.0, 2.0, -1.0], [1.0, 0.5, 0.0, 1.0]], [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]
    lesson = as_lesson(Run(Network(Dense(4, 8, "tanh"), Dense(8, 3), seed=1), data, rule=SGD(0.1), batch_size=2), 1)
    header, record = lesson.run.ledger.header, lesson.run.ledger.batch(1)
    scene = look(lesson, lesson.timeline.beat(1, 1, "bank"), size=WIDE)
    zeros = [w.name for w in header.weights if float(bank.running_totals(header, record, w)[1]) == 0]
    assert zeros
    for name in zeros:
        (panel,) = glass(scene, cells(scene, WIDE)[name])
        assert (panel.fill, panel.edge) == (p.PANEL, p.YELLOW_EDGE)


@each_net
def test_before_a_coin_has_landed_the_banks_are_blank(net: str) -> None:
    lesson = lesson_of(net)
    first = lesson.timeline.beat(1, 1, "bank")
    for beat, progress in [(beat, 1.0) for beat in range(first)] + [(first, 0.0), (first, 0.5)]:
        scene = look(lesson, beat, progress, WIDE)
        for cell in cells(scene, WIDE).values():
            (panel,) = glass(scene, cell)
            assert (panel.fill, panel.edge) == (p.CHIP, p.CHIP_EDGE)
        stage = [label for label in scene.labels() if regions(WIDE).network.contains(label.x, label.y)]
        assert {label.ref.kind for label in stage if label.ref} <= {"data", "setting", "predict", "blame"}


def edges(lesson: Lesson, beat: int, progress: float) -> tuple[set[str], set[str]]:
    """Edges of the banks, and the words below them."""
    scene = look(lesson, beat, progress, WIDE)
    found = {glass(scene, cell)[0].edge for cell in cells(scene, WIDE).values()}
    return found, {label.text for label in scene.labels() if label.text.startswith(("pending:", "final:"))}


@each_net
def test_banks_have_a_yellow_edge_while_pending_and_a_green_one_once_final_and_a_word_says_so(net: str) -> None:
    lesson = lesson_of(net)
    commit = lesson.timeline.commit_beat(1)
    pending, final = {"pending: total"}, {"final: adjustment"}
    assert edges(lesson, commit - 1, 1.0) == ({p.YELLOW_EDGE}, pending)
    assert edges(lesson, commit, 0.3) == ({p.YELLOW_EDGE}, pending)
    assert edges(lesson, commit, 0.7) == ({p.YELLOW_EDGE}, {"pending: average"})
    assert edges(lesson, commit, 1.0) == ({p.GREEN_EDGE}, final)


@each_net
@each_size
def test_the_key_has_room_for_state_and_both_signs_at_every_moment(net: str, size: tuple[int, int]) -> None:
    lesson = lesson_of(net)
    for beat, progress in moments(lesson):
        words = [label.text for label in look(lesson, beat, progress, size).labels()]
        assert {"plus", "minus"} <= set(words)
        assert len([word for word in words if word.startswith(("pending:", "final:"))]) == 1


def test_once_final_a_bank_shows_what_its_weight_moves_by() -> None:
    lesson = lesson_of("4-8-3")
    ledger = lesson.run.ledger
    scene = look(lesson, lesson.timeline.commit_beat(1), size=WIDE)
    for weight in ledger.header.weights:
        part, moved = fill(scene, cells(scene, WIDE)[weight.name]), commit_values(ledger, weight, 1)["adjustment"]
        assert part is not None
        assert part.fill.startswith("plus" if moved > 0 else "minus")


def test_numbers_stand_in_the_banks_where_they_have_room() -> None:
    lesson = lesson_of("6-5")
    header = lesson.run.ledger.header
    for address, kind, part in (("1.1.3.bank", "bank", ""), ("1.1.commit", "commit", "adjustment")):
        scene = look(lesson, lesson.timeline.find(address), size=WIDE)
        for weight in header.weights:
            cell = cells(scene, WIDE)[weight.name]
            (label,) = [x for x in scene.labels() if cell.contains(x.x, x.y)]
            assert label.ref is not None
            assert (label.ref.name, label.ref.kind, label.ref.part) == (weight.name, kind, part)


def test_where_a_number_has_no_room_the_sign_stands_in_the_bank() -> None:
    lesson = lesson_of("4-8-3")
    header, record = lesson.run.ledger.header, lesson.run.ledger.batch(1)
    scene = look(lesson, lesson.timeline.beat(1, 2, "bank"), size=WIDE)
    for weight in header.weights:
        cell, total = cells(scene, WIDE)[weight.name], float(bank.running_totals(header, record, weight)[2])
        assert [x.text for x in scene.labels() if cell.contains(x.x, x.y)] == ["+" if total > 0 else "−"]


@each_net
def test_exactly_the_selected_bank_has_a_ring(net: str) -> None:
    lesson = lesson_of(net)
    for weight in lesson.run.ledger.header.weights[::5]:
        scene = look(lesson, lesson.timeline.beat(1, 2, "bank"), size=WIDE, selected=weight.name)
        area = regions(WIDE).network.inset(-8, -8)
        rings = [x for x in scene.step if isinstance(x, Panel) and x.edge == p.INK and within(x.box, area)]
        cell = cells(scene, WIDE)[weight.name]
        assert [(x.box.cx, x.box.cy) for x in rings] == [pytest.approx((cell.cx, cell.cy))]


@each_net
def test_while_banking_a_coin_of_the_sample_falls_into_every_bank(net: str) -> None:
    lesson = lesson_of(net)
    timeline, header = lesson.timeline, lesson.run.ledger.header
    beat = timeline.beat(1, 3, "bank")
    heights = []
    for progress in (0.2, 0.4, 0.6):
        scene = look(lesson, beat, progress, WIDE)
        coins = [item for item in scene.moving if isinstance(item, Coin)]
        assert {coin.sample for coin in coins} == {3}
        for name, cell in cells(scene, WIDE).items():
            (coin,) = [x for x in coins if cell.contains(x.x, x.y)]
            value = float(bank.slices(header, lesson.run.ledger.batch(1), header.weights_by_name[name])[2])
            assert coin.sign == (value > 0) - (value < 0)
        heights.append([coin.y for coin in coins])
    assert all(a < b < c for a, b, c in zip(*heights, strict=True))
    others = [(other, 0.4) for other in range(timeline.first_beat(2)) if timeline.moment(other).phase != "bank"]
    for still in [(beat, 0.0), (beat, 0.8), (beat, 1.0), *others]:
        assert not [x for x in look(lesson, *still, WIDE).moving if isinstance(x, Coin)]


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


# How much is shown ----------------------------------------------------------------------------------------------------


@each_size
def test_few_weights_have_pigs_more_a_wall_and_very_many_a_vault(size: tuple[int, int]) -> None:
    for widths in ((2, 1), (2, 3, 1), (4, 3, 1), (4, 8, 3), (8, 16, 3), (10, 20, 3), (64, 32, 10)):
        ledger = as_lesson(run_of(*widths), 1).run.ledger
        plan, count = detail_of(ledger, View(size)), weight_count(ledger.header)
        assert count == len(ledger.header.weights)
        assert isinstance(plan, NetworkPlan) == (count <= MOST_BANKS), widths
        assert isinstance(plan, WallPlan) == (MOST_BANKS < count <= MOST_ON_WALL), widths


def layers_of(*widths: int) -> tuple[Layer, ...]:
    names = [tuple(f"n{layer}.{i}" for i in range(1, width + 1)) for layer, width in enumerate(widths)]
    return tuple(Layer(a, b, True) for a, b in pairwise(names))


def test_no_wall_has_cells_too_small_to_tell_apart() -> None:
    shapes = [(a, b, c) for a in (1, 3, 9, 20, 60) for b in (1, 4, 12, 40) for c in (1, 3, 10)]
    fitting = 0
    for shape, size, text in product(shapes, SIZES[:3], (1.0, 1.3)):
        area = regions(size, text).network
        plan = plan_wall(layers_of(*shape), area)
        for table in plan.tables if plan else ():
            fitting += 1
            first, last = table.cell(0, 0), table.cell(table.layer.rows - 1, len(table.layer.neurons) - 1)
            assert min(first.w, first.h) >= 14
            for box in (first, last, table.head(0), table.foot(0), table.row_head(0)):
                assert within(box, area), (shape, size)
    assert fitting > 50


def test_strengths_are_beside_the_largest_and_survive_what_is_not_finite() -> None:
    assert strengths(np.array([1.0, -4.0, 0.0])).tolist() == [0.25, 1.0, 0.0]
    assert strengths(np.array([0.0, -0.0])).tolist() == [0.0, 0.0]
    found = strengths(np.array([2.0, math.inf, -math.inf, math.nan, 1.0])).tolist()
    assert found[:3] == [1.0, 1.0, 1.0]
    assert math.isnan(found[3])
    assert found[4] == 0.5
    assert strengths(np.array([math.inf, 0.0])).tolist() == [1.0, 0.0]


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
