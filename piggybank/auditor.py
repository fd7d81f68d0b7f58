"""An independent auditor: recomputes a .piggy file from its header to its seal, in plain Python, to the last bit.

It stands alone: it imports nothing of piggybank, has its own reader, formulas, sums, exp, log and tanh, and can be
copied anywhere and run as `python auditor.py run.piggy`. The class `Auditor` is the whole idea; its tools stand above
it. Every number is derived again from the recorded numbers before it, so that a false one is found where it stands;
where none is found, all follows from the header. Bits are compared (every nan is the same number), without tolerance.
No text of a file is ever executed.

Tiers: "basic" checks the file, its hashes and its order; "full" also recomputes every number; "strict" also wants
finite numbers, known fields, and formulas that are what their names say. CODES lists all that can be found.
Exit codes: 0 intact, 1 something was found, 2 not a file that can be audited.
"""

from __future__ import annotations

import argparse
import ast
import base64
import hashlib
import json
import math
import operator
import os
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Context, Decimal, localcontext
from functools import cache, reduce
from itertools import chain, islice, pairwise, repeat
from pathlib import Path
from typing import Any, BinaryIO

CODES = {
    "PB101": "the line is not the canonical JSON of a record: doubled keys, other spellings, spaces, NaN",
    "PB102": "the hash is not the SHA-256 of the hash before and this record: something was changed afterwards",
    "PB103": "the seal is not the one that was given",
    "PB104": "a field is missing, out of order, or not of the kind, shape or length that it must have",
    "PB105": "a field that nobody knows (strict)",
    "PB106": "what stands after the last record is not the beginning of another one",
    "PB201": "the number of a batch does not follow the one before: records are missing or doubled",
    "PB202": "the epoch is not the one that this batch belongs to",
    "PB203": "the batch has not as many samples as its place in the epoch asks for",
    "PB204": "a row was banked twice in an epoch, or there is no such row",
    "PB205": "rows are not in the order of the data, though nothing was shuffled",
    "PB301": "a text is not a formula, or uses a name that nothing gives it, or a needed line is missing",
    "PB302": "the parts of the header do not fit together",
    "PB303": "the data given are not the data of the run",
    "PB304": "a formula is not the one that its name stands for, and no fault is declared; or the other way (strict)",
    "PB305": "a number is infinite or not a number (strict)",
    "PB401": "a prediction does not follow from the inputs and the weights before the batch",
    "PB402": "the blame of an output does not follow from its prediction and its target",
    "PB403": "blame carried back does not follow from the next layer's blame and the weights before the batch",
    "PB404": "the learning rate is not what the header says for this commit",
    "PB405": "what the rule keeps for a weight does not follow from its coins by the recipe",
    "PB406": "what the rule keeps for all weights together does not follow by the recipe",
    "PB407": "a weight after the commit does not follow from its coins by the recipe",
    "PB408": "weights or memory, recomputed from the record before, have another digest than the recorded one",
}


class Flaw(Exception):  # noqa: N818  # a finding after which nothing more can be checked: code, where, expected, found
    pass


class Unreadable(ValueError):  # noqa: N818  # no file that can be audited; the message is one sentence
    pass


@dataclass(frozen=True)
class Finding:
    """A flaw of a record (0: the header): the first place that shows it, and how many more there are."""

    code: str
    record: int
    where: str
    expected: str
    found: str
    more: int = 0

    def __str__(self) -> str:
        place = f"{self.code} {f'batch {self.record}' if self.record else 'header'}, {self.where}"
        more = f" and {self.more} more" if self.more else ""
        return f"{place}: expected {self.expected}, found {self.found}{more}; {CODES[self.code]}"


@dataclass
class Report:
    """What an audit found; as text, the verdict comes first."""

    file: str
    tier: str
    batches: int = 0
    coins: int = 0
    seal: str = ""
    unfinished: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, where: str, expected: Any, found: Any, more: int = 0) -> None:
        if self.tier == "strict" or not CODES[code].endswith("(strict)"):
            self.findings.append(Finding(code, self.batches, where, str(expected)[:500], str(found)[:500], more))

    def same(self, code: str, where: str, expected: Any, found: Any) -> None:
        if repr(expected) != repr(found):
            self.add(code, where, expected, found)

    def __str__(self) -> str:
        verdict = f"NOT INTACT, findings: {len(self.findings)}" if self.findings else "INTACT"
        tail = f"; {self.unfinished} bytes of an unfinished batch left out" if self.unfinished else ""
        seen = f"{self.file}, {self.batches} batches, {self.coins} coins, seal {self.seal}"
        return "\n".join([f"{verdict} ({self.tier}): {seen}{tail}", *map(str, self.findings)])


