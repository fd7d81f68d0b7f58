"""The vault: a cell a neuron, behind it all its banks, the largest first; what is selected stays selected."""

from __future__ import annotations

import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product

import numpy as np
import pytest
from looks import SIZES, as_lesson, fresh, look, run_of, table
from test_layout import COMMIT, cut_short, ink, is_number, overlap, pixels, smallest_height, texts, within
from test_numbers import agrees
from test_themes import LEAST, contrast, ground_of

from piggybank import Dense, Lesson, Network, Run
from piggybank.app.player import PlayerState, Stage, reduce
from piggybank.app.screen import screen
from piggybank.app.session import Session
from piggybank.engine.rules import Rule
from piggybank.ledger import bank
from piggybank.ledger.receipt import commit_values
from piggybank.stage import compose as composing
from piggybank.stage import palette as p
from piggybank.stage.amounts import layer_amounts, neuron_amounts
from piggybank.stage.compose import timeline_of
from piggybank.stage.digits import subscript, weight_title
from piggybank.stage.known import Known, known_at
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.scene import Coin, Disc, Hit, Label, Line, Panel, Picture, Scene
from piggybank.stage.themes import THEMES, colour
from piggybank.stage.tiles import tiles_of
from piggybank.stage.timeline import Cursor
from piggybank.stage.vault_pages import EACH, order_of, pages_of, weight_of
from piggybank.stage.weight_plot import POINTS, _chosen

Figure = Callable[[str, object], None]
NETS = {"36-16-5": (36, 16, 5), "64-32-10": (64, 32, 10), "20-12-12-3": (20, 12, 12, 3), "300-1": (300, 1)}
WIDE = (1920, 1080)
each_net = pytest.mark.parametrize("net", NETS)
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@cache
def lesson_of(net: str) -> Lesson:
    return as_lesson(run_of(*NETS[net]), 2)


def moments(lesson: Lesson) -> Iterator[tuple[int, float]]:
    """Every beat of the second sample, half played and settled, and the commits in parts."""
    timeline = lesson.timeline
    beats = range(timeline.beat(1, 2, "predict"), timeline.beat(1, 2, "bank") + 1)
    yield from product(beats, (0.5, 1.0))
    yield from product((timeline.commit_beat(1), timeline.commit_beat(2)), COMMIT)


def known(lesson: Lesson, beat: int, progress: float = 1.0) -> Known:
    return known_at(timeline_of(lesson.run.ledger), Cursor(beat, progress))


