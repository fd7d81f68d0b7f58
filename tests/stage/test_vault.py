"""The vault: a cell a neuron, as deep as its banks are large, with dots and rings for what a beat is about."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from looks import look
from readable import each_size, overlap, within
from vaults import WIDE, each_net, lesson_of, on_stage

from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.stage import palette as p
from piggybank.stage.regions import regions
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.scene import Disc, Panel, Scene
from piggybank.stage.tiles import tiles_of


@each_size
@each_net
def test_every_neuron_has_a_cell_of_its_own_that_opens_it(net: str, size: tuple[int, int]) -> None:
    lesson = lesson_of(net)
    hits = [hit for hit in on_stage(look(lesson, 0, size=size), size) if hit.command == "neuron"]
    assert Counter(hit.argument for hit in hits) == Counter([*lesson.run.ledger.header.neurons, THIS_SAMPLE])
    assert [pair for pair in combinations([hit.box for hit in hits], 2) if overlap(*pair)] == []
    assert all(within(hit.box, regions(size).network) for hit in hits)


def depths(scene: Scene) -> dict[str, int]:
    """How deep the colour of each neuron's cell is."""
    cells = {hit.argument: hit.box for hit in on_stage(scene, WIDE) if hit.command == "neuron"}
    found = {}
    for item in scene.step:
        if isinstance(item, Panel) and item.fill.startswith(("pending ", "final ")):
            for name, box in cells.items():
                if name != THIS_SAMPLE and box.contains(item.box.cx, item.box.cy):
                    found[name] = int(item.fill.split()[1])
    return found


@each_net
@pytest.mark.parametrize("address", ["1.1.2.bank", "1.1.commit"])
def test_a_cells_depth_is_the_sum_of_its_banks_sizes_beside_the_largest_of_its_layer(net: str, address: str) -> None:
    lesson = lesson_of(net)
    ledger, beat = lesson.run.ledger, lesson.timeline.find(address)
    sums: dict[str, float] = {}
    for weight in ledger.header.weights:
        if address.endswith("commit"):
            size = abs(commit_values(ledger, weight, 1)["adjustment"])
        else:
            size = abs(float(bank.running_totals(ledger.header, ledger.batch(1), weight)[2]))
        sums[weight.target] = sums.get(weight.target, 0.0) + size
    found = depths(look(lesson, beat, size=WIDE))
    assert found.keys() == sums.keys()
    for layer in ledger.header.layers:
        largest = max(sums[name] for name in layer.neurons)
        for name in layer.neurons:
            assert abs(found[name] - sums[name] / largest * p.DEPTHS) <= 0.5 + 1e-9


@each_net
def test_before_a_coin_has_landed_no_cell_has_a_depth_and_later_the_key_says_pending_or_final(net: str) -> None:
    lesson = lesson_of(net)
    first, commit = lesson.timeline.beat(1, 1, "bank"), lesson.timeline.commit_beat(1)
    for beat, progress in [(beat, 1.0) for beat in range(first)] + [(first, 0.5)]:
        assert depths(look(lesson, beat, progress, WIDE)) == {}
    for beat, progress, word in ((first, 1.0, "pending:"), (commit, 0.5, "pending:"), (commit, 1.0, "final:")):
        scene = look(lesson, beat, progress, WIDE)
        area = regions(WIDE).network
        words = [
            x.text for x in scene.labels() if area.contains(x.x, x.y) and x.text.startswith(("pending:", "final:"))
        ]
        assert len(words) == 1
        assert words[0].startswith(word)
        fills = {x.fill.split()[0] for x in scene.step if isinstance(x, Panel) and x.fill[:5] in ("pendi", "final")}
        assert fills == {word[:-1]}


@each_net
@each_size
def test_the_key_has_room_for_the_state_and_for_what_the_dots_are(net: str, size: tuple[int, int]) -> None:
    lesson = lesson_of(net)
    for address, dot in (("1.1.2.loss", "output +, −"), ("1.1.2.blame", "blame +, −"), ("1.1.commit", "")):
        words = [label.text for label in look(lesson, lesson.timeline.find(address), size=size).labels()]
        assert len([word for word in words if word.endswith("signs ignored")]) == 1
        assert [word for word in words if word.endswith("+, −")] == ([dot] if dot else [])


def dots(scene: Scene) -> set[str]:
    """Neurons whose cell has a dot."""
    cells = {hit.argument: hit.box for hit in on_stage(scene, WIDE) if hit.command == "neuron"}
    found = [x for x in scene.step if isinstance(x, Disc)]
    return {name for name, box in cells.items() if any(box.contains(x.x, x.y) for x in found)} - {THIS_SAMPLE}


def test_dots_say_what_a_beat_is_about_once_it_is_known() -> None:
    lesson = lesson_of("36-16-5")
    timeline, record = lesson.timeline, lesson.run.ledger.batch(1)
    hidden = lesson.run.ledger.header.layers[0].neurons
    predict, blame = timeline.beat(1, 2, "predict", 0), timeline.beat(1, 2, "blame", 0)
    for beat, values in ((predict, record.outputs[0][1]), (blame, record.blame[0][1])):
        assert not dots(look(lesson, beat, 0.5, WIDE)) & set(hidden)
        assert dots(look(lesson, beat, 1.0, WIDE)) & set(hidden) == {
            name for name, value in zip(hidden, values, strict=True) if value
        }
    assert dots(look(lesson, timeline.beat(1, 2, "bank"), 1.0, WIDE)) == set()


@each_net
def test_the_tiles_ring_the_neurons_that_the_selected_weight_joins(net: str) -> None:
    lesson = lesson_of(net)
    header = lesson.run.ledger.header
    tiles = tiles_of(tuple(len(names) for names in header.neuron_layers), regions(WIDE).network).tiles
    for weight in header.weights[:: len(header.weights) // 7]:
        scene = look(lesson, 0, size=WIDE, selected=weight.name)
        rings = [x.box for x in scene.step if isinstance(x, Panel) and x.edge == p.INK and not x.fill]
        joined = [tiles[weight.layer + 1].place(weight.column)]
        joined += [] if weight.is_bias else [tiles[weight.layer].place(weight.row)]
        assert [(box.cx, box.cy) for box in rings] == [pytest.approx((box.cx, box.cy)) for box in joined]