# Functions: + − × ÷ and tables, as the arithmetic contract writes them ------------------------------------------------


def parts(value: Decimal, *bits: int) -> list[Decimal]:
    """The nearest multiple of 2^-bits, of what is left the next one …, and the rest."""
    found = []
    for each in bits:
        found.append((value * 2**each).to_integral_value() / 2**each)
        value -= found[-1]
    return [*found, value]


@cache
def entry(table: str, n: int = 0) -> list[float]:
    """Row n of a table, computed with 60 digits and rounded once."""
    with localcontext(Context(prec=60)):
        ln2, half_pi = Decimal(2).ln(), Decimal("1.5707963267948966192313216916397514420985846996875529104874")
        row: list[Any] = []
        match table:
            case "exp":  # 2^(n/4096), in two parts
                row = parts((ln2 * n / 4096).exp(), 52)
            case "log":  # the centre of a bucket between 0.75 and 1.5, next to 1 it is 1; its logarithm in two parts
                row = [(6145 + 2 * n) / 8192 if n < 1022 else (2049 + 2 * n) / 4096 if n > 1024 else 1.0]
                row += parts(Decimal(row[0]).ln(), 42)
            case "tanh":  # a node, next to 0 it is 0; its tanh and 1 − tanh²
                square = (Decimal(n) / 64).exp()
                value = (square - 1) / (square + 1)
                row = [n / 128, value, 1 - value * value] if abs(n) > 1 else [0.0, -0.0, 1.0]
            case "ln 2":
                row = [4096 / ln2, *parts(ln2 / 4096, 42), *parts(ln2, 42)]
            case "pi":
                row = [1 / half_pi, *parts(half_pi, 32, 65)]
        return [float(value) for value in row]


STEPS, STEP, STEP_REST, LOG2, LOG2_REST = entry("ln 2")
TWO_OVER_PI, P1, P2, P3 = entry("pi")


