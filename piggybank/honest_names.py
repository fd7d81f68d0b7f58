"""What the names in a saved run stand for: to find a run whose formulas are not those of the rule it names.

The auditor recomputes whatever formulas a file has. `piggybank audit --strict` also compares them with this table, so
that a momentum that calls itself SGD is found, or a fault that was not declared. Like the auditor it shares nothing
with the rest of the package, whose own formulas may be wrong: they are written down here once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAMES = """
linear: z | 1;
relu: 0 if z <= 0 else z | 0 if z <= 0 else 1;
leaky relu: 0.01 * z if z <= 0 else z | 0.01 if z <= 0 else 1;
elu: exp(z) - 1 if z <= 0 else z | a + 1 if z <= 0 else 1;
gelu: 0.5 * z * (1 + BEND)
    | 0.5 * (1 + BEND) + 0.5 * z * (1 - BEND * BEND) * (0.7978845608028654 * (1 + 0.134145 * z * z));
softplus: max(z, 0) + log(1 + exp(-abs(z))) | sigmoid(z);
softsign: z / (1 + abs(z)) | 1 / ((1 + abs(z)) * (1 + abs(z)));
tanh: tanh(z) | 1 - a * a;
sigmoid: sigmoid(z) | a * (1 - a);
softmax: exp(z - top) / whole | a * (1 - a) | top = largest(z) | whole = sum(exp(z - top));
squared error: (a - t) * (a - t) / 2 | a - t;
absolute error: abs(a - t) | sign(a - t);
huber: (a - t) * (a - t) / 2 if abs(a - t) <= DELTA else DELTA * (abs(a - t) - DELTA / 2)
    | a - t if abs(a - t) <= DELTA else DELTA * sign(a - t);
binary cross-entropy: max(z, 0) - z * t + log(1 + exp(-abs(z))) | a - t | sigmoid;
cross-entropy: 0 if t == 0 else t * (log(whole) - (z - top)) | a - t | softmax;
SGD: adjustment = -learning_rate * COIN;
Momentum: SAVE | adjustment = -learning_rate * savings;
Nesterov: SAVE | look_ahead = COIN + friction * savings | adjustment = -learning_rate * look_ahead;
AdaGrad: square_jar = square_jar + COIN * COIN | adjustment = -learning_rate * COIN / (sqrt(square_jar) + epsilon);
RMSProp: SQUARES | adjustment = -learning_rate * COIN / (sqrt(square_jar) + epsilon);
Adam: JARS | adjustment = -learning_rate * mean / (sqrt(square) + epsilon);
AdamW: JARS | house = -learning_rate * weight_decay * before
    | move = -learning_rate * mean / (sqrt(square) + epsilon) | adjustment = house + move;
clip_value: clipped = min(clip_value, max(-clip_value, average));
clip_norm: sum_of_squares = sum(average * average) | norm = sqrt(sum_of_squares)
    | shrink = min(1, clip_norm / norm) | clipped = average * shrink"""
"""Activations: value, slope, shared lines. Losses: value, blame, and the activation that is fused with it. Rules, and
what comes before a rule's own lines: lines. Words in capitals stand for something else."""
WORDS = {
    "BEND": "tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))",
    "SAVE": "old_savings = friction * savings | savings = old_savings + COIN",
    "JARS": "old_savings = keep_mean * mean_jar | mean_jar = old_savings + (1 - keep_mean) * COIN | SQUARES"
    " | mean_fill = keep_mean * mean_fill + (1 - keep_mean)"
    " | square_fill = keep_square * square_fill + (1 - keep_square)"
    " | mean = mean_jar / mean_fill | square = square_jar / square_fill",
    "SQUARES": "square_jar = keep_square * square_jar + (1 - keep_square) * (COIN * COIN)",
}


def meaning(name: str, **words: str) -> list[str] | None:
    """What a name stands for, however it is spelled; None for a name of one's own."""
    entries = {_plain(entry.split(": ", 1)[0]): entry.split(": ", 1)[1] for entry in NAMES.split(";")}
    if _plain(name) not in entries:
        return None
    text = entries[_plain(name)]
    for word, other in {**WORDS, **words}.items():
        text = text.replace(word, other)
    return [" ".join(line.split()) for line in text.split("|")]


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def claims(header: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Of a run's header: every name of a formula, the formulas it stands for, and those that are there. When these
    differ, the run is not what it is called. A name of one's own stands for whatever is there."""
    loss, rule, fault, layers = header["loss"], header["rule"], header["fault"], header["layers"]
    for layer in layers:
        found = [layer["value"], layer["slope"], *layer["shared"]]
        yield layer["activation"], meaning(layer["activation"]) or found, found
    found = [loss["value"], loss["blame"], *[layer["activation"] for layer in layers[-1:] if loss["fused"]]]
    delta = loss["blame"].partition("<= ")[2].partition(" ")[0]
    name = "huber" if _plain(loss["name"]) == f"huber {delta.removesuffix('.0')}" else loss["name"]
    yield loss["name"], meaning(name, DELTA=delta) or found, found
    before, coin = [], "average"
    for clip in {"clip_value", "clip_norm"} & {*rule["constants"]}:
        before, coin = meaning(clip) or [], "clipped"
    if "weight_decay" in rule["constants"] and _plain(rule["name"]) != "adamw":
        before, coin = [*before, "house = weight_decay * before", f"pull = {coin} + house"], "pull"
    own = meaning(rule["name"], COIN=coin) or []
    lines = ["average = total / count", *before, *own, "after = before + adjustment"]
    if header["reduce"] == "total":
        lines = [line.replace("average", "total") for line in lines[1:]]
    if own and (lines == rule["recipe"]) == bool(fault):
        yield rule["name"], "the recipe of that fault" if fault else lines, rule["recipe"]
