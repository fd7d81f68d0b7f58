"""Forgeries of the file, of the order of its batches, and of its header."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from derive import derive, matrix
from forging import MOMENTUM, SGD_RULE, edited, forgery, header, ledger, order, respelled, rule_line
from piggy import Record, line_of, packed, rows, text_of

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
forgery("a loss that is no formula", "PB301")(lambda: edited(lambda found: found[0]["loss"].update(value="import os")))
forgery("a slope that is no formula, in a layer that needs none", "PB301")(
    lambda: edited(lambda found: (found[0]["loss"].update(fused=True), found[0]["layers"][1].update(slope="os.x")))
)
forgery("a house coin of a line that is not there", "PB301")(
    lambda: in_header(rule=SGD_RULE | {"house": {"decay": "weight decay"}})
)
forgery("two neurons of one name", "PB302")(
    lambda: edited(lambda found: [layer.update({end: ["h1", "h1", "h3"]}) for layer, end in ends(found[0])])
)
forgery("a neuron called bias", "PB302")(
    lambda: edited(lambda found: [layer.update({end: ["h1", "bias", "h3"]}) for layer, end in ends(found[0])])
)
forgery("a neuron that is called like a weight", "PB302")(
    lambda: edited(lambda found: [layer.update({end: ["h1", "x1->h1", "h3"]}) for layer, end in ends(found[0])])
)
forgery("an input without a name", "PB302")(lambda: edited(lambda found: found[0]["data"]["input_names"].pop()))
forgery("more targets named than there are", "PB302")(
    lambda: edited(lambda found: found[0]["data"]["target_names"].append("z"))
)
forgery("a scaling of some inputs", "PB302")(lambda: edited(lambda found: found[0]["data"].update(scaling=["x / 2"])))
forgery("an unknown way to put coins together", "PB302")(lambda: in_header(reduce="product"))
forgery("half a micro-batch", "PB302")(lambda: in_header(accumulate=2))
forgery("memory that the rule does not have", "PB302")(lambda: in_header(initial_memory={"savings": 0.5}))
forgery("weights at the start that stand as memory, others in their place", "PB302")(
    lambda: edited(lambda found: found[0].update(initial_memory={"after": found[0]["initial"]}, initial=[[[0.5]]]))
)
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
forgery("a layer without neurons in the middle", "PB302")(lambda: edited(lambda found: emptied(found[0]["layers"])))
forgery("a layer without neurons", "PB302")(lambda: edited(lambda found: found[0]["layers"][-1].update(neurons=[])))


def emptied(layers: list[Record]) -> None:
    """The first layer made two, with nothing between them."""
    layers[:1] = [layers[0] | {"neurons": []}, layers[0] | {"sources": []}]


def ends(header: Record) -> list[tuple[Record, str]]:
    """Where the hidden neurons' names stand."""
    return [(header["layers"][0], "neurons"), (header["layers"][1], "sources")]


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
