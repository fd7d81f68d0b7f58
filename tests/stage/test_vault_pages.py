"""Behind a neuron's cell all its banks, the largest first: pages, coins, and the rows of the trace."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from looks import as_lesson, look
from vaults import WIDE, each_net, known, lesson_of, on_stage

from piggybank import Dense, Network, Run
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.stage import palette as p
from piggybank.stage.amounts import neuron_amounts
from piggybank.stage.digits import weight_title
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin, Line, Picture, Scene
from piggybank.stage.vault_pages import EACH, order_of, pages_of


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
