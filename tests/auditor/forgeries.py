"""The corpus of forged ledgers (T7): each lies about one thing, with hashes computed anew so that they fit.

A forgery is a function that makes a file's bytes; the codes beside it say what an audit must find, no more and no
less. Nothing in the bytes gives that away: a forged ledger looks like any other.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from derive import Lie, added, derive, honest, matrix
from nets import FOUR, FOUR_NUMBERS
from piggy import Record, array, header_of, line_of, packed, records_of, rows, text_of

from piggybank import SGD, Adam, Dense, Momentum, Network, Run
from piggybank.arithmetic import ARRAY as FUNCTIONS_ON_ARRAYS
from piggybank.engine.faults import FAULTS
from piggybank.ordered import Array

SGD_RULE: Record = {
    "name": "SGD",
    "recipe": ["average = total / count", "adjustment = -learning_rate * average", "after = before + adjustment"],
    "constants": {"learning_rate": 0.25},
    "schedule": [],
    "memory": [],
    "shared_memory": [],
    "house": {},
}
MOMENTUM = SGD_RULE | {
    "name": "Momentum",
    "recipe": [
        "average = total / count",
        "old_savings = friction * savings",
        "savings = old_savings + average",
        "adjustment = -learning_rate * savings",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "friction": 0.5},
    "memory": ["savings"],
    "house": {"old_savings": "Old savings"},
}
ADAM = SGD_RULE | {
    "name": "Adam",
    "recipe": [
        "average = total / count",
        "old_savings = keep_mean * mean_jar",
        "mean_jar = old_savings + (1 - keep_mean) * average",
        "square_jar = keep_square * square_jar + (1 - keep_square) * (average * average)",
        "mean_fill = keep_mean * mean_fill + (1 - keep_mean)",
        "square_fill = keep_square * square_fill + (1 - keep_square)",
        "mean = mean_jar / mean_fill",
        "square = square_jar / square_fill",
        "adjustment = -learning_rate * mean / (sqrt(square) + epsilon)",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.125, "keep_mean": 0.9, "keep_square": 0.999, "epsilon": 1e-08},
    "memory": ["mean_jar", "square_jar"],
    "shared_memory": ["mean_fill", "square_fill"],
}
CLIPPED = SGD_RULE | {
    "recipe": [
        "average = total / count",
        "sum_of_squares = sum(average * average)",
        "norm = sqrt(sum_of_squares)",
        "shrink = min(1, clip_norm / norm)",
        "clipped = average * shrink",
        "adjustment = -learning_rate * clipped",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "clip_norm": 0.125},
}
DECAYED = SGD_RULE | {
    "recipe": [
        "average = total / count",
        "house = weight_decay * before",
        "pull = average + house",
        "adjustment = -learning_rate * pull",
        "after = before + adjustment",
    ],
    "constants": {"learning_rate": 0.25, "weight_decay": 0.125},
    "house": {"house": "Weight decay, the house coin"},
}
WARMED = SGD_RULE | {
    "schedule": ["warm_up = min(1, commit / warm_up_commits)", "learning_rate = learning_rate * warm_up"],
    "constants": {"learning_rate": 0.25, "warm_up_commits": 4.0},
}


@cache
def _header(name: str) -> Record:
    network, data, settings = {
        "xor": (Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", {"batch_size": 3}),
        "relu": (Network(Dense(4, 8, "relu"), Dense(8, 3), seed=4), FOUR_NUMBERS, {"batch_size": 4, "shuffle": 3}),
        "labels": (
            Network(Dense(4, 5, "sigmoid"), Dense(5, 3, "sigmoid"), seed=5),
            FOUR,
            {"batch_size": 4, "loss": "binary cross-entropy"},
        ),
        "classes": (
            Network(Dense(4, 5, "tanh"), Dense(5, 9, "softmax"), seed=5),
            (FOUR[0], np.eye(9)[[0, 1, 2, 3, 4, 5, 6, 7, 8, 0]]),
            {"batch_size": 4, "loss": "cross-entropy"},
        ),
        "large": (Network(Dense(4, 600, "relu"), Dense(600, 3), seed=4), FOUR_NUMBERS, {"batch_size": 4}),
    }[name]
    return header_of(Run(network, data, rule=SGD(0.25), **settings))  # type: ignore[arg-type]


def header(name: str = "xor", rule: Record = SGD_RULE, **changed: Any) -> Record:
    return copy.deepcopy(_header(name)) | {"rule": copy.deepcopy(rule)} | changed


def order(header: Record, epochs: int = 3) -> list[list[int]]:
    """Rows of each batch; where the header says shuffled, another order in every epoch."""
    count, size = len(header["data"]["row_names"]), header["batch_size"]
    found = []
    for epoch in range(epochs):
        step = 3 if count % 3 else 2
        ids = [(row * step + epoch) % count for row in range(count)] if header["shuffled"] else list(range(count))
        found += [ids[start : start + size] for start in range(0, count, size)]
    return found


def ledger(name: str = "xor", rule: Record = SGD_RULE, lie: Lie = honest, **changed: Any) -> list[Record]:
    start = header(name, rule, **changed)
    return derive(start, order(start), lie)


def at(step: str, batch: int, change: Callable[[Any], Any]) -> Lie:
    """A lie about one step of one batch (0: of every batch)."""
    return lambda found, number, value: change(value) if found == step and batch in (0, number) else value


def nudged(place: int = 0) -> Callable[[Array], Array]:
    """One number changed by its last bit."""

    def change(values: Array) -> Array:
        flat = np.array(values).ravel()
        flat[place] = np.nextafter(flat[place], math.inf)
        return flat.reshape(np.shape(values))

    return change


def swapped(values: Array) -> Array:
    """The first two samples' numbers exchanged."""
    return values[[1, 0, *range(2, len(values))]]


