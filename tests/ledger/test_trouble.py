"""T20: what explodes, divides by zero or vanishes gives no traceback; training stops and names the first culprit."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nets import bits

from piggybank import SGD, Adam, Dense, Momentum, Network, RMSProp, Rule, Run, open_ledger
from piggybank.engine.losses import Loss
from piggybank.formula import Formula
from piggybank.ledger import bank
from piggybank.ledger.lines import Ref
from piggybank.ledger.trouble import first_culprit, is_troubled
from piggybank.ledger.vanishing import too_light, vanished

Figure = Callable[[str, object], None]


def one_coin(rate: float, **settings: Any) -> Run:
    return Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(rate), **settings)


def deep(rule: Any, rows: Any = ([[1.0, -2.0], [0.5, 3.0], [0.0, 0.0]], [1.0, 0.0, 2.0])) -> Run:
    return Run(Network(Dense(2, 3, "relu"), Dense(3, 1), seed=5), rows, rule=rule, batch_size=2)


def trained_in(pieces: list[int], run: Run) -> Run:
    """So many batches after so many, until there is trouble."""
    for batches in pieces:
        if run.trouble is None:
            run.train(batches=batches)
    return run


@pytest.mark.parametrize("pieces", [[700], [200, 124, 376], [1] * 330])
def test_training_stops_where_lesson_8_says_the_loss_overflows_however_it_is_cut(pieces: list[int]) -> None:
    run = trained_in(pieces, one_coin(1.0))
    assert len(run.ledger) == 324
    assert run.trouble is not None
    assert run.trouble.ref == Ref("loss", "", 324, 1)
    assert math.isinf(run.ledger.open(run.trouble.ref).value)


def test_a_saved_run_stops_at_the_same_batch_and_has_the_same_seal(tmp_path: Path) -> None:
    saved = one_coin(1.0, save=tmp_path / "run.piggy").train(epochs=700)
    assert len(saved.ledger) == 324
    assert saved.ledger.seal == one_coin(1.0).train(epochs=700).ledger.seal


def test_who_trains_on_after_trouble_gets_the_bits_of_a_run_that_never_stopped(capsys: Any) -> None:
    stopped = one_coin(1.0).train(epochs=700).train(batches=376)
    through = one_coin(1.0).train(epochs=700, past_trouble=True)
    assert len(stopped.ledger) == len(through.ledger) == 700
    for batch in range(320, 701):
        assert bits(stopped.ledger.weights_at(batch)[0]) == bits(through.ledger.weights_at(batch)[0])
    assert stopped.trouble == through.trouble
    assert capsys.readouterr().err.count("training stopped") == 1


def test_trouble_says_in_one_sentence_what_where_why_and_what_to_try(capsys: Any) -> None:
    run = one_coin(1.0).train(epochs=700)
    text = str(run.trouble)
    assert "\n" not in text
    assert all(part in text for part in ("The loss in batch 324, sample 1 is inf", "1.8e308", "smaller learning rate"))
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(("size", "scales"), [(100.0, True), (2.0, False)])
def test_where_raw_inputs_are_large_scaling_them_is_among_what_to_try(size: float, scales: bool) -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), ([[size]], [3.0]), rule=SGD(10.0)).train(epochs=700)
    assert run.trouble is not None
    assert ("scale=True" in run.trouble.advice) == scales


def test_a_run_without_trouble_has_none() -> None:
    assert one_coin(0.125).train(epochs=60).trouble is None
    assert deep(Adam(0.1)).train(epochs=60).trouble is None


STAGES = [(323, None), (324, "loss"), (646, "loss"), (647, "predict")]


@pytest.mark.parametrize(("batch", "kind"), STAGES)
def test_the_first_culprit_is_the_first_in_the_order_of_calculation(batch: int, kind: str | None) -> None:
    ledger = one_coin(1.0).train(epochs=700, past_trouble=True).ledger
    found = first_culprit(ledger, batch)
    assert (found.ref.kind if found else None) == kind
    assert is_troubled(ledger, batch) == (kind is not None)


def test_of_several_infinite_coins_the_first_is_the_culprit_and_all_of_a_layer_are_looked_at_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steep = Loss("steep", Formula("a"), Formula("1e200"))
    rows = [[0.0, 1e100, 1e100], [0.0, 1e200, 1e200]]
    run = Run(Network(Dense(3, 2, weights=np.zeros((3, 2)))), (rows, np.ones((2, 2))), loss=steep, batch_size=2).train()
    assert run.trouble is not None
    assert run.trouble.ref == Ref("slice", "x2->y1", 1, 2)
    looks, all_slices = [], bank.all_slices
    monkeypatch.setattr(bank, "all_slices", lambda *place: looks.append(place[2:]) or all_slices(*place))
    assert first_culprit(run.ledger, 1) == run.trouble
    assert looks == [(0, 1), (0, 2)]


def test_of_several_infinite_banks_the_first_is_the_culprit() -> None:
    level = Loss("level", Formula("a"), Formula("1"))
    data = [[0.0, 1e308, 1e308]] * 2, np.ones((2, 2))
    run = Run(Network(Dense(3, 2, weights=np.zeros((3, 2)))), data, loss=level, batch_size=2).train()
    assert run.trouble is not None
    assert run.trouble.ref == Ref("bank", "x2->y1", 1, 2)


def test_a_jar_of_nothing_is_divided_by_a_root_of_nothing() -> None:
    """Without an epsilon a weight whose input is always 0 gets 0 / 0."""
    network = Network(Dense(2, 1, weights=[0.5, 0.5], bias=False))
    for rule in (Adam(0.1, epsilon=0.0), RMSProp(0.1, epsilon=0.0)):
        run = Run(network, ([[1.0, 0.0]], [3.0]), rule=rule).train(epochs=3)
        assert run.trouble is not None
        assert run.trouble.ref == Ref("commit", "x2->y", 1, part="adjustment")
        assert math.isnan(run.trouble.value)
        assert run.trouble.why == "0 ÷ 0, which no number can stand for"
        assert "epsilon" in run.trouble.advice
        assert len(run.ledger) == 1


def test_a_rule_that_divides_by_zero_is_not_said_to_overflow() -> None:
    lines = ("jar = jar + 0 * total", "adjustment = -learning_rate * total / jar", "after = before + adjustment")
    rule = Rule("by nothing", lines, {"learning_rate": 0.5}, memory=("jar",))
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=rule).train(epochs=2)
    assert run.trouble is not None
    assert math.isinf(run.trouble.value)
    assert run.trouble.why == "a number ÷ 0, which no number can stand for"
    assert "divide by something that is never 0" in run.trouble.advice


def test_a_square_that_becomes_zero_asks_for_a_larger_epsilon() -> None:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    run = Run(network, ([[1e-200]], [3.0]), rule=RMSProp(0.1, epsilon=0.0)).train(epochs=2)
    assert run.trouble is not None
    assert run.trouble.why == "a number ÷ 0, which no number can stand for"
    assert "larger epsilon" in run.trouble.advice


RATES = [10.0**power for power in (2, 20, 50, 100, 150, 200, 250, 300, 308)]


def test_explosions_of_every_size_stop_without_a_traceback_and_name_a_number_that_is_none(figure: Figure) -> None:
    stopped = 0
    for rate in RATES:
        for make in (
            SGD,
            lambda r: SGD(r, clip_norm=1e300),
            lambda r: Momentum(r, 0.5),
            lambda r: SGD(r, weight_decay=1e10),
        ):
            run = deep(make(rate)).train(epochs=40)
            if run.trouble is None:
                assert all(np.isfinite(matrix).all() for matrix in run.ledger.weights_at(len(run.ledger)))
                continue
            stopped += 1
            assert run.trouble.batch == len(run.ledger)
            assert not math.isfinite(run.ledger.open(run.trouble.ref).value)
            assert not any(is_troubled(run.ledger, batch) for batch in range(1, len(run.ledger)))
    figure("T20 runs that exploded, first culprit named", f"{stopped} of {4 * len(RATES)}")
    assert stopped > len(RATES)


def test_losses_that_overflow_only_together_are_found_in_their_mean() -> None:
    network = Network(Dense(1, 1, weights=1e308, bias=False))
    run = Run(network, ([1.0, 1.0], [0.0, 0.0]), rule=SGD(0.1), loss="absolute error", batch_size=2).train()
    assert run.trouble is not None
    assert run.trouble.ref == Ref("loss", "", 1, 0)
    assert str(run.trouble).startswith("The mean loss in batch 1 is inf: too large for a number of 64 bits")
    assert math.isinf(run.ledger.open(run.trouble.ref).value)
    assert all(math.isfinite(run.ledger.open(Ref("loss", "", 1, sample)).value) for sample in (1, 2))


def test_a_large_network_stops_too() -> None:
    rows = np.linspace(-1, 1, 4 * 70).reshape(4, 70), np.linspace(-1, 1, 4 * 60).reshape(4, 60)
    run = Run(Network(Dense(70, 60), seed=8), rows, rule=SGD(1e100), batch_size=2)
    assert run.ledger.kept_every > 1
    run.train(batches=400)
    assert run.trouble is not None
    assert run.trouble.batch in (len(run.ledger), len(run.ledger) - 1)
    assert not math.isfinite(run.ledger.open(run.trouble.ref).value)


def test_an_adjustment_too_light_to_move_its_weight_is_found_and_another_is_not() -> None:
    heavy = Network(Dense(1, 1, weights=2.0**60, bias=False))
    ledger = Run(heavy, ([[2.0**-60]], [0.0]), rule=SGD(1.0)).train(epochs=1).ledger
    found = too_light(ledger, ledger.weight("x1->y"), 1)
    assert found is not None
    assert found.value == -(2.0**-60)
    assert "the next number is 2.6e+02 away" in str(found)
    light = one_coin(0.125).train(epochs=1).ledger
    assert too_light(light, light.weight("x1->y"), 1) is None


def test_a_coin_that_vanishes_between_two_numbers_that_are_there_is_found() -> None:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    ledger = Run(network, ([1e-200], [0.0]), rule=SGD(0.1)).train(epochs=1).ledger
    found = vanished(ledger, 1)
    assert found is not None
    assert found.ref == Ref("slice", "x1->y", 1, 1)
    assert vanished(one_coin(0.125).train(epochs=1).ledger, 1) is None


@pytest.mark.parametrize("pieces", [[1], [3, 3], [300], [100, 300]])
def test_training_stops_where_a_vanished_coin_leaves_every_weight_in_its_place(
    pieces: list[int], tmp_path: Path
) -> None:
    runs = [
        Run(Network(Dense(1, 1, weights=0.5, bias=False)), ([1e-200], [0.0]), rule=SGD(0.1), save=save)
        for save in (None, tmp_path / "run.piggy")
    ]
    for run in runs:
        trained_in(pieces, run)
        assert len(run.ledger) == 1
        assert run.trouble is not None
        assert run.trouble.ref == Ref("slice", "x1->y", 1, 1)
        assert "scale the inputs up" in str(run.trouble)
    assert runs[0].ledger.seal == runs[1].ledger.seal == open_ledger(tmp_path / "run.piggy").seal


def test_a_weight_that_shrinks_until_its_coin_vanishes_stops_training_there_saved_or_not(tmp_path: Path) -> None:
    """Its input of 2**-530 makes a coin of 2**-1060 times it, which is 0 once the weight is below 2**-14."""
    rule = Rule("halves", ("adjustment = -0.5 * before if total > 0 else 0", "after = before + adjustment"))
    runs = [
        Run(Network(Dense(1, 1, weights=1.0, bias=False)), ([2.0**-530], [0.0]), rule=rule, save=save)
        for save in (None, tmp_path / "run.piggy")
    ]
    for run in runs:
        run.train(epochs=400)
        assert run.trouble is not None
        assert run.trouble.batch == len(run.ledger) == 16
        coins = [run.ledger.open(Ref("slice", "x1->y", batch, 1)).value for batch in (15, 16)]
        assert coins[0] > 0.0 == coins[1]
    assert runs[0].ledger.seal == runs[1].ledger.seal == open_ledger(tmp_path / "run.piggy").seal


@pytest.mark.parametrize("saved", [False, True])
def test_a_coin_that_vanishes_while_weights_still_move_stops_nothing(saved: bool, tmp_path: Path) -> None:
    network = Network(Dense(2, 1, weights=[0.5, 0.25], bias=False))
    save = tmp_path / "run.piggy" if saved else None
    run = Run(network, ([[1e-200, 1.0]], [0.25 + 1e-200]), rule=SGD(0.1), save=save).train(epochs=300)
    assert (run.trouble, len(run.ledger)) == (None, 300)


@pytest.mark.parametrize("saved", [False, True])
def test_a_run_at_rest_because_all_is_right_or_too_light_goes_on(saved: bool, tmp_path: Path) -> None:
    for place, (weight, row) in enumerate(((0.5, 2.0), (2.0**60, 2.0**-60))):
        network = Network(Dense(1, 1, weights=weight, bias=False))
        save = tmp_path / f"{place}.piggy" if saved else None
        run = Run(network, ([[row]], [1.0 if row == 2.0 else 0.0]), rule=SGD(1.0), save=save).train(epochs=300)
        assert (run.trouble, len(run.ledger)) == (None, 300)


def test_who_trains_on_after_a_coin_vanished_is_not_stopped_again(capsys: Any) -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), ([1e-200], [0.0]), rule=SGD(0.1))
    run.train(epochs=5).train(epochs=5)
    assert len(run.ledger) == 6
    assert capsys.readouterr().err.count("training stopped") == 1


def test_coins_that_vanish_on_their_way_into_the_weight_are_found() -> None:
    """The smallest number above 0, times an eighth, is 0."""
    network = Network(Dense(1, 1, weights=0.0, bias=False))
    for rate, found in ((0.125, True), (1.0, False)):
        ledger = Run(network, ([2.0**-1000], [-(2.0**-74)]), rule=SGD(rate)).train(epochs=1).ledger
        trouble = too_light(ledger, ledger.weight("x1->y"), 1)
        assert (trouble is not None) is found
        if trouble is not None:
            assert (trouble.ref, trouble.value) == (Ref("bank", "x1->y", 1, 1), 5e-324)
            assert "so small that what it is multiplied by makes it 0" in str(trouble)


def test_weights_of_a_large_network_that_overflow_are_found_in_the_commit_that_did_it() -> None:
    """Its weights are not looked at; the next batch's outputs show it."""
    network = Network(Dense(70, 60, weights=[[0.0] * 60] * 70))
    run = Run(network, (np.ones((4, 70)), np.full((4, 60), 1e3)), rule=SGD(1e306), batch_size=2).train(batches=4)
    assert run.ledger.kept_every > 1
    assert run.trouble is not None
    assert (run.trouble.batch, run.trouble.ref.kind) == (1, "commit")
    assert math.isinf(run.ledger.open(run.trouble.ref).value)
