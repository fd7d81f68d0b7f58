"""Runs that were carried out by a plausible wrong formula, under the header of the right one: only arithmetic tells.

Rules, losses and activations of which the other files have no forgery; each wrong formula is one that a book, a library
or a tired person might have in its place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache

from derive import derive
from forged_numbers import told
from forging import forgery, order
from nets import FOUR_NUMBERS
from piggy import Record, header_of

from piggybank import SGD, AdaGrad, AdamW, Dense, Nesterov, Network, RMSProp, Rule, Run
from piggybank.engine.functions import BEND

# Rules ----------------------------------------------------------------------------------------------------------------


def record_of(rule: Rule) -> Record:
    """A rule as a header has it."""
    return {
        "name": rule.name,
        "recipe": list(rule.recipe("average").text),
        "constants": dict(rule.constants),
        "schedule": [],
        "memory": list(rule.memory),
        "shared_memory": list(rule.shared_memory),
        "house": dict(rule.house),
    }


RULES = {
    rule.name: record_of(rule)
    for rule in (AdaGrad(0.25), RMSProp(0.125, 0.75), Nesterov(0.25, 0.5), AdamW(0.125, weight_decay=0.25))
}


ROOTED = "-learning_rate * average / (sqrt(square_jar) + epsilon)"
for what, codes, name, line, formula in (
    ("sizes in place of squares", "PB405 PB407", "AdaGrad", "square_jar", "square_jar + abs(average)"),
    ("a jar that leaks", "PB405 PB407", "AdaGrad", "square_jar", "0.9 * square_jar + average * average"),
    ("no root", "PB407", "AdaGrad", "adjustment", ROOTED.replace("sqrt(square_jar)", "square_jar")),
    ("epsilon in the root", "PB407", "AdaGrad", "adjustment", "-learning_rate * average / sqrt(square_jar + epsilon)"),
    ("the jar of the batch before", "PB407", "AdaGrad", "adjustment",
     ROOTED.replace("jar)", "jar - average * average)")),
    ("kept and taken exchanged", "PB405 PB407", "RMSProp", "square_jar",
     "(1 - keep_square) * square_jar + keep_square * (average * average)"),
    ("a jar that never leaks", "PB405 PB407", "RMSProp", "square_jar",
     "square_jar + (1 - keep_square) * (average * average)"),
    ("all of the square taken", "PB405 PB407", "RMSProp", "square_jar", "keep_square * square_jar + average * average"),
    ("the total's square", "PB405 PB407", "RMSProp", "square_jar",
     "keep_square * square_jar + (1 - keep_square) * (total * total)"),
    ("no look ahead", "PB407", "Nesterov", "look_ahead", "savings"),
    ("the old savings ahead", "PB407", "Nesterov", "look_ahead", "average + friction * old_savings"),
    ("friction forgotten ahead", "PB407", "Nesterov", "look_ahead", "average + savings"),
    ("savings of what is left", "PB405 PB407", "Nesterov", "savings", "old_savings + (1 - friction) * average"),
    ("decay not times the rate", "PB407", "AdamW", "house", "-weight_decay * before"),
    ("decay the other way", "PB407", "AdamW", "house", "learning_rate * weight_decay * before"),
    ("decay left out", "PB407", "AdamW", "adjustment", "move"),
    ("decay in the jar too", "PB405 PB407", "AdamW", "mean_jar",
     "old_savings + (1 - keep_mean) * (average + weight_decay * before)"),
    ("no correction of the mean", "PB407", "AdamW", "mean", "mean_jar"),
):  # fmt: skip
    forgery(f"{name}: {what}", *codes.split())(told(RULES[name], line, formula))


# Losses and activations -----------------------------------------------------------------------------------------------


@cache
def _start(hidden: str, loss: str) -> Record:
    network = Network(Dense(4, 4, hidden), Dense(4, 3), seed=4)
    return header_of(Run(network, FOUR_NUMBERS, rule=SGD(0.25), loss=loss, batch_size=4))


def start(hidden: str = "tanh", loss: str = "squared error") -> Record:
    return copy.deepcopy(_start(hidden, loss))


def passed(change: Callable[[Record], None], hidden: str = "tanh", loss: str = "squared error") -> list[Record]:
    """A run whose passes were carried out otherwise than its header says."""
    honest = start(hidden, loss)
    false = copy.deepcopy(honest)
    change(false)
    assert false != honest
    return [honest, *derive(false, order(false))[1:]]


def blamed(loss: str, formula: str) -> Callable[[], list[Record]]:
    return lambda: passed(lambda found: found["loss"].update(blame=formula), loss=loss)


def layered(hidden: str, part: str, formula: str) -> Callable[[], list[Record]]:
    """part: "value" or "slope" of the hidden layer."""
    return lambda: passed(lambda found: found["layers"][0].update({part: formula}), hidden)


for loss, what, formula in (
    ("huber", "no bound", "a - t"),
    ("huber", "a bound of 1/2", "a - t if abs(a - t) <= 0.5 else 0.5 * sign(a - t)"),
    ("huber", "the sign turned beyond it", "a - t if abs(a - t) <= 1.0 else 1.0 * sign(t - a)"),
    ("huber", "a smooth bound", "(a - t) / sqrt(1 + (a - t) * (a - t))"),
    ("absolute error", "squared error's blame", "a - t"),
    ("absolute error", "the sign turned", "sign(t - a)"),
    ("absolute error", "a smoothed sign", "(a - t) / (abs(a - t) + 1e-8)"),
    ("absolute error", "halved", "sign(a - t) / 2"),
):
    forgery(f"{loss}: {what}", "PB402")(blamed(loss, formula))

for hidden, what, part, formula in (
    ("softsign", "a root", "value", "z / sqrt(1 + z * z)"),
    ("softsign", "a slope not squared", "slope", "1 / (1 + abs(z))"),
    ("softsign", "the slope of tanh", "slope", "1 - a * a"),
    ("elu", "not less 1", "value", "exp(z) if z <= 0 else z"),
    ("elu", "twice as deep", "value", "2 * (exp(z) - 1) if z <= 0 else z"),
    ("elu", "a slope without the 1", "slope", "a if z <= 0 else 1"),
    ("elu", "the slope of a relu", "slope", "0 if z <= 0 else 1"),
    ("gelu", "in its sigmoid form", "value", "z * sigmoid(1.702 * z)"),
    ("gelu", "0.044 in place of 0.044715", "value", f"0.5 * z * (1 + {BEND.replace('0.044715', '0.044')})"),
    ("gelu", "a slope that leaves out the bend's", "slope", f"0.5 * (1 + {BEND})"),
    ("softplus", "as books write it", "value", "log(1 + exp(z))"),
    ("softplus", "less log 2", "value", "max(z, 0) + log(1 + exp(-abs(z))) - log(2)"),
    ("softplus", "the slope of the other side", "slope", "sigmoid(-z)"),
    ("softplus", "the slope of its value", "slope", "sigmoid(a)"),
):
    forgery(f"{hidden}: {what}", "PB401" if part == "value" else "PB403")(layered(hidden, part, formula))