def rule_line(rule: Record, name: str, formula: str) -> Record:
    """The rule with one of its lines written otherwise."""
    lines = [f"{name} = {formula}" if line.startswith(f"{name} = ") else line for line in rule["recipe"]]
    assert lines != rule["recipe"]
    return rule | {"recipe": lines}


@dataclass(frozen=True)
class Forgery:
    """What was done, the codes that must be found, how it is audited, and the bytes."""

    what: str
    codes: frozenset[str]
    options: dict[str, Any]
    make: Callable[[], bytes]


FORGERIES: list[Forgery] = []


def forgery(what: str, *codes: str, **options: Any) -> Callable[[Callable[[], Any]], None]:
    """Adds a forgery to the corpus; the function gives records or the bytes themselves."""

    def add(make: Callable[[], Any]) -> None:
        def made() -> bytes:
            found = make()
            return found if isinstance(found, bytes) else text_of(found)

        FORGERIES.append(Forgery(what, frozenset(codes), options, made))

    return add


def edited(change: Callable[[list[Record]], Any], name: str = "xor", rule: Record = SGD_RULE) -> list[Record]:
    """An honest ledger with its records changed in place."""
    found = ledger(name, rule)
    change(found)
    return found


def respelled(old: str, new: str) -> bytes:
    """The last line's text changed, and hashed as it then stands."""
    records, before = ledger(), ""
    lines = []
    for record in records:
        line, before_this = line_of(record, before)
        lines.append(line)
        last, before = before, before_this
    body = json.dumps(records[-1], separators=(",", ":"))
    assert old in body
    body = body.replace(old, new, 1)
    found = hashlib.sha256((last + body).encode()).hexdigest()
    lines[-1] = f'{body[:-1]},"hash":"{found}"}}'.encode()
    return b"".join(line + b"\n" for line in lines)


# The file -------------------------------------------------------------------------------------------------------------

