"""An independent auditor: recomputes a .piggy file from its header to its seal, in plain Python, to the last bit.

It imports nothing of piggybank; copied anywhere, it runs as `python auditor.py run.piggy`. Read `Audit.batch` first,
its tools stand above it. Every number is derived again from the recorded numbers before it, so that a false one is
found where it stands; where none is found, all follows from the header. Bits are compared (every nan is the same
number), never with a tolerance. No text of a file is ever executed.

Tiers: "basic" checks the file, its hashes and its order; "full" also recomputes every number; "strict" also wants
finite numbers and known fields (and, as `piggybank audit`, honest names). CODES lists all that can be found.
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
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Context, Decimal, localcontext
from functools import cache, reduce
from itertools import chain, islice, pairwise, repeat
from pathlib import Path
from typing import Any

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


Progress = Callable[[float], Any]
Names = Callable[[dict[str, Any]], Iterable[tuple[str, Any, Any]]] | None


class Flaw(Exception):  # noqa: N818
    """A finding after which nothing more can be checked: code, where, expected, found."""


class Unreadable(ValueError):  # noqa: N818
    """Not a file that can be audited; the message is one sentence."""


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


@cache
def table(name: str, n: float) -> list[float]:
    """A table's row, computed with 60 digits and rounded once: …, the nearest multiples of 2^-bits, and the rest."""
    with localcontext(Context(prec=60)):
        x, ln2, pi = Decimal(n), Decimal(2).ln(), Decimal("3.141592653589793238462643383279502884197169399375105821")
        row, bits = list[Decimal](), {"exp": [52], "log": [42], "ln 2 /": [42], "pi /": [32, 65]}.get(name, [])
        if name == "exp":
            rest = (ln2 * x / 4096).exp()
        elif name == "log":
            rest = x.ln()
        elif name == "tanh":
            square = (2 * x).exp()
            row, rest = [(square - 1) / (square + 1)], 4 * square / (square + 1) ** 2
        else:
            part = (ln2 if name == "ln 2 /" else pi) / x
            row, rest = [1 / part], part
        for each in bits:
            row.append((rest * 2**each).to_integral_value() / 2**each)
            rest -= row[-1]
        return [float(value) for value in (*row, rest)]