def opened(lesson: Lesson) -> list[dict[str, object]]:
    """All that a vault can show: the tiles, first, middle and last page of some neurons, all of the sample."""
    header = lesson.run.ledger.header
    names = [layer.neurons[len(layer.neurons) // 2] for layer in header.layers]
    pages = [{"neuron": name, "page": page} for name in names for page in (0, 1, 10**6)]
    return [{}, {"neuron": THIS_SAMPLE}, {"neuron": THIS_SAMPLE, "page": 10**6}, *pages]


def on_stage(scene: Scene, size: tuple[int, int]) -> list[Hit]:
    return [hit for hit in scene.hits if regions(size).network.contains(hit.box.cx, hit.box.cy)]


# Amounts --------------------------------------------------------------------------------------------------------------


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def with_momentum() -> Lesson:
    rows = table(8, 6, 1), table(8, 2, 2)
    lines = "savings = friction * savings + average", "adjustment = -rate * savings", "after = before + adjustment"
    rule = Rule("momentum", lines, {"friction": 0.5, "rate": 0.1}, ("savings",))
    run = Run(Network(Dense(6, 5, "tanh"), Dense(5, 2), seed=2), rows, rule=rule, batch_size=4)
    return as_lesson(run, 3)


@pytest.mark.parametrize("make", [lambda: lesson_of("36-16-5"), with_momentum], ids=["SGD", "momentum"])
def test_the_amounts_of_a_layer_are_bit_for_bit_those_of_each_weights_receipt(make: Callable[[], Lesson]) -> None:
    lesson = make()
    ledger, compared = lesson.run.ledger, 0
    commit = lesson.timeline.commit_beat(2)
    for beat, progress, part in ((commit - 1, 1.0, ""), (commit, 0.7, "average"), (commit, 1.0, "adjustment")):
        now = known(lesson, beat, progress)
        layers = [layer_amounts(ledger, now, layer) for layer in range(len(ledger.header.layers))]
        for weight in ledger.header.weights:
            layer, own = layers[weight.layer], neuron_amounts(ledger, now, weight.target)
            assert layer is not None
            assert own is not None
            record = ledger.batch(2)
            total = float(bank.running_totals(ledger.header, record, weight)[now.banked])
            wanted = commit_values(ledger, weight, 2)[part] if part else total
            assert bits(layer[weight.row, weight.column]) == bits(own[weight.row]) == bits(wanted)
            compared += 1
    assert compared == 3 * len(ledger.header.weights)


def test_empty_banks_have_no_amounts() -> None:
    lesson = lesson_of("36-16-5")
    for beat in range(lesson.timeline.beat(1, 1, "bank")):
        assert layer_amounts(lesson.run.ledger, known(lesson, beat), 0) is None
        assert neuron_amounts(lesson.run.ledger, known(lesson, beat), "h1") is None


# Tiles ----------------------------------------------------------------------------------------------------------------


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


# Pages ----------------------------------------------------------------------------------------------------------------


def bank_names(scene: Scene, size: tuple[int, int] = WIDE) -> list[str]:
    """The banks of the page in reading order."""
    hits = [hit for hit in on_stage(scene, size) if hit.command == "inspect" and not hit.coin]
    names = [hit.argument for hit in hits if "->" in hit.argument]
    assert len(set(names)) == len(names)
    return names


@each_net
@pytest.mark.parametrize("address", ["1.1.1.predict1", "1.1.2.bank", "1.1.commit"])
def test_every_weight_of_a_neuron_is_on_exactly_one_page_and_the_largest_come_first(net: str, address: str) -> None:
    lesson = lesson_of(net)
    ledger, beat = lesson.run.ledger, lesson.timeline.find(address)
    for layer in ledger.header.layers:
        neuron = layer.neurons[-1]
        pages = [
            bank_names(look(lesson, beat, size=WIDE, neuron=neuron, page=page))
            for page in range(pages_of(ledger, neuron, 0).count)
        ]
        assert all(len(page) == EACH for page in pages[:-1])
        shown = [name for page in pages for name in page]
        assert Counter(shown) == Counter(f"{source}->{neuron}" for source in (*layer.sources, "bias"))
        numbers = [ledger.header.weight_number[name] for name in shown]
        sizes = [0.0] * len(shown)
        if address.endswith("commit"):
            sizes = [abs(commit_values(ledger, ledger.weight(name), 1)["adjustment"]) for name in shown]
        elif address.endswith("bank"):
            totals = [bank.running_totals(ledger.header, ledger.batch(1), ledger.weight(name)) for name in shown]
            sizes = [abs(float(total[2])) for total in totals]
        assert [(-size, number) for size, number in zip(sizes, numbers, strict=True)] == sorted(
            (-size, number) for size, number in zip(sizes, numbers, strict=True)
        )


def test_what_is_not_a_number_comes_first_like_what_is_infinite() -> None:
    rows = [[1e200, 1.0, -1e200, *[0.5] * 297] for _ in range(4)]
    run = Run(Network(Dense(300, 1), seed=1), (rows, [[1e200], [0.0], [1.0], [2.0]]), batch_size=4)
    lesson = as_lesson(run, 1)
    now = known(lesson, lesson.timeline.beat(1, 4, "bank"))
    amounts, order = neuron_amounts(run.ledger, now, "y"), order_of(run.ledger, now, "y")
    assert amounts is not None
    odd = [row for row in range(301) if not np.isfinite(amounts[row])]
    assert odd
    assert list(order[: len(odd)]) == odd
    look(lesson, lesson.timeline.beat(1, 4, "bank"), neuron="y")


def test_a_page_beyond_the_last_is_the_last_and_the_chips_lead_on_and_back() -> None:
    lesson = lesson_of("64-32-10")
    last = pages_of(lesson.run.ledger, "h3", 0).count - 1
    for page, wanted in ((0, {"1"}), (1, {"0", "2"}), (last, {str(last - 1)}), (10**9, {str(last - 1)})):
        scene = look(lesson, 0, size=WIDE, neuron="h3", page=page)
        assert {hit.argument for hit in on_stage(scene, WIDE) if hit.command == "page"} == wanted
    assert {label.text for label in scene.labels()} >= {"61–65 of 65"}
    assert [hit.argument for hit in on_stage(scene, WIDE) if hit.command == "neuron"] == [""]


@pytest.mark.parametrize("address", ["1.1.2.loss", "1.1.3.bank", "1.1.commit"])
def test_the_trace_has_the_rows_of_the_page_in_its_order(address: str) -> None:
    lesson = lesson_of("64-32-10")
    beat, trace = lesson.timeline.find(address), regions(WIDE).trace
    for page in (0, 2, 5):
        scene = look(lesson, beat, size=WIDE, neuron="h7", page=page)
        weights = [lesson.run.ledger.weight(name) for name in bank_names(scene)]
        rows = [
            hit.argument for hit in scene.hits if trace.contains(hit.box.cx, hit.box.cy) and hit.command == "inspect"
        ]
        assert rows == [weight.name for weight in weights]
        titles = [x.text for x in scene.labels() if trace.contains(x.x, x.y) and "→" in x.text]
        assert titles[: len(weights)] == [weight_title(weight.source, weight.target) for weight in weights]


def test_coins_fly_into_the_banks_of_the_page_and_all_of_them_break_at_the_commit() -> None:
    lesson = lesson_of("64-32-10")
    beat, commit = lesson.timeline.beat(1, 2, "bank"), lesson.timeline.commit_beat(1)
    moving = look(lesson, beat, 0.4, WIDE, neuron="h2").moving
    flying = [x for x in moving if isinstance(x, Coin) and x.alpha == 1]
    assert (len(flying), {coin.sample for coin in flying}) == (EACH, {2})
    broken = [x for x in look(lesson, commit, 0.35, WIDE, neuron="h2").moving if isinstance(x, Picture)]
    assert Counter(x.name for x in broken)["shards"] == EACH


def test_where_no_neuron_is_open_a_coin_of_no_sign_falls_into_every_one_and_all_crack_at_the_commit() -> None:
    lesson = lesson_of("64-32-10")
    beat, commit = lesson.timeline.beat(1, 2, "bank"), lesson.timeline.commit_beat(1)
    flying = [x for x in look(lesson, beat, 0.4, WIDE).moving if isinstance(x, Coin)]
    assert (len(flying), {(coin.sample, coin.sign) for coin in flying}) == (32 + 10, {(2, None)})
    scenes = [look(lesson, commit, progress, WIDE) for progress in (0.1, 0.35, 0.7, 0.9)]
    whole, hit, broken, final = (
        sum(isinstance(x, Line) and (x.colour, x.width) == (p.PANEL, 2.5) for x in scene.step) for scene in scenes
    )
    assert (whole, hit, broken, final) == (0, 32 + 10, 32 + 10, 0)


# What is selected -----------------------------------------------------------------------------------------------------


def stage_of(lesson: Lesson) -> Stage:
    return Stage(lesson.timeline, lesson.run.ledger.header, len(lesson.run.ledger), lesson.batches)


def test_opening_neurons_turning_pages_and_going_back_keep_what_is_selected_and_the_moment() -> None:
    lesson = lesson_of("64-32-10")
    numbers, state = random.Random(1), fresh(lesson, cursor=Cursor(lesson.timeline.find("1.1.3.bank"), 1.0))
    state = reduce(state, "inspect", "x5->h9", stage_of(lesson))
    state, opened_ = reduce(state, "close", "", stage_of(lesson)), Counter[str]()
    for _ in range(200):
        choices = [hit for hit in on_stage(screen(lesson, state, WIDE), WIDE) if hit.command in ("neuron", "page")]
        hit = numbers.choice(choices)
        opened_[hit.command] += 1
        state = reduce(
            state, *(("close", "") if numbers.random() < 0.2 else (hit.command, hit.argument)), stage_of(lesson)
        )
        assert (state.selected, state.cursor) == ("x5->h9", Cursor(lesson.timeline.find("1.1.3.bank"), 1.0))
    assert min(opened_.values()) > 20


def test_the_selected_bank_stands_out_on_its_page_and_the_others_lead_to_it() -> None:
    lesson = lesson_of("64-32-10")
    beat = lesson.timeline.find("1.1.3.bank")
    order = order_of(lesson.run.ledger, known(lesson, beat), "h9")
    for row in (order[0], order[20], order[64]):
        weight = lesson.run.ledger.header.weights_into("h9")[row]
        home = order.index(row) // EACH
        for page in range(6):
            scene = look(lesson, beat, size=WIDE, neuron="h9", page=page, selected=weight.name)
            area = regions(WIDE).network
            halos = [x for x in scene.step if isinstance(x, Panel) and x.fill == p.YELLOW and x.radius == 24]
            assert len([x for x in halos if area.contains(x.box.cx, x.box.cy)]) == (page == home)
            to = [x.text for x in scene.labels() if x.text == f"to {subscript(weight.source)}"]
            assert len(to) == (page != home)
            assert page == home or str(home) in {hit.argument for hit in on_stage(scene, WIDE) if hit.command == "page"}


def closed(lesson: Lesson, **changes: object) -> PlayerState:
    return reduce(fresh(lesson, **changes), "close", "", stage_of(lesson))


def test_escape_leads_back_from_a_neuron_and_from_the_sample() -> None:
    lesson = lesson_of("36-16-5")
    for name in ("h3", THIS_SAMPLE):
        state = closed(lesson, neuron=name, page=1)
        assert (state.neuron, state.page) == ("", 0)
        assert screen(lesson, state, WIDE) == look(lesson, 0, 0.0, WIDE)


@pytest.mark.parametrize("last", [0, 1, 59, 60, 61, 63, 64, 65, 200, 100_000])
def test_the_plot_of_a_long_large_run_asks_only_for_weights_that_are_kept_and_the_last(last: int) -> None:
    every = _chosen(last, 64)
    assert every[0] == 0
    assert every[-1] == last
    assert len(every) <= POINTS + 2
    if last >= 64:
        assert all(batch % 64 == 0 for batch in every[:-1])
    assert _chosen(last, 1) == sorted({i * last // max(1, min(last, POINTS)) for i in range(min(last, POINTS) + 1)})


# All of a sample ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", [*NETS, "4-8-3"])
@each_size
def test_what_the_sample_card_leaves_out_is_one_click_away_and_stands_on_one_page(
    net: str, size: tuple[int, int]
) -> None:
    lesson = lesson_of(net) if net in NETS else as_lesson(run_of(4, 8, 3), 1)
    header, beat = lesson.run.ledger.header, lesson.timeline.find("1.1.2.bank")
    card = regions(size).sample
    scene = look(lesson, beat, size=size)
    left_out = [x for x in scene.labels() if card.contains(x.x, x.y) and x.text.endswith(" more")]
    places = [hit for hit in scene.hits if card.contains(hit.box.cx, hit.box.cy) and hit.argument == THIS_SAMPLE]
    assert len(places) == len(left_out) > 0
    assert all(hit.box.contains(x.x, x.y) for hit, x in zip(places, left_out, strict=True))
    seen, page = Counter[tuple[str, str]](), 0
    while True:
        scene = look(lesson, beat, size=size, neuron=THIS_SAMPLE, page=page)
        area = regions(size).network
        refs = [x.ref for x in scene.labels() if x.ref and area.contains(x.x - 1, x.y)]
        seen.update((ref.kind, ref.name) for ref in refs)
        page += 1
        if str(page) not in {hit.argument for hit in on_stage(scene, size) if hit.command == "page"}:
            break
    outputs = header.layers[-1].neurons
    wanted = [("data", name) for name in header.layers[0].sources] + [("loss", "")]
    wanted += [(kind, name) for kind in ("target", "predict", "blame") for name in outputs]
    assert seen == Counter(wanted)
    shown = [x for x in look(lesson, beat, size=size).labels() if card.contains(x.x, x.y) and x.ref]
    assert sum(int(x.text.split()[1]) for x in left_out) == len(wanted) - len(shown)


# Texts ----------------------------------------------------------------------------------------------------------------


@each_net
def test_every_number_of_the_vault_is_its_receipts_and_none_is_shown_before_it_is_known(
    net: str, figure: Figure
) -> None:
    lesson, wrong, kinds = lesson_of(net), [], Counter[str]()
    for (beat, progress), open_ in product(moments(lesson), opened(lesson)):
        now = known(lesson, beat, progress)
        for label in look(lesson, beat, progress, WIDE, **open_).labels():
            if label.ref is None or not regions(WIDE).network.contains(label.x - 1, label.y):
                continue
            kinds[label.ref.kind] += 1
            receipt = lesson.run.ledger.open(label.ref)
            early = label.ref.kind == "bank" and not 0 < label.ref.sample <= now.banked
            early = early or (label.ref.kind == "commit" and now.stage not in ("average", "moved"))
            if early or not agrees(label.text, receipt.value):
                wrong.append((label.text, label.ref, receipt.value))
    figure(f"T33 numbers of the vault unlike their receipt or early, {net}", f"{len(wrong)} of {kinds.total()}")
    assert {"data", "target", "predict", "blame", "loss", "bank", "commit"} <= set(kinds)
    assert wrong == []


@each_net
@each_size
def test_no_text_of_the_vault_covers_another_or_leaves_the_stage_or_is_too_small(
    net: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson, seen, faults = lesson_of(net), 0, set()
    stage, least = pixels(regions(size).stage, size), smallest_height(size)
    scale = regions(size).scale
    for address, progress in (("1.1.2.blame", 1.0), ("1.1.3.bank", 1.0), ("1.1.commit", 0.55), ("1.1.commit", 1.0)):
        for open_ in opened(lesson):
            scene = look(lesson, lesson.timeline.find(address), progress, size, **open_)
            found = [(x, rect) for x, rect in texts(scene, size) if stage.contains(x.x * scale, x.y * scale)]
            seen += len(found)
            faults |= {x.text for x, rect in found if unreadable(x, size, rect.height < least)}
            faults |= {x.text for x, rect in found if not within(ink(rect), stage, slack=1)}
            faults |= {
                (first.text, second.text)
                for (first, a), (second, b) in combinations(found, 2)
                if overlap(ink(a), ink(b), slack=1)
            }
    figure(f"T22 texts of the vault covered, cut or outside, {net} at {size[0]}x{size[1]}", f"{len(faults)} of {seen}")
    assert faults == set()


def unreadable(label: Label, size: tuple[int, int], too_low: bool) -> bool:
    return too_low or (is_number(label) and cut_short(label, size))


@pytest.mark.parametrize("theme", THEMES)
@each_net
def test_every_text_of_the_vault_stands_out_from_what_it_is_written_on(net: str, theme: str) -> None:
    lesson, pairs = lesson_of(net), set()
    for address, open_ in product(("1.1.2.blame", "1.1.3.bank", "1.1.commit"), opened(lesson)):
        scene = look(lesson, lesson.timeline.find(address), size=WIDE, look=Look(theme=theme), **open_)
        pairs |= {(x.colour, ground_of(scene, x)) for x in scene.labels() if regions(WIDE).network.contains(x.x, x.y)}
    low = {pair: contrast(*(colour(theme, role) for role in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < LEAST[theme]} == {}
    assert len(pairs) > 5


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_amounts_differ_by_step_and_are_readable_at_every_one(theme: str) -> None:
    for final in (False, True):
        steps = [colour(theme, p.amount(final, step / p.DEPTHS)) for step in range(p.DEPTHS + 1)]
        assert len(set(steps)) == len(steps)
        assert min(contrast(colour(theme, p.INK), step) for step in steps) >= LEAST[theme]


@each_net
def test_the_vault_is_the_same_whenever_it_is_drawn(net: str) -> None:
    lesson = lesson_of(net)
    views = list(product(moments(lesson), opened(lesson)))
    random.Random(3).shuffle(views)
    found = []
    for order in (views[:60], views[:60][::-1]):
        composing._step.cache_clear()
        composing._still.cache_clear()
        for cache_ in (layer_amounts, neuron_amounts, order_of):
            cache_.cache_clear()
        found.append({
            (at, tuple(open_.items())): look(lesson, *at, WIDE, **open_) for at, open_ in order
        })  # fmt: skip
    assert found[0] == found[1]


def test_up_and_down_follow_the_page_of_the_open_neuron_and_turn_it() -> None:
    lesson = lesson_of("64-32-10")
    session = Session(lesson)
    session.command("moment", "1.1.3.bank")
    session.command("forward", "")
    session.command("neuron", "h7")
    at = known_at(lesson.timeline, session.state.cursor)
    rows = order_of(lesson.run.ledger, at, "h7")
    wanted = [weight_of(lesson.run.ledger, "h7", row).name for row in rows[:14]]
    found = []
    for _ in range(14):
        session.command("weight_down", "")
        found.append((session.state.selected, session.state.page))
    assert found == [(name, place // EACH) for place, name in enumerate(wanted)]
    session.command("weight_up", "")
    assert session.state.selected == wanted[12]
    session.command("neuron", "")
    session.command("weight_down", "")
    numbers = lesson.run.ledger.header.weight_number
    assert numbers[session.state.selected] == numbers[wanted[12]] + 1