forgery("a space after a comma", "PB101")(lambda: respelled(',"epoch"', ', "epoch"'))
forgery("a field twice", "PB101")(lambda: respelled('{"batch":6,', '{"batch":6,"batch":6,'))
forgery("a number spelled otherwise", "PB101")(lambda: respelled('"learning_rate":0.25', '"learning_rate":0.250'))
forgery("a NaN that is no word", "PB101")(lambda: respelled('"learning_rate":0.25', '"learning_rate":NaN'))
forgery("a text escaped", "PB101")(lambda: respelled('"rows"', '"ro\\u0077s"'))
forgery("a hash that draws on the screen", "PB101")(lambda: text_of(ledger())[:-4] + "\x9b".encode() + b'"}\n')
forgery("line ends of another system", "PB101")(lambda: text_of(ledger()).replace(b"\n", b"\r\n"))
forgery("two lines made one", "PB101")(lambda: b" ".join(text_of(ledger()).rsplit(b"\n", 2)[:2]) + b"\n")

forgery("a line that is only a text", "PB101")(lambda: text_of(ledger()) + b'"hash"\n')
forgery("a line that is only a list", "PB101")(lambda: text_of(ledger()) + b'["hash"]\n')


@forgery("a row's name changed, its hash left", "PB102")
def _() -> bytes:
    return text_of(ledger()).replace(b'"row_names":["', b'"row_names":["X', 1)


@forgery("the last hash changed", "PB102")
def _() -> bytes:
    whole = text_of(ledger())
    return whole[:-4] + (b"0" if whole[-4:-3] != b"0" else b"1") + whole[-3:]


@forgery("a line of another run of the same settings put in", "PB102")
def _() -> bytes:
    lines = text_of(ledger()).splitlines(keepends=True)
    named = text_of(ledger(data=header()["data"] | {"source": "another file"})).splitlines(keepends=True)
    return b"".join([*lines[:-1], named[-1]])


SEAL = "-".join(hashlib.sha256(b"").hexdigest()[place : place + 4] for place in (0, 4, 8))
forgery("another run under the seal that was kept", "PB103", seal=SEAL)(ledger)


@forgery("the last batch cut off", "PB103", seal="-".join(line_of({}, "")[1][place : place + 4] for place in (0, 4, 8)))
def _() -> list[Record]:
    return ledger()[:-1]


@forgery("a sample's outputs missing", "PB104")
def _() -> list[Record]:
    return edited(lambda found: found[1]["outputs"][0].pop())


forgery("no learning rate", "PB104")(lambda: edited(lambda found: found[2].pop("learning_rate")))
forgery("a batch's number as text", "PB104")(lambda: edited(lambda found: found[2].update(batch="2")))
forgery("whole numbers as weights", "PB104")(lambda: edited(lambda found: found[2]["weights"][1][0].__setitem__(0, 1)))
forgery("a layer's blame missing", "PB104")(lambda: edited(lambda found: found[2]["blame"].pop()))
forgery("no memory", "PB104")(lambda: edited(lambda found: found[2]["memory"].clear(), "xor", MOMENTUM))
forgery("initial weights of another shape", "PB104")(lambda: edited(lambda found: found[0]["initial"][0].pop()))
forgery("a name that draws on the screen", "PB104")(
    lambda: edited(lambda found: found[0]["rule"].update(name="SGD\x1b[2K\rINTACT"))
)
forgery("a constant of such a name", "PB105", tier="strict")(
    lambda: edited(lambda found: found[0]["rule"]["constants"].update({"a\nINTACT": 0.5}))
)
forgery("fewer samples than none", "PB104")(lambda: edited(lambda found: found[0].update(batch_size=-3)))
forgery("an id that is not whole", "PB104")(lambda: edited(lambda found: found[1]["rows"].__setitem__(1, 1.0)))


@forgery("numbers where a digest is enough", "PB104")
def _() -> list[Record]:
    return edited(lambda found: found[2].update(weights=[[[0.5]], [[0.5]]]), "large")