def exp(x: float) -> float:
    if not -746.0 <= x <= 709.782712893384:
        return x if x != x else math.inf if x > 0.0 else 0.0
    per_one, step, step_rest = table("ln 2 /", 4096)
    n = round(x * per_one)
    r = (x - n * step) - n * step_rest
    power, rest = table("exp", n % 4096)
    y = power + (rest + power * (r + (r * r) * (1 / 2 + r * (1 / 6))))
    return (y * math.ldexp(1.0, n // 8192)) * math.ldexp(1.0, n // 4096 - n // 8192)


def log(x: float) -> float:
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else x if x > 0.0 else math.nan
    m, k = math.frexp(x)
    m, k = (2.0 * m, k - 1) if m < 0.75 else (m, k)
    buckets = 4096 if m < 1.0 else 2048
    centre = 1.0 if 2047 <= m * 2048 < 2049 else (int(m * buckets) + 0.5) / buckets
    (high, rest), (_, ln2, ln2_rest) = table("log", centre), table("ln 2 /", 1)
    f = (m - centre) / centre
    q = (f * f) * (((f * (1 / 5) - 1 / 4) * f + 1 / 3) * f - 1 / 2)
    return (k * ln2 + high) + (f + (q + (k * ln2_rest + rest)))


def tanh(x: float) -> float:
    x = min(max(x, -20.0), 20.0) if x == x else x
    node = round(x * 128.0) / 128.0 if abs(x) >= 1.5 / 128 else 0.0
    value, slope = table("tanh", node) if node else (-0.0, 1.0)
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
    per_one, p1, p2, p3 = table("pi /", 2)
    n = round(x * per_one)
    r, p, odd = ((x - n * p1) - n * p2) - n * p3, 0.0, n % 2
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

# Formulas: columns of numbers in, a column out; a single number is a column that repeats it
Known = dict[str, Any]
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


def recipe(lines: Iterable[str], given: Iterable[str]) -> Recipe:
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
    return found


def carry_out(lines: Recipe, known: Known, size: int, group: int) -> None:
    """Line by line on columns of so many numbers; `known` gains every line's name. A reduction runs over each group."""
    for name, formula, whole in lines:
        values = list(islice(formula(known), size))
        known[name] = [x for part in cut(values, group) for x in [whole(part)] * group] if whole else values


def cut(values: Any, size: int) -> list[Any]:
    return [values[place : place + size] for place in range(0, len(values), size)]


def dot(left: Iterable[float], right: Iterable[float]) -> float:
    """(((0 + x1*w1) + x2*w2) + …)"""
    return reduce(operator.add, map(operator.mul, left, right), 0.0)


LONGEST_HEADER, MOST_FINDINGS, FEW_WEIGHTS, FULL_EVERY = 80 << 20, 1000, 4096, 64
START = b'{"format":"piggybank","version":'
SPELLED = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
# Records by example: the same fields in the same order, of the same kind (None: looked at later; ...: any name)
FINITE, TEXTS = 0.5, [""]
HEADER = {
    "format": "", "version": 1,
    "data": {"name": "", "source": "", "input_names": TEXTS, "scaling": TEXTS, "target_names": TEXTS, "classes": TEXTS,
             "row_names": TEXTS, "inputs": None, "targets": None},
    "layers": [{"sources": TEXTS, "neurons": TEXTS, "bias": True, "activation": "", "shared": TEXTS, "value": "",
                "slope": ""}], "loss": {"name": "", "value": "", "blame": "", "fused": True},
    "rule": {"name": "", "recipe": TEXTS, "constants": {...: FINITE}, "schedule": TEXTS, "memory": TEXTS,
             "shared_memory": TEXTS, "house": {...: ""}},
    "reduce": "", "batch_size": 1, "accumulate": 1, "shuffled": True, "fault": "", "parent": None, "skip": 1,
    "initial": None, "initial_memory": {...: None}}  # fmt: skip
PARENT = {"seal": "", "batch": 1, "without": TEXTS}
BATCH = {"batch": 1, "epoch": 1, "rows": [1], "learning_rate": math.nan, "outputs": None, "blame": None,
         "memory": {...: None}, "weights": None}  # fmt: skip


def misfits(form: Any, value: Any, where: str) -> Iterator[tuple[str, str, str, str]]:
    """Where a value is not like the example, worst first."""
    unfit = (type(value) is int and value < 0) or (type(value) is str and not value.isprintable())
    if form is None or (type(form) is float and type(value) is str and value in SPELLED):
        yield from [("PB305", where, "a finite number", value)] * (form is FINITE)
    elif type(value) is not type(form) or unfit:
        yield "PB104", where, f"{type(form).__name__}, from 0 or printable", repr(value)[:60]
    elif type(form) is list:
        yield from chain.from_iterable(misfits(form[0], part, f"{where}[{i}]") for i, part in enumerate(value))
    elif type(form) is dict:
        known = [key for key in value if key in form or (... in form and key.isprintable())]
        if ... not in form and known != [*form]:
            yield "PB104", where, " ".join(form), " ".join(known)
        yield from chain.from_iterable(misfits(form.get(x, form.get(...)), value[x], f"{where}.{x}") for x in known)
        yield from (("PB105", where, "no such field", repr(key)[:60]) for key in value if key not in known)


Arrays = list[list[float]]  # one for each layer, row after row: a row for a sample, or for a source
CLOCK = ("commit", "epoch", "commits_per_epoch")
GIVEN = ("total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches", "repeats")


class Layer:
    """One layer's names, where its weights stand among all, and its formulas as lines of recipes."""

    def __init__(self, form: dict[str, Any], loss: dict[str, Any] | None, first: int) -> None:
        self.inputs, self.bias, self.neurons = len(form["sources"]), form["bias"], form["neurons"]
        self.sources, self.width = [*form["sources"], *["bias"] * self.bias], len(self.neurons)
        self.place = slice(first, first + len(self.sources) * self.width)
        self.forward = recipe([*form["shared"], "a = " + form["value"]], ["z"])
        backward = ["slope = " + form["slope"], "blame = arriving * slope"]
        if loss:
            backward = ["arriving = " + loss["blame"], *(["blame = arriving"] if loss["fused"] else backward)]
        names = ["z", *(name for name, _, _ in self.forward)]
        self.backward = recipe(backward, [*names, "t" if loss else "arriving"])

    def output(self, place: int) -> str:
        return f"{self.neurons[place % self.width]}, sample {place // self.width + 1}"

    def weight(self, place: int) -> str:
        return f"{self.sources[place // self.width]}->{self.neurons[place % self.width]}"


class Audit:
    """Holds what a file's batches so far have led to, checks one after the other against it, and says what it found."""

    def __init__(self, file: str, tier: str, data: bytes, names: Names) -> None:
        self.file, self.tier, self.data, self.names = file, tier, data, names
        self.batches, self.coins, self.unfinished, self.seal, self.findings = 0, 0, 0, "", list[Finding]()
        self.header, self.longest = dict[str, Any](), LONGEST_HEADER

    def __str__(self) -> str:
        verdict = f"NOT INTACT, findings: {len(self.findings)}" if self.findings else "INTACT"
        tail = f"; {self.unfinished} bytes of an unfinished batch left out" if self.unfinished else ""
        seen = f"{self.file}, {self.batches} batches, {self.coins} coins, seal {self.seal}"
        return "\n".join([f"{verdict} ({self.tier}): {seen}{tail}", *map(str, self.findings)])

    def add(self, code: str, where: str, expected: Any, found: Any, more: int = 0) -> None:
        if self.tier == "strict" or not CODES[code].endswith("(strict)"):
            self.findings.append(Finding(code, self.batches, where, str(expected)[:500], str(found)[:500], more))

    def same(self, code: str, where: str, expected: Any, found: Any) -> None:
        if repr(expected) != repr(found):
            self.add(code, where, expected, found)

    def same_bits(self, code: str, name: Callable[[int], str], expected: list[float], found: list[float]) -> None:
        """name: of the number at a place."""
        pairs = enumerate(zip(expected, found, strict=True))
        wrong = [place for place, (a, b) in pairs if (a != b or not a) and repr(a) != repr(b)]
        for place in wrong[:1]:
            self.add(code, name(place), expected[place], found[place], len(wrong) - 1)

    def line(self, line: bytes, head: str) -> str:
        """A whole line or the torn last one, after the one of that hash; gives its own hash."""
        if not self.header and not (line.startswith(START) and line.endswith(b"\n")):
            raise Unreadable(f"{self.file} does not begin with the whole header of a .piggy file")
        self.batches += bool(self.header)
        if not line.endswith(b"\n"):
            begins, opened = b'{"batch":%d,"epoch":' % self.batches, line.count(b"{") - line.count(b"}")
            good = opened > 0 or (opened == 0 and line.endswith(b"}"))
            if not good or begins[: len(line)] != line[: len(begins)] or len(line) == self.longest:
                raise Flaw("PB106", f"{len(line)} bytes", begins.decode() + "...", repr(line[:60]))
            self.batches, self.unfinished = self.batches - 1, len(line)
            return head
        try:
            record = json.loads(line, parse_int=lambda digits: int(digits[:16]))
            written = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        except (ValueError, RecursionError):
            written = b""
        if written != line[:-1] or type(record) is not dict:
            raise Flaw("PB101", "line", "an object in canonical JSON", repr(line[:60]))
        if [*record][-1:] != ["hash"] or type(record["hash"]) is not str or len(record["hash"]) != 64:
            raise Flaw("PB104", "hash", "64 digits as the last field", repr(line[-80:]))
        if not self.header and record.get("version") != 1:
            raise Unreadable(f"{self.file} is of a newer version of the format than this auditor knows, which is 1")
        self.same("PB102", "hash", hashlib.sha256(head.encode() + line[:-76] + b"}").hexdigest(), record["hash"])
        head, self.seal = record["hash"], "-".join(cut(record.pop("hash")[:12], 4))
        form = BATCH if self.header else HEADER if record.get("parent") is None else HEADER | {"parent": PARENT}
        for flaw in misfits(form, record, "record"):
            if flaw[0] == "PB104":
                raise Flaw(*flaw)
            self.add(*flaw)
        self.batch(record) if self.header else self.begin(record)
        return head

    def begin(self, header: dict[str, Any]) -> None:
        """The header: its parts must fit together, and are made ready."""
        self.header, self.rule, rows = header, header["rule"], header["data"]["row_names"]
        forms, parent, size, micro = header["layers"], header["parent"], header["batch_size"], header["accumulate"]
        self.rows, self.banked, self.layers = len(rows), set[int](), list[Layer]()
        self.micro, self.per_epoch, self.size = size // (micro or 1), -(-self.rows // (size or 1)), 0
        for form in forms:
            self.layers.append(Layer(form, header["loss"] if form is forms[-1] else None, self.size))
            self.size = self.layers[-1].place.stop
        self.constants = {name: SPELLED.get(value, value) for name, value in self.rule["constants"].items()}
        self.shared = self.rule["shared_memory"]
        self.kept = ["after", *self.rule["memory"], *self.shared]
        self.schedule = recipe(self.rule["schedule"], [*CLOCK, *self.constants])
        settings = {*self.constants, *(name for name, _, _ in self.schedule)}
        names = [*GIVEN, *settings, *self.kept]
        for what, fits in {
            "layers of neurons": forms and all(form["sources"] and form["neurons"] for form in forms),
            "layers that follow one another": all(a["neurons"] == b["sources"] for a, b in pairwise(forms)),
            "rows, in whole micro-batches": rows and self.micro and self.micro * micro == size,
            "a parent that did what is skipped": header["skip"] < (self.per_epoch if parent else 1),
            "rows that were not left out": not parent or not {*parent["without"]} & {*rows},
            "memory that the rule has": {*header["initial_memory"]} <= {*self.kept[1:]},
            "one meaning for a name": len(set(names)) == len(names),
        }.items():
            if not fits:
                raise Flaw("PB302", "header", what, "something else")
        self.recipe = recipe(self.rule["recipe"], [*GIVEN, *settings, *self.kept[1:]])
        for name in {*self.kept} - {name for name, _, _ in self.recipe}:
            raise Flaw("PB301", "rule.recipe", f"a line for {name}", "none")
        for claim in self.names(header) if self.names else ():
            self.same("PB304", *claim)
        self.inputs = self._data("inputs", self.layers[0].inputs)
        self.targets = self._data("targets", self.layers[-1].width)
        start = {"after": header["initial"], **header["initial_memory"]}
        start = {name: self._kept(name, value) for name, value in start.items()}
        self.state = {name: 0.0 if name in self.shared else [0.0] * self.size for name in self.kept} | start
        neurons = sum(layer.width for layer in self.layers)
        numbers = min(size, self.rows) * (1 + 2 * neurons) + len(self.kept) * self.size
        self.longest = 4096 + 32 * numbers + sum(100 + 6 * len(name) for name in self.kept)

    def _data(self, name: str, columns: int) -> list[list[float]]:
        """The data's rows, from the file or from what was given beside it."""
        value, size = self.header["data"][name], 8 * self.rows * columns
        if self.tier == "basic":
            return []
        if type(value) is not dict or "sha256" not in value:
            return cut(self._array(value, self.rows, columns, f"data.{name}"), columns)
        if not self.data:
            raise Unreadable("the data are not in the file; give them with --data, or audit with --basic")
        mine, self.data = self.data[:size], self.data[size:]
        if hashlib.sha256(mine).hexdigest() != value["sha256"] or len(mine) != size:
            raise Flaw("PB303", f"data.{name}", value["sha256"], hashlib.sha256(mine).hexdigest())
        return cut([*struct.unpack(f"<{size // 8}d", mine)], columns)

    def _array(self, value: Any, rows: int, columns: int, where: str) -> list[float]:
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
        if self.tier == "strict" and not all(map(math.isfinite, found)):
            place, x = next((place, x) for place, x in enumerate(found) if not math.isfinite(x))
            self.add("PB305", f"{where}, number {place + 1}", "a finite number", x)
        return found

    def _arrays(self, values: Any, where: str, samples: int = 0) -> Arrays:
        """One array a layer, with a row for each of so many samples, or for each source."""
        if type(values) is not list or len(values) != len(self.layers):
            raise Flaw("PB104", where, f"{len(self.layers)} arrays", repr(values)[:60])
        pairs = enumerate(zip(self.layers, values, strict=True))
        return [self._array(x, samples or len(layer.sources), layer.width, f"{where}[{i}]") for i, (layer, x) in pairs]

    def _kept(self, name: str, value: Any, full: bool = True) -> Any:
        """Weights or memory: in one column, as one number, or not in full but as a digest."""
        if name in self.shared:
            return self._array([[value]], 1, 1, name)[0]
        if not full and type(value) is not dict:
            raise Flaw("PB104", name, "a digest", repr(value)[:60])
        return [*chain(*self._arrays(value, name))] if full else value

    def batch(self, record: dict[str, Any]) -> None:
        """The next batch."""
        self._order(record, record["rows"])
        outputs, blame = (self._arrays(record[name], name, len(record["rows"])) for name in ("outputs", "blame"))
        kept = {"after": record["weights"], **record["memory"]}
        if [*kept] != self.kept:
            raise Flaw("PB104", "memory", " ".join(self.kept[1:]), " ".join(record["memory"]))
        full = self.size <= FEW_WEIGHTS or self.batches % FULL_EVERY == 0
        kept = {name: self._kept(name, value, full) for name, value in kept.items()}
        if self.tier != "basic":
            self._commit(record, self._passes(record["rows"], outputs, blame), blame, kept)

    def _order(self, record: dict[str, Any], rows: list[int]) -> None:
        """Whether this is the next batch, of the rows that it should have."""
        size = self.header["batch_size"]
        epoch, place = divmod(self.header["skip"] + self.batches - 1, self.per_epoch)
        ordered, again = [*range(place * size, min(self.rows, (place + 1) * size))], list[int]()
        if not rows or max(rows) >= self.rows:
            raise Flaw("PB204" if rows else "PB203", "rows", ordered, rows)
        self.banked = self.banked if place else set()
        for row in rows:
            again += [row] * (row in self.banked)
            self.banked.add(row)
        self.same("PB201", "batch", self.batches, record["batch"])
        self.same("PB202", "epoch", epoch + 1, record["epoch"])
        self.same("PB203", "samples", len(ordered), len(rows))
        self.same("PB204", "rows that cannot be banked", [], again)
        if not self.header["shuffled"] and len(rows) == len(ordered) and not again:
            self.same("PB205", "rows", ordered, rows)

    def _passes(self, rows: list[int], outputs: Arrays, blame: Arrays) -> list[list[list[float]]]:
        """Predict and blame; gives what each layer was given, sample by sample, its bias's 1 last."""
        given, columns, values = list[Any](), list[Known](), [self.inputs[row] for row in rows]
        weights = [cut(self.state["after"][layer.place], layer.width) for layer in self.layers]
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
            out_of, code = matrix[: layer.inputs], "PB403"
            arriving = Known(arriving=[dot(b, w) for b in cut(found, layer.width) for w in out_of])
        return given

    def _banks(self, given: list[list[list[float]]], blame: Arrays, samples: range) -> list[float]:
        """Every weight's coins of these samples, added up one after the other."""
        totals = []
        for layer, x, b in zip(self.layers, given, blame, strict=True):
            bank, rows = [0.0] * (len(layer.sources) * layer.width), cut(b, layer.width)
            for s in samples:
                coins = [x_i * b_k for x_i in x[s] for b_k in rows[s]]
                bank = [*map(operator.add, bank, coins)]
            totals += bank
        return totals

    def _commit(self, record: dict[str, Any], given: list[list[list[float]]], blame: Arrays, kept: Known) -> None:
        """The banks broken: the schedule's lines, then the rule's recipe."""
        count, size = len(record["rows"]), self.header["batch_size"]
        parts = cut(range(count), self.micro)
        counts = (count, size, len(parts), self.batches, record["epoch"], self.per_epoch)
        single = self.constants | dict(zip(("count", "batch_size", "micro_batches", *CLOCK), counts, strict=True))
        known: Known = {name: repeat(float(value)) for name, value in single.items()}
        carry_out(self.schedule, known, 1, 1)
        known |= {name: repeat(known[name][0]) for name, _, _ in self.schedule}
        rate = next(known["learning_rate"]) if "learning_rate" in known else math.nan
        self.same("PB404", "learning_rate", rate, SPELLED.get(record["learning_rate"], record["learning_rate"]))
        known["total"] = self._banks(given, blame, range(count))
        if any("sum_of_averages" in line for line in self.rule["recipe"]):
            averages = [[total / len(part) for total in self._banks(given, blame, part)] for part in parts]
            known["sum_of_averages"] = [dot(column, repeat(1.0)) for column in zip(*averages, strict=True)]
        rows = [(layer, row) for layer in self.layers for row in range(len(layer.sources))]
        known["repeats"] = [float(n.inputs) if row == n.inputs else 1.0 for n, row in rows for _ in n.neurons]
        known |= {name: repeat(x) if name in self.shared else x for name, x in self.state.items()}
        known["before"] = known.pop("after")
        carry_out(self.recipe, known, self.size, self.size)
        for name, found in kept.items():
            expected = [*islice(known[name], self.size)]
            if name in self.shared:
                self.same("PB406", name, expected[0], found)
            elif type(found) is list:
                code = "PB407" if name == "after" else "PB405"
                for layer in self.layers:
                    self.same_bits(code, layer.weight, expected[layer.place], found[layer.place])
            else:
                settled = [x if x == x else math.nan for x in expected]
                digest = hashlib.sha256(struct.pack(f"<{self.size}d", *settled)).hexdigest()
                self.same("PB408", name, {"sha256": digest}, found)
                found = expected
            self.state[name] = found
        self.coins += count * self.size


def audit(
    path: str, tier: str = "full", seal: str = "", data: bytes = b"", progress: Progress = float, names: Names = None
) -> Audit:
    """Audits a file; Unreadable or OSError when it cannot be.

    data: little-endian float64, inputs then targets, for a file that has only their digest. progress: is told the part
    that is done. names: of a header, what formulas are called, what that stands for, and what they are (strict).
    """
    found, head = Audit(Path(path).name, tier, data, names), ""
    with open(path, "rb") as file:
        size = Path(path).stat().st_size
        try:
            while len(found.findings) < MOST_FINDINGS and (line := file.readline(found.longest)):
                head = found.line(line, head)
                progress(file.tell() / size)
        except Flaw as flaw:
            found.add(*flaw.args)
    if not found.header and not found.findings:
        raise Unreadable(f"{found.file} is empty")
    if seal and seal.lower().replace("-", "") != found.seal.replace("-", ""):
        found.add("PB103", "seal", seal, found.seal)
    return found


def run(options: argparse.Namespace, names: Names = None) -> int:
    """Audits, prints the verdict and every finding, and gives the exit code."""

    def progress(done: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:4.0%}", end="\r", file=sys.stderr)

    try:
        data = Path(options.data).read_bytes() if options.data else b""
        found = audit(options.file, options.tier, options.seal, data, progress, names)
    except (Unreadable, OSError) as error:
        said = str(error)
        if isinstance(error, OSError):
            said = f"{error.filename} cannot be read ({error.strerror}); give a .piggy file"
        print(json.dumps({"error": said}) if options.json else f"NOT AUDITED: {said}")
        return 2
    shown = {name: vars(found)[name] for name in ("file", "tier", "batches", "coins", "seal", "unfinished")}
    shown = {"intact": not found.findings, **shown, "findings": [*map(asdict, found.findings)]}
    text = json.dumps(shown, indent=1) if options.json else str(found)
    letters = sys.stdout.encoding or "utf-8"
    print(text.encode(letters, "replace").decode(letters))
    return 1 if found.findings else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", help="a .piggy file")
    parser.add_argument("--seal", default="", help="the seal it must have, such as a3f9-c27b-1e44")
    parser.add_argument("--data", help="the data's float64, inputs then targets, if the file has only their digest")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    for tier, words in (("basic", "recompute nothing"), ("strict", "also want finite numbers and honest names")):
        parser.add_argument(f"--{tier}", dest="tier", action="store_const", const=tier, default="full", help=words)
    sys.exit(run(parser.parse_args()))