def exp(x: float) -> float:
    if not -746.0 <= x <= 709.782712893384:
        return x if x != x else math.inf if x > 0.0 else 0.0
    n = round(x * STEPS)
    r = (x - n * STEP) - n * STEP_REST
    k, j = divmod(n, 4096)
    power, rest = entry("exp", j)
    y = power + (rest + power * (r + (r * r) * (1 / 2 + r * (1 / 6))))
    return (y * math.ldexp(1.0, k // 2)) * math.ldexp(1.0, k - k // 2)


def log(x: float) -> float:
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else x if x > 0.0 else math.nan
    m, k = math.frexp(x)
    if m < 0.75:
        m, k = 2.0 * m, k - 1
    centre, high, rest = entry("log", int((m - 0.75) * 4096.0) if m < 1.0 else 1024 + int((m - 1.0) * 2048.0))
    f = (m - centre) / centre
    q = (f * f) * (((f * (1 / 5) - 1 / 4) * f + 1 / 3) * f - 1 / 2)
    return (k * LOG2 + high) + (f + (q + (k * LOG2_REST + rest)))


def tanh(x: float) -> float:
    if x != x:
        return x
    x = min(max(x, -20.0), 20.0)
    node, value, slope = entry("tanh", round(x * 128.0))
    r = x - node
    s = r * r
    t = ((((s * (-17 / 315) + 2 / 15) * s + (-1 / 3)) * s) + 1.0) * r
    return value + (t * slope) / (value * t + 1.0)


def sigmoid(z: float) -> float:
    e = exp(-abs(z))
    q = e / (e + 1.0)
    return 1.0 - q if z >= 0.0 else e - e * q


def cos(x: float) -> float:
    if not abs(x) <= 2.0**20:
        return math.nan
    n = round(x * TWO_OVER_PI)
    r, p, odd = ((x - n * P1) - n * P2) - n * P3, 0.0, n % 2
    s = r * r
    for k in range(6 + odd, -1, -1):
        p = (-1) ** (k + odd) / math.factorial(2 * k + 4 - odd) + s * p
    y = r + r * (s * p) if odd else 1.0 - s * (0.5 - s * p)
    return -y if n % 4 in (1, 2) else y


def divide(a: float, b: float) -> float:
    """As IEEE 754 says, where Python would stop."""
    if b:
        return a / b
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    "exp": exp, "log": log, "tanh": tanh, "sigmoid": sigmoid, "cos": cos, "abs": abs,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "floor": lambda x: math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x,
    "sign": lambda x: 1.0 if x > 0 else -1.0 if x < 0 else x,
    "max": lambda a, b: a if a >= b else b,
    "min": lambda a, b: a if a <= b else b,
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: divide,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.USub: operator.neg,
}  # fmt: skip
ARGUMENTS = {"max": 2, "min": 2}
REDUCTIONS: dict[str, Callable[[list[float]], float]] = {
    "sum": lambda values: reduce(operator.add, values, 0.0),
    "largest": lambda values: reduce(lambda a, b: a if a >= b or a != a else b, values),
}


# Formulas: columns of numbers in, a column out; a single number is a column that repeats it ---------------------------

Known = dict[str, Iterable[float]]
Column = Callable[[Known], Iterable[float]]
Recipe = list[tuple[str, Column, Any]]


def column(node: Any, names: set[str]) -> Column:
    """What a part of a formula computes. LookupError: it is no formula, or uses other names."""
    match node:
        case ast.Constant(value=int() | float() as number) if type(number) is not bool:
            repeated = repeat(float(number))
            return lambda known: repeated
        case ast.Name(id=name) if name in names:
            return lambda known: known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            function, operands = FUNCTIONS[ast.USub], [operand]
        case ast.BinOp(left=left, op=op, right=right):
            function, operands = FUNCTIONS[type(op)], [left, right]
        case ast.IfExp(test=ast.Compare(left=left, ops=[op], comparators=[right]), body=yes, orelse=no):
            holds, operands = FUNCTIONS[type(op)], [left, right, yes, no]
            function = lambda a, b, x, y: x if holds(a, b) else y  # noqa: E731
        case ast.Call(func=ast.Name(id=name), args=operands, keywords=[]) if len(operands) == ARGUMENTS.get(name, 1):
            function = FUNCTIONS[name]
        case _:
            raise LookupError
    columns = [column(operand, names) for operand in operands]
    return lambda known: map(function, *[each(known) for each in columns])


def recipe(lines: Iterable[str], given: Iterable[str], needed: Iterable[str] = ()) -> Recipe:
    """Lines (name, formula, reduction or None); each may use the given names and those of the lines before it."""
    found, names = Recipe(), set(given)
    for line in lines:
        name, _, text = (part.strip() for part in line.partition("="))
        try:
            node, whole = ast.parse(text if len(text) <= 2000 else "", mode="eval").body, None
            match node:
                case ast.Call(func=ast.Name(id="sum" | "largest" as called), args=[inner], keywords=[]):
                    node, whole = inner, REDUCTIONS[called]
            found.append((name, column(node, names), whole))
        except (SyntaxError, ValueError, LookupError, OverflowError, RecursionError, MemoryError):
            raise Flaw("PB301", line[:60], f"a formula of {' '.join(sorted(names))}", text[:200]) from None
        names.add(name)
    for name in sorted({*needed} - {name for name, _, _ in found}):
        raise Flaw("PB301", "rule.recipe", f"a line for {name}", "none")
    return found


def carry_out(lines: Recipe, known: Known, size: int, group: int) -> None:
    """Line by line on columns of so many numbers; `known` gains every line's name. A reduction runs over each group."""
    for name, formula, whole in lines:
        values = list(islice(formula(known), size))
        known[name] = [x for part in cut(values, group) for x in [whole(part)] * group] if whole else values


def cut(values: list[float], size: int) -> list[list[float]]:
    return [values[place : place + size] for place in range(0, len(values), size)]


# Reading --------------------------------------------------------------------------------------------------------------

LONGEST_HEADER, MOST_FINDINGS, FEW_WEIGHTS, FULL_EVERY = 80 << 20, 1000, 4096, 64
START = b'{"format":"piggybank","version":'
SPELLED = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
TEXTS, NAMED = [""], {...: None}
HEADER = {
    "format": "", "version": 1,
    "data": {"name": "", "source": "", "input_names": TEXTS, "scaling": TEXTS, "target_names": TEXTS, "classes": TEXTS,
             "row_names": TEXTS, "inputs": None, "targets": None},
    "layers": [{"sources": TEXTS, "neurons": TEXTS, "bias": True, "activation": "", "shared": TEXTS, "value": "",
                "slope": ""}],
    "loss": {"name": "", "value": "", "blame": "", "fused": True},
    "rule": {"name": "", "recipe": TEXTS, "constants": {...: 0.5}, "schedule": TEXTS, "memory": TEXTS,
             "shared_memory": TEXTS, "house": {...: ""}},
    "reduce": "", "batch_size": 1, "accumulate": 1, "shuffled": True, "fault": "", "parent": None, "skip": 1,
    "initial": [None], "initial_memory": NAMED,
}  # fmt: skip
BATCH = {"batch": 1, "epoch": 1, "rows": [1], "learning_rate": 0.5, "outputs": [None], "blame": [None],
         "memory": NAMED, "weights": None}  # fmt: skip
"""Records by example: the same fields in the same order, of the same kind (None: looked at later; ...: any name)."""


def misfits(form: Any, value: Any, where: str) -> Iterator[tuple[str, str, str, str]]:
    """Where a value is not like the example, worst first."""
    if form is None or (type(form) is float and type(value) is str and value in SPELLED):
        return
    unfit = (type(value) is int and value < 0) or (type(value) is str and not value.isprintable())
    if type(value) is not type(form) or unfit:
        yield "PB104", where, f"{type(form).__name__}, from 0 or printable", repr(value)[:60]
    elif type(form) is list:
        yield from chain.from_iterable(misfits(form[0], part, f"{where}[{i}]") for i, part in enumerate(value))
    elif type(form) is dict:
        known = [key for key in value if key in form or (... in form and key.isprintable())]
        if ... not in form and known != [*form]:
            yield "PB104", where, " ".join(form), " ".join(known)
        yield from chain.from_iterable(misfits(form.get(x, form.get(...)), value[x], f"{where}.{x}") for x in known)
        yield from (("PB105", where, "no such field", repr(key)[:60]) for key in value if key not in known)


def parse(line: bytes) -> tuple[dict[str, Any], bytes, str]:
    """The fields of a line, its body as it was hashed, and its hash. Flaw when it is not written as it must be."""
    try:
        record = json.loads(line, parse_int=lambda digits: int(digits[:16]))
        written = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError):
        written = b""
    if written != line or type(record) is not dict:
        raise Flaw("PB101", "line", "an object in canonical JSON", repr(line[:60]))
    if [*record][-1:] != ["hash"] or type(record["hash"]) is not str or len(record["hash"]) != 64:
        raise Flaw("PB104", "hash", "64 digits as the last field", repr(line[-80:]))
    return record, line[:-75] + b"}", record.pop("hash")