forgery("all numbers where a digest is enough", "PB104")(
    lambda: edited(lambda found: found[2].update(weights=found[0]["initial"]), "large")
)
forgery("a list of more numbers than fit in a list", "PB104")(
    lambda: edited(lambda found: found[0]["data"].update(targets=rows(found[0]["data"]["targets"])), "classes")
)


@forgery("base64 of too many numbers", "PB104")
def _() -> list[Record]:
    found = ledger("large")
    found[0]["initial"][0]["f64"] = base64.b64encode(packed([0.5] * 3001)).decode()
    return found


forgery("a remark in a record", "PB105", tier="strict")(
    lambda: edited(lambda found: found[2].update(remark="all is well"))
)
forgery("a remark in the header", "PB105", tier="strict")(lambda: edited(lambda found: found[0]["data"].update(x=1)))
forgery("zeros at the end", "PB106")(lambda: text_of(ledger()) + b"\0" * 512)
forgery("words at the end", "PB106")(lambda: text_of(ledger()) + b"and so on")
forgery("another beginning at the end", "PB106")(lambda: text_of(ledger()) + b'{"batch":8,"epoch":')
forgery("a record without its line end, and more", "PB106")(lambda: text_of(ledger())[:-1] + b"J")


# Its order ------------------------------------------------------------------------------------------------------------

forgery("a number left out", "PB201")(lambda: edited(lambda found: found[4].update(batch=5)))
forgery("a batch of another epoch", "PB202")(lambda: edited(lambda found: found[4].update(epoch=1)))


@forgery("a record taken out and the others numbered anew", "PB401", "PB403", "PB407")
def _() -> list[Record]:
    found = ledger(batch_size=4)
    del found[2]
    found[2].update(batch=2, epoch=2)
    return found


def with_rows(name: str, *changed: tuple[int, list[int]]) -> list[Record]:
    """A run of other rows in some batches, each worked out right."""
    start = header(name)
    taken = order(start)
    for batch, ids in changed:
        taken[batch - 1] = ids
    return derive(start, taken)


forgery("a sample missing", "PB203")(lambda: with_rows("xor", (3, [0, 1])))
forgery("a sample more than there is room for", "PB203")(lambda: with_rows("xor", (3, [0, 1, 2, 3]), (4, [])))
forgery("a sample twice in a batch", "PB204")(lambda: with_rows("xor", (3, [0, 1, 1])))
forgery("a sample twice in an epoch", "PB204")(lambda: with_rows("xor", (4, [2])))
forgery("a row order that is no permutation", "PB204")(lambda: with_rows("relu", (1, [0, 3, 6, 0])))


@forgery("a row that does not exist", "PB204")
def _() -> list[Record]:
    return edited(lambda found: found[1]["rows"].__setitem__(2, 9))


forgery("rows in another order than the data", "PB205")(lambda: with_rows("xor", (3, [0, 2, 1])))


# The header -----------------------------------------------------------------------------------------------------------


def in_header(**changed: Any) -> list[Record]:
    return edited(lambda found: found[0].update(changed))


@forgery("code instead of a formula", "PB301")
def _() -> list[Record]:
    rule = rule_line(SGD_RULE, "after", "__import__('os').getpid()")
    return in_header(rule=rule)


