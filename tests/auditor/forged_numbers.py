"""Forgeries of predictions, blame and commits."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from derive import added, derive, matrix
from forging import (
    ADAM,
    CLIPPED,
    DECAYED,
    MOMENTUM,
    SGD_RULE,
    WARMED,
    at,
    edited,
    forgery,
    header,
    ledger,
    nudged,
    order,
    rule_line,
    swapped,
)
from piggy import Record, array

from piggybank.arithmetic import ARRAY as FUNCTIONS_ON_ARRAYS
from piggybank.ordered import Array

# Predictions and blame ------------------------------------------------------------------------------------------------

forgery("a prediction's last bit", "PB401")(lambda: ledger(lie=at("outputs 1", 3, nudged())))
forgery("a hidden output's last bit", "PB401")(lambda: ledger(lie=at("outputs 0", 2, nudged(1))))
forgery("two samples' outputs exchanged", "PB401")(lambda: ledger(lie=at("outputs 0", 1, swapped)))
forgery("the bias left out", "PB401")(lambda: ledger("relu", lie=at("z 1", 2, lambda z: z - 0.5)))
forgery("a dead neuron's zero with a sign", "PB401")(
    lambda: ledger("relu", lie=at("outputs 0", 1, lambda a: np.where(a == 0, -0.0, a)))
)
forgery("tanh as the C library rounds it", "PB401")(
    lambda: ledger(lie=lambda step, batch, value: np.tanh(np.arctanh(value) * 1.0) if step == "outputs 0" else value)
)
forgery("an output of infinity", "PB401")(lambda: ledger(lie=at("outputs 1", 5, lambda a: a * math.inf)))
forgery("data of another row", "PB401", "PB407")(lambda: ledger(lie=at("inputs", 2, lambda x: x[:, ::-1] + 0.5)))


def shares(weighing: Callable[[Array], Array], add: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Softmax in another form: weighing of the sums, and how the weights are added up."""
    return lambda z: weighing(z) / add(weighing(z))[:, None]


def softmax_by(change: Callable[[Array], Array]) -> list[Record]:
    """A run whose shares were worked out otherwise."""
    sums: list[Array] = []

    def lie(step: str, batch: int, value: Any) -> Any:
        if step == "z 1":
            sums.append(value)
        return change(sums[-1]) if step == "outputs 1" else value

    return ledger("classes", lie=lie)


portable_exp = FUNCTIONS_ON_ARRAYS["exp"]
forgery("shares that were not moved below the top", "PB401")(
    lambda: softmax_by(shares(portable_exp, lambda w: np.add.accumulate(w, axis=1)[:, -1]))
)
forgery("shares added in pairs", "PB401")(
    lambda: softmax_by(shares(lambda z: portable_exp(z - z.max(axis=1)[:, None]), lambda w: w.sum(axis=1)))
)
forgery("shares of another sample's whole", "PB401")(
    lambda: softmax_by(shares(lambda z: portable_exp(z - z.max()), lambda w: np.add.accumulate(w, axis=1)[:, -1]))
)
forgery("blame of a class without its target", "PB402")(
    lambda: ledger("classes", lie=at("targets", 2, lambda t: t * 0))
)


@forgery("weights that moved within the batch", "PB401", "PB403")
def _() -> list[Record]:
    return ledger(lie=at("weights", 2, lambda flat: flat * 1.125))


@forgery("weights of the batch before, used once more", "PB401", "PB403")
def _() -> list[Record]:
    kept: list[Array] = []

    def lie(step: str, batch: int, value: Any) -> Any:
        if step == "weights":
            kept.append(value)
            return kept[-2] if batch == 4 else value
        return value

    return ledger(lie=lie)


