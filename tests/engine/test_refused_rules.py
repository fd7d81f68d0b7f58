"""Rules with settings that cannot be meant, in one sentence each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from one_sentence import refuses
from rule_runs import FOUR, one_weight, run_of

from piggybank import SGD, Adam, Cosine, DataError, Dense, Momentum, Network, Rule, Run, Schedule, Step, WarmUp


def refusals() -> Iterator[tuple[Callable[[], object], list[str]]]:
    after = "after = before + adjustment"
    yield lambda: Momentum(0.1, friction=1.5), ["friction", "from 0 to 1", "got 1.5"]
    yield lambda: Adam(0.1, keep_mean=-0.1), ["keep_mean", "from 0 to 1", "got -0.1"]
    yield lambda: Adam(0.1, epsilon=-1.0), ["epsilon", "0 or more", "got -1.0"]
    yield lambda: SGD(0.1, weight_decay=-1.0), ["weight_decay", "0 or more"]
    yield lambda: SGD(0.1, clip_norm=math.nan), ["clip_norm", "finite", "got nan"]
    yield lambda: SGD(0.1, clip_norm=1.0, clip_value=1.0), ["clip_value or by clip_norm", "got both"]
    yield lambda: SGD(0.1, schedule=0.5), ["schedule", "got 0.5", "try Cosine(epochs=10)"]  # type: ignore[arg-type]
    yield lambda: SGD(0.1, schedule=[Step(2), Step(3)]), ["two schedules", "'step"]
    yield lambda: Step(), ["Step expects epochs", "got ()"]
    yield lambda: Step(20, 10), ["in order", "got (20, 10)"]
    yield lambda: Step(10, 10), ["in order", "got (10, 10)"]
    yield (
        lambda: SGD(0.1, schedule=Schedule("learning_rate", ("learning_rate = 1 / epoch",))),
        ["two schedules", "'learning_rate'"],
    )
    yield lambda: Step(1), ["from 2"]
    yield lambda: Cosine(0), ["whole number of epochs", "got 0", "try Cosine(10)"]
    yield lambda: Cosine(5, lowest=2.0), ["lowest", "from 0 to 1"]
    yield lambda: WarmUp(2.5), ["whole number of commits", "got 2.5"]  # type: ignore[arg-type]
    yield lambda: Schedule("x", ("x = 1 / epohc + zzz",)), ["'epohc'", "did you mean 'epoch'?"]
    yield lambda: Rule("r", ("adjustment = avrage + zzz", after)), ["'avrage'", "did you mean 'average'?"]
    yield lambda: Schedule("x", ("y = 1",)), ["never says what it is", "'x = 1 / epoch'"]
    yield lambda: Rule("r", ("adjustment = -0.1 * average", "average = 1", after)), ["says twice what 'average' is"]
    yield lambda: Rule("r", ("a = 1", "a = 2", "adjustment = a", after)), ["says twice what 'a' is"]
    yield lambda: Rule("r", ("adjustment = 0", after), {"count": 3.0}), ["two meanings for 'count'"]
    yield lambda: Rule("r", ("adjustment = 0", after), schedule=Step(2)), ["schedule but no learning_rate"]
    yield lambda: Rule("r", ("adjustment = 0", after), {}, (), ("fill",)), ["never says what 'fill' becomes"]
    yield lambda: run_of(SGD(0.1), accumulate=0), ["accumulate", "at least 1", "got 0", "accumulate=2"]
    yield lambda: Run(Network(Dense(2, 1)), "xor", batch_size="all", accumulate=2), ["got batch_size='all'"]
    yield lambda: run_of(SGD(0.1), fault="forgot"), ["no fault called 'forgot'", "'forgot-to-empty'"]
    yield lambda: run_of(SGD(0.1), fault="epsilon-inside-root"), ["sqrt(…) + epsilon", "try rule=Adam(0.1)"]
    yield lambda: run_of(SGD(0.1), fault="average-of-averages"), ["micro-batches", "accumulate=2"]
    yield lambda: run_of(SGD(0.1), reduce="total", fault="sum-for-mean"), ["reduce='total' adds up anyway"]
    yield lambda: one_weight(FOUR, 0.0, SGD(0.1), batch_size=2, fault="stale-last-batch"), ["shorter than the others"]
    yield lambda: one_weight(FOUR, 0.0, SGD(0.1), fault="bias-updated-per-input"), ["a layer with a bias"]
    bank_line = ("bank = bank + average", "adjustment = -bank", after)
    yield lambda: run_of(Rule("r", bank_line, {}, ("bank",)), fault="forgot-to-empty"), ["the name 'bank'", "rename"]


@pytest.mark.parametrize(("build", "parts"), list(refusals()))
def test_a_rule_that_cannot_be_is_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    refuses(DataError, build, parts)