forgery("a formula too deep to be one", "PB301")(
    lambda: in_header(rule=rule_line(SGD_RULE, "after", "-" * 1500 + "before"))
)
forgery("a name that nothing gives", "PB301")(lambda: in_header(rule=rule_line(SGD_RULE, "after", "before + lucky")))
forgery("a rule that never moves a weight", "PB301")(
    lambda: in_header(rule=SGD_RULE | {"recipe": SGD_RULE["recipe"][:2]})
)
forgery("a power in a slope", "PB301")(lambda: edited(lambda found: found[0]["layers"][0].update(slope="1 - a ** 2")))
forgery("layers that do not meet", "PB302")(
    lambda: edited(lambda found: found[0]["layers"][1].update(sources=["h1", "h2", "h4"]))
)
forgery("half a micro-batch", "PB302")(lambda: in_header(accumulate=2))
forgery("memory that the rule does not have", "PB302")(lambda: in_header(initial_memory={"savings": 0.5}))
forgery("a constant in the place of the count", "PB302")(
    lambda: edited(lambda found: found[0]["rule"]["constants"].update(count=3.0))
)
forgery("memory in the place of the coins", "PB302")(
    lambda: in_header(rule=MOMENTUM | {"memory": ["savings", "total"]})
)
forgery("no layers", "PB302")(lambda: in_header(layers=[], initial=[]))
forgery("batches of nothing", "PB302")(lambda: in_header(batch_size=0))
forgery("micro-batches of nothing", "PB302")(lambda: in_header(accumulate=0))
forgery("no rows", "PB302")(lambda: edited(lambda found: found[0]["data"].update(row_names=[])))
forgery("a layer without inputs", "PB302")(lambda: edited(lambda found: found[0]["layers"][0].update(sources=[])))
forgery("a layer without neurons", "PB302")(lambda: edited(lambda found: found[0]["layers"][-1].update(neurons=[])))


def without_data(name: str) -> list[Record]:
    """Only the data's digest in the file."""
    found = ledger(name)
    for part in ("inputs", "targets"):
        values = matrix(found[0]["data"][part])
        sha256 = hashlib.sha256(packed(values.ravel().tolist())).hexdigest()
        found[0]["data"][part] = {"shape": list(values.shape), "sha256": sha256}
    return found


def data_of(name: str) -> bytes:
    """What `without_data` left out."""
    return b"".join(packed(matrix(header(name)["data"][part]).ravel().tolist()) for part in ("inputs", "targets"))


@forgery("a target changed in data kept beside the file", "PB303", data=data_of("xor")[:-8] + packed([0.5]))
def _() -> list[Record]:
    return without_data("xor")


@forgery("a row missing in data kept beside the file, their digest made anew", "PB303", data=data_of("xor")[:-8])
def _() -> list[Record]:
    found = without_data("xor")
    values = matrix(header("xor")["data"]["targets"])
    found[0]["data"]["targets"]["sha256"] = hashlib.sha256(packed(values.ravel().tolist()[:-1])).hexdigest()
    return found


# A fork of another run ------------------------------------------------------------------------------------------------


def fork(without: Sequence[int]) -> Run:
    """Xor from its third batch on, by momentum."""
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    run = Run(network, "xor", rule=Momentum(0.125), batch_size=2).train(batches=5)
    return run.fork(3, without=without).train(batches=6)


def forked(without: Sequence[int], change: Callable[[list[Record]], Any] = lambda _: None) -> list[Record]:
    found = records_of(fork(without))
    change(found)
    return found


def with_parent(**changed: Any) -> Callable[[list[Record]], None]:
    return lambda found: found[0].update(parent=found[0]["parent"] | changed)


def lacking(batch: int) -> list[Record]:
    """A fork without the second row, of which one batch lacks a row more, worked out right."""
    found = forked([2])
    taken = [record["rows"] for record in found[1:]]
    taken[batch - 1] = taken[batch - 1][1:]
    return derive(found[0], taken)


forgery("a fork whose batch lacks another row", "PB203")(lambda: lacking(3))
forgery("a fork that lacks all rows of a batch", "PB203")(lambda: lacking(2))
forgery("another row lifted out than was said", "PB302")(lambda: forked([2], with_parent(without=["row 4"])))
forgery("a row lifted out and banked", "PB302")(lambda: forked([2], with_parent(without=["row 2", "row 3"])))
forgery("rows lifted out without a word", "PB104")(lambda: forked([2], lambda found: found[0]["parent"].pop("without")))
forgery("a parent that is only a seal", "PB104")(lambda: forked([], lambda found: found[0].update(parent="0" * 14)))
forgery("a parent that nobody named", "PB302")(lambda: edited(lambda found: found[0].update(skip=1), rule=MOMENTUM))
forgery("more skipped than an epoch has", "PB302")(lambda: forked([], lambda found: found[0].update(skip=2)))


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