def numbers(value: Any, rows: int, columns: int, where: str) -> list[float]:
    """An array, row after row. Flaw when it has not this shape."""
    size, found = rows * columns, list[Any]()
    try:
        if type(value) is dict and value["shape"] == [rows, columns] and len(value) == 2:
            found = [*struct.unpack(f"<{size}d", base64.b64decode(value["f64"], validate=True))]
        elif size <= 64 and len(value) == rows and all(len(row) == columns for row in value):
            found = [SPELLED[x] if type(x) is str else x for x in chain.from_iterable(value)]
    except (ValueError, TypeError, LookupError, struct.error):
        pass
    if len(found) != size or any(type(x) is not float for x in found):
        raise Flaw("PB104", where, f"{rows} by {columns} numbers", repr(value)[:60])
    return found


def as_list(value: list[float] | float) -> list[float]:
    return value if isinstance(value, list) else [value]


def packed(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


# Names, and what they stand for (strict) ------------------------------------------------------------------------------

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
    """What a name stands for; None for a name of one's own."""
    entries = dict(entry.strip().split(": ", 1) for entry in NAMES.split(";"))
    if name not in entries:
        return None
    text = entries[name]
    for word, other in {**WORDS, **words}.items():
        text = text.replace(word, other)
    return [" ".join(line.split()) for line in text.split("|")]


def misnamed(header: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Formulas that are not what their names stand for."""
    loss, rule, fault, layers = header["loss"], header["rule"], header["fault"], header["layers"]
    for layer in layers:
        found = [layer["value"], layer["slope"], *layer["shared"]]
        yield "PB304", layer["activation"], meaning(layer["activation"]) or found, found
    found = [loss["value"], loss["blame"], *[layer["activation"] for layer in layers[-1:] if loss["fused"]]]
    delta = loss["blame"].partition("<= ")[2].partition(" ")[0]
    name = "huber" if loss["name"] == f"huber {delta.removesuffix('.0')}" else loss["name"]
    yield "PB304", loss["name"], meaning(name, DELTA=delta) or found, found
    before, coin = [], "average"
    for clip in {"clip_value", "clip_norm"} & {*rule["constants"]}:
        before, coin = meaning(clip) or [], "clipped"
    if "weight_decay" in rule["constants"] and rule["name"] != "AdamW":
        before, coin = [*before, "house = weight_decay * before", f"pull = {coin} + house"], "pull"
    own = meaning(rule["name"], COIN=coin) or []
    lines = ["average = total / count", *before, *own, "after = before + adjustment"]
    if header["reduce"] == "total":
        lines = [line.replace("average", "total") for line in lines[1:]]
    if own and (lines == rule["recipe"]) == bool(fault):
        yield "PB304", rule["name"], "the recipe of that fault" if fault else lines, rule["recipe"]


# Recomputing ----------------------------------------------------------------------------------------------------------

Arrays = list[list[float]]
"""An array for each layer, row after row: a row for a sample, or for a source."""
Given = list[list[list[float]]]
CLOCK = ("commit", "epoch", "commits_per_epoch")
GIVEN = ("total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches", "repeats")


def dot(left: Iterable[float], right: Iterable[float]) -> float:
    """(((0 + x1*w1) + x2*w2) + …)"""
    return reduce(operator.add, map(operator.mul, left, right), 0.0)


class Layer:
    """One layer's names and shape, where its weights stand among all, and its formulas as lines of recipes."""

    def __init__(self, form: dict[str, Any], loss: dict[str, Any] | None, first: int) -> None:
        self.sources, self.neurons, self.bias, self.first = form["sources"], form["neurons"], form["bias"], first
        self.height, self.width = len(self.sources) + self.bias, len(self.neurons)
        self.end = first + self.height * self.width
        self.forward = recipe([*form["shared"], "a = " + form["value"]], ["z"])
        backward = ["slope = " + form["slope"], "blame = arriving * slope"]
        if loss:
            backward = ["arriving = " + loss["blame"], *(["blame = arriving"] if loss["fused"] else backward)]
        known = ["z", *(name for name, _, _ in self.forward)]
        self.backward = recipe(backward, [*known, "t" if loss else "arriving"])

    def output(self, place: int) -> str:
        return f"{self.neurons[place % self.width]}, sample {place // self.width + 1}"


class Auditor:
    """Holds what the batches so far have led to, and checks one batch after the other against it."""

    def __init__(self, header: dict[str, Any], data: bytes, report: Report) -> None:
        for code, where, expected, found in misnamed(header):
            report.same(code, where, expected, found)
        self.header, self.rule, self.report, self.data = header, header["rule"], report, data
        self.rows, self.banked, forms = len(header["data"]["row_names"]), set[int](), header["layers"]
        self.micro, rest = divmod(header["batch_size"], header["accumulate"] or math.inf)
        fits = forms and all(x["sources"] and x["neurons"] for x in forms) and self.rows and self.micro and not rest
        fits = fits and {*header["initial_memory"]} <= {*self.rule["memory"], *self.rule["shared_memory"]}
        if not fits or any(a["neurons"] != b["sources"] for a, b in pairwise(forms)):
            raise Flaw("PB302", "header", "layers that follow one another, rows, whole micro-batches", "something else")
        self.layers = list[Layer]()
        for form in forms:
            loss, first = header["loss"] if form is forms[-1] else None, self.layers[-1].end if self.layers else 0
            self.layers.append(Layer(form, loss, first))
        self.size = self.layers[-1].end
        self.constants = {name: SPELLED.get(value, value) for name, value in self.rule["constants"].items()}
        self.schedule = recipe(self.rule["schedule"], [*CLOCK, *self.constants])
        self.shared = self.rule["shared_memory"]
        self.kept = ["after", *self.rule["memory"], *self.shared]
        settings = {*self.constants, *(name for name, _, _ in self.schedule)}
        twice = settings & {*GIVEN, *self.kept} | {*GIVEN} & {*self.kept}
        if twice:
            raise Flaw("PB302", "rule", "one meaning for a name", ", ".join(sorted(twice)))
        self.recipe = recipe(self.rule["recipe"], [*GIVEN, *settings, *self.kept[1:]], self.kept)
        self.inputs = self._data("inputs", len(self.layers[0].sources))
        self.targets = self._data("targets", self.layers[-1].width)
        self.state: dict[str, Any] = {name: 0.0 if name in self.shared else [0.0] * self.size for name in self.kept}
        start = {"after": header["initial"], **header["initial_memory"]}
        self.state |= {name: self._kept(name, value) for name, value in start.items()}
        columns = [*self.inputs, *self.targets, [*self.constants.values()], *map(as_list, self.state.values())]
        for column in columns:
            self._finite(lambda _: "a number of the header", column)

    def _data(self, name: str, columns: int) -> list[list[float]]:
        """The data's rows, from the file or from what was given beside it."""
        value, size = self.header["data"][name], 8 * self.rows * columns
        if self.report.tier == "basic":
            return []
        if type(value) is not dict or "sha256" not in value:
            return cut(numbers(value, self.rows, columns, f"data.{name}"), columns)
        if not self.data:
            raise Unreadable("the data are not in the file; give them with --data, or audit with --basic")
        mine, self.data = self.data[:size], self.data[size:]
        if hashlib.sha256(mine).hexdigest() != value["sha256"] or len(mine) != size:
            raise Flaw("PB303", f"data.{name}", value["sha256"], hashlib.sha256(mine).hexdigest())
        return cut([*struct.unpack(f"<{size // 8}d", mine)], columns)

    def _arrays(self, values: Any, where: str, rows: int | None = None) -> Arrays:
        """One array a layer, with so many rows, or with a row for each source."""
        if type(values) is not list or len(values) != len(self.layers):
            raise Flaw("PB104", where, f"{len(self.layers)} arrays", repr(values)[:60])
        each = enumerate(zip(self.layers, values, strict=True))
        return [numbers(part, rows or layer.height, layer.width, f"{where}[{i}]") for i, (layer, part) in each]

    def _kept(self, name: str, value: Any, full: bool = True) -> Any:
        """Weights or memory: in one column, as one number, or not in full but as a digest."""
        if name in self.shared:
            return numbers([[value]], 1, 1, name)[0]
        if not full and type(value) is not dict:
            raise Flaw("PB104", name, "a digest", repr(value)[:60])
        return [*chain(*self._arrays(value, name))] if full else value

    def weight(self, place: int) -> str:
        layer = next(layer for layer in self.layers if place < layer.end)
        row, neuron = divmod(place - layer.first, layer.width)
        return f"{[*layer.sources, 'bias'][row]}->{layer.neurons[neuron]}"

    def same_bits(self, code: str, name: Callable[[int], str], expected: Any, found: list[float]) -> None:
        """name: of the number at a place."""
        if packed(expected) != packed(found):
            wrong = [place for place, (a, b) in enumerate(zip(expected, found, strict=True)) if repr(a) != repr(b)]
            for place in wrong[:1]:
                self.report.add(code, name(place), expected[place], found[place], len(wrong) - 1)
        self._finite(name, found)

    def _finite(self, name: Callable[[int], str], found: list[float]) -> None:
        if self.report.tier == "strict" and not all(map(math.isfinite, found)):
            place = [*map(math.isfinite, found)].index(False)
            self.report.add("PB305", name(place), "a finite number", found[place])

    def check(self, record: dict[str, Any]) -> None:
        """The next batch."""
        self._order(record, record["rows"])
        outputs, blame = (self._arrays(record[name], name, len(record["rows"])) for name in ("outputs", "blame"))
        kept = {"after": record["weights"], **record["memory"]}
        if [*kept] != self.kept:
            raise Flaw("PB104", "memory", " ".join(self.kept[1:]), " ".join(record["memory"]))
        full = self.size <= FEW_WEIGHTS or self.report.batches % FULL_EVERY == 0
        kept = {name: self._kept(name, value, full) for name, value in kept.items()}
        if self.report.tier != "basic":
            self._commit(record, self._passes(record["rows"], outputs, blame), blame, kept)

    def _order(self, record: dict[str, Any], rows: list[int]) -> None:
        """Whether this is the next batch, of the rows that it should have."""
        size = self.header["batch_size"]
        epoch, place = divmod(self.header["skip"] + self.report.batches - 1, -(-self.rows // size))
        ordered = [*range(place * size, min(self.rows, (place + 1) * size))]
        if not rows or max(rows) >= self.rows:
            raise Flaw("PB204" if rows else "PB203", "rows", ordered, rows)
        self.banked = self.banked if place else set()
        again = [row for row, times in Counter([*self.banked, *rows]).items() if times > 1]
        self.banked.update(rows)
        self.report.same("PB201", "batch", self.report.batches, record["batch"])
        self.report.same("PB202", "epoch", epoch + 1, record["epoch"])
        self.report.same("PB203", "samples", len(ordered), len(rows))
        self.report.same("PB204", "rows that cannot be banked", [], again)
        if not self.header["shuffled"] and len(rows) == len(ordered) and not again:
            self.report.same("PB205", "rows", ordered, rows)

    def _passes(self, rows: list[int], outputs: Arrays, blame: Arrays) -> Given:
        """Predict and blame; gives what each layer was given, sample by sample, its bias's 1 last."""
        given, columns, values = Given(), list[Known](), [self.inputs[row] for row in rows]
        weights = [cut(self.state["after"][layer.first : layer.end], layer.width) for layer in self.layers]
        for layer, matrix, found in zip(self.layers, weights, outputs, strict=True):
            given.append([[*x, 1.0] if layer.bias else x for x in values])
            into = [*zip(*matrix, strict=True)]
            known: Known = {"z": [dot(x, w) for x in given[-1] for w in into]}
            carry_out(layer.forward, known, len(found), layer.width)
            self.same_bits("PB401", layer.output, known["a"], found)
            columns.append(known | {"a": found})
            values = cut(found, layer.width)
        code, arriving = "PB402", Known(t=[*chain(*[self.targets[row] for row in rows])])
        for layer, matrix, known, found in reversed([*zip(self.layers, weights, columns, blame, strict=True)]):
            known |= arriving
            carry_out(layer.backward, known, len(found), layer.width)
            self.same_bits(code, layer.output, known["blame"], found)
            out_of, code = matrix[: len(layer.sources)], "PB403"
            arriving = Known(arriving=[dot(b, w) for b in cut(found, layer.width) for w in out_of])
        return given

    def _banks(self, given: Given, blame: Arrays, samples: range) -> list[float]:
        """Every weight's coins of these samples, added up one after the other."""
        totals = []
        for layer, x, b in zip(self.layers, given, blame, strict=True):
            bank, rows = [0.0] * (layer.end - layer.first), cut(b, layer.width)
            for s in samples:
                coins = [x_i * b_k for x_i in x[s] for b_k in rows[s]]
                bank = [*map(operator.add, bank, coins)]
            totals += bank
        return totals

    def _commit(self, record: dict[str, Any], given: Given, blame: Arrays, kept: dict[str, Any]) -> None:
        """The banks broken: the schedule's lines, then the rule's recipe."""
        count, size = len(record["rows"]), self.header["batch_size"]
        parts = [range(count)[start : start + self.micro] for start in range(0, count, self.micro)]
        single = {"count": count, "batch_size": size, "micro_batches": len(parts), **self.constants}
        single |= dict(zip(CLOCK, (self.report.batches, record["epoch"], -(-self.rows // size)), strict=True))
        known: Known = {name: repeat(float(value)) for name, value in single.items()}
        carry_out(self.schedule, known, 1, 1)
        known |= {name: repeat(next(iter(known[name]))) for name, _, _ in self.schedule}
        rate = next(iter(known["learning_rate"])) if "learning_rate" in known else math.nan
        self.report.same("PB404", "learning_rate", rate, SPELLED.get(record["learning_rate"], record["learning_rate"]))
        known["total"] = self._banks(given, blame, range(count))
        if any("sum_of_averages" in line for line in self.rule["recipe"]):
            averages = [[total / len(part) for total in self._banks(given, blame, part)] for part in parts]
            known["sum_of_averages"] = [dot(column, repeat(1.0)) for column in zip(*averages, strict=True)]
        widths = [(float(len(layer.sources)), layer.width, layer.bias) for layer in self.layers]
        known["repeats"] = [x for n, width, bias in widths for x in [1.0] * (int(n) * width) + [n] * (bias * width)]
        known |= {name: repeat(x) if name in self.shared else x for name, x in self.state.items()}
        known["before"] = known.pop("after")
        carry_out(self.recipe, known, self.size, self.size)
        for name, found in kept.items():
            expected = [*islice(known[name], self.size)]
            if name in self.shared:
                self.report.same("PB406", name, expected[0], found)
            elif type(found) is list:
                self.same_bits("PB407" if name == "after" else "PB405", self.weight, expected, found)
            else:
                digest = hashlib.sha256(packed([x if x == x else math.nan for x in expected])).hexdigest()
                self.report.same("PB408", name, {"sha256": digest}, found)
                found = expected
            self.state[name] = found
        self.report.coins += count * self.size


def records(file: BinaryIO, report: Report) -> Iterator[dict[str, Any]]:
    """The header, then every whole record, their hashes and forms checked."""
    head, form, limit = "", HEADER, LONGEST_HEADER
    while line := file.readline(limit):
        if form is HEADER and not (line.startswith(START) and line.endswith(b"\n")):
            raise Unreadable(f"{report.file} does not begin with the whole header of a .piggy file")
        report.batches += form is BATCH
        if not line.endswith(b"\n"):
            report.unfinished = check_unfinished(line, limit, report.batches)
            report.batches -= 1
            return
        record, body, found = parse(line[:-1])
        if form is HEADER and record.get("version") != 1:
            raise Unreadable(f"{report.file} is of a newer version of the format than this auditor knows, which is 1")
        head = hashlib.sha256(head.encode() + body).hexdigest()
        if found != head:
            report.add("PB102", "hash", head, found)
        for flaw in misfits(form, record, "record"):
            if flaw[0] == "PB104":
                raise Flaw(*flaw)
            report.add(*flaw)
        limit = longest(record) if form is HEADER else limit
        report.seal, head, form = found[:12], found, BATCH
        yield record


def longest(header: dict[str, Any]) -> int:
    """More bytes than any record of a batch can have."""
    layers, kept = header["layers"], header["rule"]["memory"] + header["rule"]["shared_memory"]
    weights = sum((1 + len(layer["sources"])) * len(layer["neurons"]) for layer in layers)
    neurons = sum(len(layer["neurons"]) for layer in layers)
    samples = min(header["batch_size"], len(header["data"]["row_names"])) * (1 + 2 * neurons)
    size: int = 32 * (samples + weights * (1 + len(kept))) + sum(100 + 6 * len(name) for name in kept) + 4096
    return size


def check_unfinished(line: bytes, limit: int, batch: int) -> int:
    """The bytes of a torn last line, which is the open batch; Flaw when they are no beginning of one."""
    begins = b'{"batch":%d,"epoch":' % batch
    opened = line.count(b"{") - line.count(b"}")
    good = begins[: len(line)] == line[: len(begins)] and (opened > 0 or (opened == 0 and line.endswith(b"}")))
    if not good or len(line) == limit:
        raise Flaw("PB106", f"{len(line)} bytes", begins.decode() + "...", repr(line[:60]))
    return len(line)


def audit(
    path: str, tier: str = "full", seal: str = "", data: bytes = b"", progress: Callable[[float], Any] = float
) -> Report:
    """Audits a file; Unreadable or OSError when it cannot be.

    data: little-endian float64, inputs then targets, for a file that has only their digest. progress: is told the part
    that is done.
    """
    report, auditor = Report(Path(path).name, tier), None
    with open(path, "rb") as file:
        whole = os.fstat(file.fileno()).st_size
        try:
            for record in records(file, report):
                if auditor:
                    auditor.check(record)
                else:
                    auditor = Auditor(record, data, report)
                progress(file.tell() / (whole or 1))
                if len(report.findings) >= MOST_FINDINGS:
                    break
        except Flaw as flaw:
            report.add(*flaw.args)
    if not auditor and not report.findings:
        raise Unreadable(f"{report.file} is empty")
    report.seal = "-".join(report.seal[place : place + 4] for place in (0, 4, 8))
    if seal and seal.lower().replace("-", "") != report.seal.replace("-", ""):
        report.add("PB103", "seal", seal, report.seal)
    return report


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of the command line, here and as `piggybank audit`."""
    parser.add_argument("file", help="a .piggy file")
    parser.add_argument("--seal", default="", help="the seal it must have, such as a3f9-c27b-1e44")
    parser.add_argument("--data", help="the data's float64, inputs then targets, if the file has only their digest")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    for tier, words in (("basic", "recompute nothing"), ("strict", "also want finite numbers and honest names")):
        parser.add_argument(f"--{tier}", dest="tier", action="store_const", const=tier, default="full", help=words)


def run(options: argparse.Namespace) -> int:
    """Audits, prints the verdict and every finding, and gives the exit code."""

    def progress(done: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:4.0%}", end="\r", file=sys.stderr)

    try:
        data = Path(options.data).read_bytes() if options.data else b""
        report = audit(options.file, options.tier, options.seal, data, progress)
    except (Unreadable, OSError) as error:
        print(json.dumps({"error": str(error)}) if options.json else f"NOT AUDITED: {error}")
        return 2
    text = json.dumps({"intact": not report.findings, **asdict(report)}, indent=1) if options.json else str(report)
    letters = sys.stdout.encoding or "utf-8"
    print(text.encode(letters, "replace").decode(letters))
    return 1 if report.findings else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add_options(parser)
    sys.exit(run(parser.parse_args()))