forgery("blame with its sign turned", "PB402")(lambda: ledger(lie=at("blame 1", 2, np.negative)))
forgery("blame twice as large: a loss that is not halved", "PB402")(
    lambda: ledger(lie=at("blame 1", 0, lambda b: 2 * b))
)
forgery("the slope counted twice in a fused loss", "PB402")(
    lambda: ledger("labels", lie=at("blame 1", 1, lambda b: b * 0.25))
)
forgery("another row's target", "PB402")(lambda: ledger(lie=at("targets", 1, swapped)))
forgery("an output's blame rounded to a float32", "PB402")(
    lambda: ledger(lie=at("blame 1", 3, lambda b: np.float64(np.float32(b))))
)
forgery("hidden blame's last bit", "PB403")(lambda: ledger(lie=at("blame 0", 3, nudged(2))))
forgery("hidden blame without the slope", "PB403")(lambda: ledger("labels", lie=at("blame 0", 2, lambda b: b * 4)))
forgery("two samples' hidden blame exchanged", "PB403")(lambda: ledger(lie=at("blame 0", 1, swapped)))


# The commit -----------------------------------------------------------------------------------------------------------


def rate(value: float) -> Callable[[list[Record]], None]:
    """The learning rate of the header and of every record edited."""

    def change(found: list[Record]) -> None:
        found[0]["rule"]["constants"]["learning_rate"] = value
        for record in found[1:]:
            record["learning_rate"] = value

    return change


def told(rule: Record, name: str, formula: str) -> Callable[[], list[Record]]:
    """A run with one line of the rule written otherwise, under the header of the rule as it should be."""

    def make() -> list[Record]:
        found = ledger("xor", rule_line(rule, name, formula))
        found[0]["rule"] = copy.deepcopy(rule)
        return found

    return make


def kept(rule: Record, batch: int, name: str, change: Callable[[Any], Any]) -> Callable[[], list[Record]]:
    """A run in which a commit leaves something else behind."""
    return lambda: ledger("xor", rule, at("kept", batch, lambda found: found | {name: change(found[name])}))


def coins(
    change: Callable[[list[Array]], list[Array]], batch: int = 0, name: str = "xor"
) -> Callable[[], list[Record]]:
    """A run whose banks were filled with other coins."""
    return lambda: ledger(name, lie=at("coins", batch, change))


def known(rule: Record, batch: int, change: Callable[[Record], Record]) -> Callable[[], list[Record]]:
    """A run whose rule was told something else."""
    return lambda: ledger("xor", rule, at("known", batch, lambda found: found | change(found)))


def in_micro_batches(found: list[Array]) -> list[Array]:
    """Coins whose sum, divided by their count, is the average of the averages of two and the rest."""
    halves = [added(part) / len(part) for part in (found[:2], found[2:]) if part]
    return [added(halves) * len(found) / len(halves), *[found[0] * 0] * (len(found) - 1)]


def unemptied() -> list[Record]:
    bank: list[Array] = []

    def lie(step: str, batch: int, value: Any) -> Any:
        if step == "coins":
            bank.extend(value)
            return list(bank)
        return value

    return ledger(lie=lie)


def started_full() -> list[Record]:
    start = header("xor", MOMENTUM)
    start["initial_memory"] = {"savings": [array((matrix(part) * 0 + 0.5).tolist()) for part in start["initial"]]}
    found = derive(start, order(start))
    found[0]["initial_memory"] = {}
    return found


ZERO_LAST = np.array([1.0] * 12 + [0.0])
BIASES = np.array([1.0] * 6 + [2.0] * 3 + [1.0] * 3 + [3.0])
"""How many inputs the layer of each weight of 2-3-1 has, if it is a bias."""