# A fault hidden: the run of a faulty loop, under the header of a good one ---------------------------------------------


def with_fault(fault: str) -> list[Record]:
    rule = Adam(0.125) if fault == "epsilon-inside-root" else Momentum(0.125)
    micro = {"batch_size": 3, "accumulate": 2} if fault == "average-of-averages" else {"batch_size": 3}
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return records_of(Run(network, "xor", rule=rule, fault=fault, **micro).train(epochs=3))  # type: ignore[arg-type]


def hidden(fault: str) -> Callable[[], list[Record]]:
    def make() -> list[Record]:
        found = with_fault(fault)
        header = found[0]
        rule = Adam(0.125) if header["rule"]["name"] == "Adam" else Momentum(0.125)
        kept = {*rule.memory, *rule.shared_memory}
        header["rule"] |= {"recipe": list(rule.recipe("average").text), "memory": list(rule.memory)}
        header["rule"]["shared_memory"] = list(rule.shared_memory)
        header["fault"] = ""
        for record in found[1:]:
            record["memory"] = {name: value for name, value in record["memory"].items() if name in kept}
        return found

    return make


forgery("coins that stay in the bank, hidden", "PB405", "PB407")(hidden("forgot-to-empty"))
forgery("sums for means, hidden", "PB405", "PB407")(hidden("sum-for-mean"))
forgery("averages of averages, hidden", "PB405", "PB407")(hidden("average-of-averages"))
forgery("epsilon inside the root, hidden", "PB407")(hidden("epsilon-inside-root"))
forgery("biases updated per input, hidden", "PB407")(hidden("bias-updated-per-input"))
forgery("coins of a short batch left over, hidden", "PB405", "PB407")(hidden("stale-last-batch"))
for fault in FAULTS:
    forgery(f"{fault}, not declared", "PB304", tier="strict")(
        lambda fault=fault: [with_fault(fault)[0] | {"fault": ""}, *with_fault(fault)[1:]]
    )


# Honest arithmetic under a false name ---------------------------------------------------------------------------------

forgery("a fault declared that is not there", "PB304", tier="strict")(lambda: ledger(fault="sum-for-mean"))
forgery("momentum that calls itself SGD", "PB304", tier="strict")(lambda: ledger("xor", MOMENTUM | {"name": "SGD"}))
forgery("decay without a constant for it", "PB304", tier="strict")(
    lambda: ledger("xor", rule_line(SGD_RULE, "after", "before + adjustment - before / 64"))
)
forgery("a sigmoid that calls itself tanh", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["layers"][0].update(value="sigmoid(z)", slope="a * (1 - a)"))
)
forgery("a slope of another function", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["layers"][0].update(slope="1 - a"))
)
forgery("a loss that is not halved", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["loss"].update(blame="2 * (a - t)"))
)
forgery("a loss fused with another slope", "PB304", tier="strict")(
    lambda: renamed(lambda start: start["loss"].update(fused=True))
)
forgery("a constant that is no number", "PB305", tier="strict")(
    lambda: renamed(lambda start: start["rule"]["constants"].update(idle="inf"))
)
forgery("a weight that left the numbers", "PB305", tier="strict")(
    lambda: ledger("xor", SGD_RULE | {"constants": {"learning_rate": 1e308}})
)


def renamed(change: Callable[[Record], Any]) -> list[Record]:
    """A run whose header was changed before, so that it is carried out as it says."""
    start = header()
    change(start)
    return derive(start, order(start))
