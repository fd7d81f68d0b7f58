"""A bank of the wall: its size a height, its sign a side, blank before its time, yellow and then green."""

from __future__ import annotations

import pytest
from looks import as_lesson, look
from readable import within
from walls import WIDE, cells, each_net, lesson_of

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.stage import palette as p
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Panel, Scene


def glass(scene: Scene, cell: Box) -> list[Panel]:
    """What is drawn of one bank, from the back."""
    inside = cell.inset(-0.01, -0.01)
    return [item for item in scene.step if isinstance(item, Panel) and item.fill and within(item.box, inside)]


def fill(scene: Scene, cell: Box) -> Panel | None:
    """The part of a bank that is full."""
    panels = glass(scene, cell)
    return panels[1] if len(panels) > 1 else None


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