forgery("a learning rate edited in one record", "PB404")(
    lambda: edited(lambda found: found[3].update(learning_rate=0.5))
)
forgery("a schedule one commit late", "PB404", "PB407")(
    known(WARMED, 3, lambda given: {"learning_rate": 0.25 * (given["commit"] - 1) / 4})
)
forgery("no warm-up", "PB404", "PB407")(known(WARMED, 0, lambda given: {"learning_rate": 0.25}))
forgery("memory's last bit", "PB405")(kept(MOMENTUM, 2, "savings", nudged(4)))
forgery("stale momentum: savings that were not renewed", "PB405")(
    kept(MOMENTUM, 3, "savings", lambda savings: savings * 0)
)
forgery("a jar that was emptied", "PB405")(kept(ADAM, 3, "square_jar", lambda jar: jar * 0))
forgery("jars exchanged", "PB405")(kept(ADAM, 1, "mean_jar", lambda jar: jar * jar))
forgery("one commit not counted in the fill: t off by one", "PB406")(kept(ADAM, 2, "mean_fill", lambda _: 0.1))
forgery("savings that started full", "PB405", "PB407")(started_full)
forgery("a weight's last bit", "PB407")(kept(SGD_RULE, 4, "after", nudged(5)))
forgery("a bias whose zero has a sign", "PB407")(kept(SGD_RULE, 1, "after", lambda after: after * ZERO_LAST * -1))
forgery("weights that stand as memory, others in their place", "PB407")(
    lambda: edited(lambda found: found[-1].update(memory={"after": found[-1]["weights"]}, weights=found[0]["initial"]))
)
forgery("weights that did not move", "PB407")(coins(lambda found: [coin * 0 for coin in found], 3))
forgery("weights of the wrong layer order", "PB407")(kept(SGD_RULE, 2, "after", lambda after: after[::-1].copy()))
forgery("the learning rate edited everywhere", "PB407")(lambda: edited(rate(0.125)))
forgery("coins of two weights exchanged", "PB407")(
    coins(lambda found: [coin[[1, 0, *range(2, len(coin))]] for coin in found], 2)
)
forgery("coins added from the last to the first", "PB407")(coins(lambda found: found[::-1], name="relu"))
forgery("a coin twice in the bank", "PB407")(coins(lambda found: [*found, found[1]], 1))
forgery("a coin that never fell", "PB407")(coins(lambda found: [found[0], *found[2:]], 1))
forgery("coins of one sample for all", "PB407")(coins(lambda found: [found[0]] * len(found), 1))
forgery("coins rounded to float32", "PB407")(
    coins(lambda found: [coin.astype(np.float32).astype(float) for coin in found])
)
forgery("an average of averages", "PB407")(coins(in_micro_batches))
forgery("a bank that nobody emptied", "PB407")(unemptied)
forgery("a bias updated once for every input", "PB407")(coins(lambda found: [coin * BIASES for coin in found]))
forgery("an empty coin not counted", "PB407")(known(SGD_RULE, 3, lambda given: {"count": given["count"] - 1}))
forgery("a sum for a mean", "PB407")(told(SGD_RULE, "average", "total"))
forgery("the short batch divided by the whole size", "PB407")(told(SGD_RULE, "average", "total / batch_size"))
forgery("the rate divided before the coins are", "PB407")(
    told(SGD_RULE, "adjustment", "-(learning_rate / count) * total")
)
forgery("weights that climb", "PB407")(told(SGD_RULE, "after", "before - adjustment"))
forgery("old savings spent instead of new", "PB407")(told(MOMENTUM, "adjustment", "-learning_rate * old_savings"))
forgery("a look ahead that the rule does not have", "PB407")(
    told(MOMENTUM, "adjustment", "-learning_rate * (average + friction * savings)")
)
forgery("epsilon inside the root", "PB407")(told(ADAM, "adjustment", "-learning_rate * mean / sqrt(square + epsilon)"))
forgery("no bias correction", "PB407")(told(ADAM, "mean", "mean_jar"))
forgery("bias correction of the commit before", "PB407")(
    told(ADAM, "square", "square_jar / ((square_fill - (1 - keep_square)) / keep_square)")
)
forgery("no clipping", "PB407")(told(CLIPPED, "shrink", "min(1, 1)"))
forgery("clipping by the largest coin", "PB407")(told(CLIPPED, "sum_of_squares", "largest(average * average)"))
forgery("the house coin left out", "PB407")(told(DECAYED, "pull", "average + 0 * house"))
forgery("decay twice, in the coin and beside it", "PB407")(told(DECAYED, "after", "before + adjustment - house"))


@forgery("the digest of other weights", "PB408")
def _() -> list[Record]:
    return edited(lambda found: found[2]["weights"].update(sha256="0" * 64), "large")
