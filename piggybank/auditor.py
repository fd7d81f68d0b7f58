"""An independent auditor: recomputes a .piggy file from its header to its seal, in plain Python, to the last bit.

It imports nothing of piggybank; copied anywhere, it runs as `python auditor.py run.piggy`. Read `Audit.batch` first,
its tools stand above it. Every number is derived again from the recorded numbers before it, so that a false one is
found where it stands; where none is found, all follows from the header. Bits are compared (every nan is the same
number), never with a tolerance. No text of a file is ever executed.

Tiers: "basic" checks the file, its hashes and its order; "full" also recomputes every number; "strict" also wants
finite numbers and known fields (and, only as `piggybank audit`, honest names). CODES lists all that can be found.
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
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cache, reduce
from itertools import chain, count, cycle, islice, pairwise, repeat
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

Rows = list[list[float]]
Known = dict[str, Any]
Column = Callable[[Known], Iterable[float]]
Recipe = list[tuple[str, Column, Any]]
Seal = str | None
Progress = Callable[[float], Any]
Names = Callable[[Known], Iterable[tuple[str, Any, Any]]] | None


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


# The functions of formulas, made of + − × ÷ in the order that the package has. ln 2 / 4096, ln 2 and pi / 2 stand in
# parts: the first so short that small multiples of them are exact, the last what they lack.
STEP, LN2 = (0.00016922538588914904, -1.0256140314162804e-14), (0.6931471805598903, 5.497923018708371e-14)
EXACT_LN2 = Decimal(2).ln(Context(prec=60))
HALF_PI = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)


@cache
def table(name: str, n: float) -> tuple[float, float]:
    """What a function looks up, worked out with 60 digits and rounded once: a value, and what it lacks or its slope."""
    with localcontext(Context(prec=60)):
        x = Decimal(n)
        if name == "tanh":
            value = 1 - 2 / ((2 * x).exp() + 1)
            return float(value), float(1 - value * value)
        value, bits = ((x * EXACT_LN2 / 4096).exp(), 52) if name == "exp" else (x.ln(), 42)
        short = (value * 2**bits).to_integral_value() / 2**bits
        return float(short), float(value - short)


def exp(x: float) -> float:
    if not -746.0 <= x <= 709.782712893384:
        return x if x != x else math.inf if x > 0.0 else 0.0
    n = round(x * 5909.278887481194)  # 4096 / ln 2
    r = (x - n * STEP[0]) - n * STEP[1]
    power, lacks = table("exp", n % 4096)
    y = power + (lacks + power * (r + (r * r) * (1 / 2 + r * (1 / 6))))
    return (y * math.ldexp(1.0, n // 8192)) * math.ldexp(1.0, n // 4096 - n // 8192)


def log(x: float) -> float:
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else x if x > 0.0 else math.nan
    m, k = math.frexp(x)
    m, k = (2.0 * m, k - 1) if m < 0.75 else (m, k)
    buckets = 4096 if m < 1.0 else 2048
    centre = 1.0 if 2047 <= m * 2048 < 2049 else (int(m * buckets) + 0.5) / buckets
    value, lacks = table("log", centre)
    f = (m - centre) / centre
    q = (f * f) * (((f * (1 / 5) - 1 / 4) * f + 1 / 3) * f - 1 / 2)
    return (k * LN2[0] + value) + (f + (q + (k * LN2[1] + lacks)))


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
    n = round(x * (2 / math.pi))
    r = ((x - n * HALF_PI[0]) - n * HALF_PI[1]) - n * HALF_PI[2]
    s, odd, p = r * r, n % 2, 0.0
    for k in range(6 + odd, -1, -1):
        p = (-1) ** (k + odd) / math.factorial(2 * k + 4 - odd) + s * p
    y = r + r * (s * p) if odd else 1.0 - s * (0.5 - s * p)
    return -y if n % 4 in (1, 2) else y


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    "exp": exp, "log": log, "tanh": tanh, "sigmoid": sigmoid, "cos": cos, "abs": abs,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "floor": lambda x: math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x,
    "sign": lambda x: 1.0 if x > 0 else -1.0 if x < 0 else x,
    "max": lambda a, b: a if a >= b else b,
    "min": lambda a, b: a if a <= b else b,
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else a * math.copysign(math.inf, b),  # as IEEE 754 says, where Python would stop
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.USub: operator.neg,
}  # fmt: skip
ARGUMENTS = {"max": 2, "min": 2}
REDUCTIONS: dict[str, Callable[[list[float]], float]] = {
    "sum": lambda values: reduce(operator.add, values, 0.0),
    "largest": lambda values: reduce(lambda a, b: a if a >= b or a != a else b, values),
}


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


# Records by example: the same fields in the same order, each of the kind shown. [form]: a list of such, however long;
# (form, …): a list of just these; {...: form}: such under any names; (rows, columns): an array; None: looked at later
FINITE, NUMBER, TEXTS = 0.5, math.nan, [""]
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
PARENT = {"seal": "", "batch": 1, "without": TEXTS, "empty": [1], "commits": 1, "epochs": 1}
NO_PARENT: Known = {"without": [], "empty": [], "commits": 0, "epochs": 0}
BATCH = {"batch": 1, "epoch": 1, "rows": [1], "learning_rate": NUMBER, "outputs": None, "blame": None,
         "memory": {...: None}, "weights": None}  # fmt: skip
START, SPELLED = b'{"format":"piggybank","version":', {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
LONGEST_HEADER, MOST_FINDINGS, FEW_WEIGHTS, FULL_EVERY = 80 << 20, 1000, 4096, 64
REPORTED = ("file", "tier", "names_checked", "batches", "coins", "seal", "unfinished")
CLOCK = ("commit", "epoch", "commits_per_epoch")
GIVEN = ("total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches", "repeats")


class Layer:
    """A layer's names, where its weights stand among all, and its formulas as lines of recipes; of the batch at hand
    its weights, what it was given (sample by sample, the bias's 1 last), what its lines gave, and its blame."""

    def __init__(self, form: Known, loss: Known | None, first: int) -> None:
        self.inputs, self.neurons, self.width = len(form["sources"]), form["neurons"], len(form["neurons"])
        self.sources, self.bias = [*form["sources"], *["bias"] * form["bias"]], form["bias"]
        self.shape, self.place = (len(self.sources), self.width), slice(first, first + len(self.sources) * self.width)
        self.forward = recipe([*form["shared"], "a = " + form["value"]], ["z"])
        given = ["z", *[name for name, _, _ in self.forward], "t" if loss else "arriving"]
        self.backward = recipe(["slope = " + form["slope"]], given)
        self.backward += recipe(["blame = arriving * slope"], ["arriving", "slope"])
        if loss:
            recipe(["loss = " + loss["value"]], given)  # no number follows from it, but a formula it must be
            blame = recipe([("blame = " if loss["fused"] else "arriving = ") + loss["blame"]], given)
            self.backward = blame if loss["fused"] else blame + self.backward
        self.weights, self.given, self.known, self.blame = Rows(), Rows(), Known(), Rows()

    def outputs(self) -> Iterable[str]:
        return (f"{neuron}, sample {sample}" for sample in count(1) for neuron in self.neurons)


class Audit:
    """Holds what a file's batches so far have led to, checks one after the other against it, and says what it found."""

    def __init__(self, file: str, tier: str, data: bytes, names: Names) -> None:
        self.file, self.tier, self.data, self.names = file, tier, data, names
        self.names_checked = tier == "strict" and names is not None
        self.batches, self.coins, self.unfinished, self.hash, self.seal = 0, 0, 0, "", ""
        self.findings, self.header, self.longest = list[Finding](), Known(), LONGEST_HEADER

    def __str__(self) -> str:
        verdict = f"NOT INTACT, findings: {len(self.findings)}" if self.findings else "INTACT"
        tail = f"; {self.unfinished} bytes of an unfinished batch left out" if self.unfinished else ""
        if self.tier == "strict" and not self.names_checked:
            tail += "; whether formulas are what they are called was not checked, `piggybank audit --strict` does"
        seen = f"{self.file}, {self.batches} batches, {self.coins} coins, seal {self.seal}"
        return "\n".join([f"{verdict} ({self.tier}): {seen}{tail}", *map(str, self.findings)])

    def add(self, code: str, where: str, expected: Any, found: Any, more: int = 0) -> None:
        if self.tier == "strict" or not CODES[code].endswith("(strict)"):
            self.findings.append(Finding(code, self.batches, where, str(expected)[:500], str(found)[:500], more))

    def same(self, code: str, where: str, expected: Any, found: Any) -> None:
        if repr(expected) != repr(found):
            self.add(code, where, expected, found)

    def same_bits(self, code: str, names: Iterable[str], expected: list[float], found: list[float]) -> None:
        """names: of the numbers, place by place."""
        pairs = enumerate(zip(expected, found, strict=True))
        wrong = [place for place, (a, b) in pairs if (a != b or not a) and repr(a) != repr(b)]
        for place in wrong[:1]:
            self.add(code, next(islice(names, place, None)), expected[place], found[place], len(wrong) - 1)

    def line(self, line: bytes) -> None:
        """The header, a batch, or at the end the torn beginning of one."""
        if not self.header and not (line.startswith(START) and line.endswith(b"\n")):
            raise Unreadable(f"{self.file} does not begin with the whole header of a .piggy file")
        if not self.header and not line.startswith((START + b"1,", START + b"1}")):
            raise Unreadable(f"{self.file} is of another version of the format than this auditor knows, which is 1")
        self.batches += bool(self.header)
        if line.endswith(b"\n"):
            record = self.record(line)
            return self.batch(record) if self.header else self.begin(record)
        begins, over = b'{"batch":%d,"epoch":' % self.batches, line[:-1].count(b"}") >= line.count(b"{")
        if over or begins[: len(line)] != line[: len(begins)] or len(line) == self.longest:
            raise Flaw("PB106", f"{len(line)} bytes", begins.decode() + "...", repr(line[:60]))
        self.batches, self.unfinished = self.batches - 1, len(line)

    def record(self, line: bytes) -> Known:
        """What a whole line says, which must be spelled, hashed and made up as a record is."""
        try:
            record = json.loads(line, parse_int=lambda digits: int(digits[:16]))
            recorded = record.pop("hash")
            body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
            spelled = b'%s,"hash":"%s"}\n' % (body[:-1], bytes.fromhex(recorded).hex().encode())
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            spelled = b""
        if spelled != line:
            raise Flaw("PB101", "line", "an object in canonical JSON, its hash last", repr(line[:60]))
        self.same("PB102", "hash", hashlib.sha256(self.hash.encode() + body).hexdigest(), recorded)
        self.hash, self.seal = recorded, "-".join(cut(recorded[:12], 4))
        return dict(self.read(BATCH if self.header else HEADER, record, "record"))

    def form(self, samples: int) -> Known:
        """What is looked at later in the record of a batch."""
        outputs = tuple((samples, layer.width) for layer in self.layers)
        full = self.size <= FEW_WEIGHTS or self.batches % FULL_EVERY == 0
        weights = tuple(layer.shape for layer in self.layers) if full else {"sha256": ""}
        memory = dict.fromkeys(self.rule["memory"], weights) | dict.fromkeys(self.rule["shared_memory"], FINITE)
        return {"outputs": outputs, "blame": outputs, "memory": memory, "weights": weights}

    def read(self, form: Any, value: Any, where: str) -> Any:
        """A value, which must be as its form says; its numbers as floats, its arrays row after row."""
        match form:
            case None | str() if form is None or (type(value) is str and value.isprintable()):
                return value
            case int() if type(value) is type(form) and value >= 0:
                return value
            case float():
                return self.numbers(1, 1, [[value]], where, form is FINITE)[0]
            case int(rows), int(columns):
                return self.numbers(rows, columns, value, where)
            case list() | tuple() if type(value) is list and (type(form) is list or len(value) == len(form)):
                parts = enumerate(zip(cycle(form), value))
                return [self.read(each, part, f"{where}[{i}]") for i, (each, part) in parts]
            case dict() if type(value) is dict:
                form = {name: form[...] for name in value if name.isprintable()} if ... in form else form
                for name in [name for name in value if name not in form]:
                    self.add("PB105", where, "no such field", repr(name)[:60])
                known = [name for name in value if name in form]
                if known != [*form]:
                    raise Flaw("PB104", where, " ".join(form), " ".join(known))
                return {name: self.read(form[name], value[name], f"{where}.{name}") for name in form}
        raise Flaw("PB104", where, f"{type(form).__name__}, from 0 or printable", repr(value)[:60])

    def numbers(self, rows: int, columns: int, value: Any, where: str, finite: bool = True) -> list[float]:
        """An array's numbers, row after row. finite: wanted so (strict)."""
        size, found = rows * columns, list[Any]()
        with suppress(ValueError, TypeError, LookupError, struct.error):
            if type(value) is dict and value["shape"] == [rows, columns] and len(value) == 2:
                found = [*struct.unpack(f"<{size}d", base64.b64decode(value["f64"], validate=True))]
            elif size <= 64 and [len(row) for row in value] == [columns] * rows:
                found = [SPELLED[x] if type(x) is str else x for row in value for x in row]
        if len(found) != size or any(type(x) is not float for x in found):
            raise Flaw("PB104", where, f"{rows} by {columns} numbers", repr(value)[:60])
        if self.tier == "strict" and finite:
            for place in [place for place, x in enumerate(found) if not math.isfinite(x)][:1]:
                self.add("PB305", f"{where}, number {place + 1}", "a finite number", found[place])
        return found

    def begin(self, header: Known) -> None:
        """The header: its parts must fit together, and are made ready."""

        def must(what: str, fits: object) -> None:
            if not fits:
                raise Flaw("PB302", "header", what, "something else")

        self.header, data, forms = header, header["data"], header["layers"]
        must("layers of neurons", forms and all(form["sources"] and form["neurons"] for form in forms))
        must("layers that follow one another", all(a["neurons"] == b["sources"] for a, b in pairwise(forms)))
        inputs, outputs = forms[0]["sources"], forms[-1]["neurons"]
        neurons = [*inputs, *[name for form in forms for name in form["neurons"]], "bias"]
        must("a name of its own for every neuron", len({*neurons}) == len(neurons))
        must("neurons called by words", all(name.replace(".", "_").isidentifier() for name in neurons))
        must("a name for every input", len(data["input_names"]) == len(inputs))
        must("a name for every target", len(data["target_names"]) == len(outputs))
        must("a scaling of every input or of none", len(data["scaling"]) in (0, len(inputs)))
        must("a class for every output", len(outputs) == 1 or len(data["classes"]) in (0, len(outputs)))

        self.rows, size, micro = len(data["row_names"]), header["batch_size"], header["accumulate"]
        must("average or total", header["reduce"] in ("average", "total"))
        must("rows, in whole micro-batches", self.rows and size and micro and size % micro == 0)
        self.parent = NO_PARENT if header["parent"] is None else self.read(PARENT, header["parent"], "parent")
        empty, places = {*self.parent["empty"]}, self.rows + len(self.parent["empty"])
        must("empty places in order", [*self.parent["empty"], places - 1] == sorted({*empty, places - 1}))
        self.left, ids = dict.fromkeys(range(self.rows), True), iter(range(self.rows))
        self.epoch = [[next(ids) for place in part if place not in empty] for part in cut(range(places), size)]
        must("no empty batch", all(self.epoch))
        must("a parent that did what is skipped", header["skip"] < (len(self.epoch) if header["parent"] else 1))
        must("rows that were not left out", not {*self.parent["without"]} & {*data["row_names"]})

        self.layers, self.size, self.rule = list[Layer](), 0, header["rule"]
        for form in forms:
            self.layers.append(Layer(form, header["loss"] if form is forms[-1] else None, self.size))
            self.size = self.layers[-1].place.stop
        self.schedule = recipe(self.rule["schedule"], [*CLOCK, *self.rule["constants"]])
        settings = {*self.rule["constants"], *[name for name, _, _ in self.schedule]}
        kept = ["after", *self.rule["memory"], *self.rule["shared_memory"]]
        must("memory that the rule has", {*header["initial_memory"]} <= {*kept[1:]})
        must("one meaning for a name", len({*GIVEN, *settings, *kept}) == len([*GIVEN, *settings, *kept]))
        self.recipe = recipe(self.rule["recipe"], [*GIVEN, *settings, *kept[1:]])
        for name in {*kept, *self.rule["house"]} - {name for name, _, _ in self.recipe}:
            raise Flaw("PB301", "rule.recipe", f"a line for {name}", "none")
        for claim in self.names(header) if self.names else ():
            self.same("PB304", *claim)

        self.inputs, self.targets = self._data("inputs", len(inputs)), self._data("targets", len(outputs))
        if self.data and self.tier != "basic":
            raise Flaw("PB303", "data", "only what the file has a digest of", f"{len(self.data)} bytes more")
        form, given = self.form(0), header["initial_memory"]
        start = Known(after=self.read(form["weights"], header["initial"], "initial"))  # first: it shows the true size
        start |= {name: 0.0 if each is FINITE else [[0.0] * self.size] for name, each in form["memory"].items()}
        start |= self.read({name: form["memory"][name] for name in given}, given, "initial_memory")
        self.state: Known = {name: value if type(value) is float else [*chain(*value)] for name, value in start.items()}
        bias = [(layer, source == "bias") for layer in self.layers for source in layer.sources]
        self.repeats = [float(layer.inputs) if last else 1.0 for layer, last in bias for _ in layer.neurons]
        numbers = min(size, self.rows) * (1 + 2 * sum(layer.width for layer in self.layers)) + len(kept) * self.size
        arrays = len(forms) * (2 + len(kept))
        self.longest = 4096 + 32 * numbers + 64 * arrays + sum(100 + 6 * len(name) for name in kept)

    def _data(self, name: str, columns: int) -> Rows:
        """The data's rows, from the file or from what was given beside it."""
        value, size = self.header["data"][name], 8 * self.rows * columns
        if self.tier == "basic":
            return []
        if type(value) is dict and "sha256" in value:
            if not self.data:
                raise Unreadable("the data are not in the file; give them with --data, or audit with --basic")
            mine, self.data = self.data[:size], self.data[size:]
            if hashlib.sha256(mine).hexdigest() != value["sha256"] or len(mine) != size:
                raise Flaw("PB303", f"data.{name}", value["sha256"], hashlib.sha256(mine).hexdigest())
            value = {"shape": [self.rows, columns], "f64": base64.b64encode(mine)}
        return cut(self.numbers(self.rows, columns, value, f"data.{name}"), columns)

    def batch(self, record: Known) -> None:
        """The next batch: of the rows that it should have, its samples predicted and blamed, the banks broken."""
        epoch, place = divmod(self.header["skip"] + self.batches - 1, len(self.epoch))
        rows, ordered = record["rows"], self.epoch[place]
        if not rows or max(rows) >= self.rows:
            raise Flaw("PB204" if rows else "PB203", "rows", ordered, rows)
        self.left = self.left if place else dict.fromkeys(range(self.rows), True)
        again = [row for row in rows if not self.left.pop(row, False)]
        self.same("PB201", "batch", self.batches, record["batch"])
        self.same("PB202", "epoch", epoch + 1, record["epoch"])
        self.same("PB203", "samples", len(ordered), len(rows))
        self.same("PB204", "rows that cannot be banked", [], again)
        if not self.header["shuffled"] and len(rows) == len(ordered) and not again:
            self.same("PB205", "rows", ordered, rows)
        form = self.form(len(rows))
        record |= self.read(form, {name: record[name] for name in form}, "record")
        if self.tier != "basic":
            self._passes(rows, record["outputs"], record["blame"])
            self._commit(record)

    def _passes(self, rows: list[int], outputs: Rows, blame: Rows) -> None:
        """Predict, layer by layer; then blame, from the last layer back."""
        values, code = [self.inputs[row] for row in rows], "PB402"
        for layer, found in zip(self.layers, outputs, strict=True):
            layer.given = [[*x, 1.0] for x in values] if layer.bias else values
            layer.weights = cut(self.state["after"][layer.place], layer.width)
            into = [*zip(*layer.weights, strict=True)]
            layer.known = {"z": [dot(x, w) for x in layer.given for w in into]}
            carry_out(layer.forward, layer.known, len(found), layer.width)
            self.same_bits("PB401", layer.outputs(), layer.known["a"], found)
            layer.known["a"], values = found, cut(found, layer.width)
        arriving = Known(t=[*chain(*[self.targets[row] for row in rows])])
        for layer, found in reversed([*zip(self.layers, blame, strict=True)]):
            layer.known |= arriving
            carry_out(layer.backward, layer.known, len(found), layer.width)
            self.same_bits(code, layer.outputs(), layer.known["blame"], found)
            layer.blame, code = cut(found, layer.width), "PB403"
            arriving = Known(arriving=[dot(b, w) for b in layer.blame for w in layer.weights[: layer.inputs]])

    def _bank(self, samples: range) -> list[float]:
        """Every weight's coins of these samples, added up one after the other."""
        totals = [0.0] * self.size
        for s in samples:
            coins = [x * b for layer in self.layers for x in layer.given[s] for b in layer.blame[s]]
            totals = [*map(operator.add, totals, coins)]
        return totals

    def _commit(self, record: Known) -> None:
        """The banks broken: the schedule's lines, then the rule's recipe."""
        samples, size = range(len(record["rows"])), self.header["batch_size"]
        parts = cut(samples, size // self.header["accumulate"])
        commits, epochs = self.parent["commits"] + self.batches, self.parent["epochs"] + record["epoch"]
        known: Known = {"count": len(samples), "batch_size": size, "micro_batches": len(parts)}
        known |= {"commit": commits, "epoch": epochs, "commits_per_epoch": len(self.epoch), **self.rule["constants"]}
        known = {name: repeat(float(value)) for name, value in known.items()}
        carry_out(self.schedule, known, 1, 1)
        known |= {name: repeat(*known[name]) for name, _, _ in self.schedule}
        self.same("PB404", "learning_rate", next(known.get("learning_rate", repeat(math.nan))), record["learning_rate"])
        known["total"], known["repeats"] = self._bank(samples), self.repeats
        if any("sum_of_averages" in line for line in self.rule["recipe"]):
            averages = [[total / len(part) for total in self._bank(part)] for part in parts]
            known["sum_of_averages"] = [dot(column, repeat(1.0)) for column in zip(*averages, strict=True)]
        known |= {name: repeat(x) if type(x) is float else x for name, x in self.state.items()}
        known["before"] = known.pop("after")
        carry_out(self.recipe, known, self.size, self.size)
        for name, found in {"after": record["weights"], **record["memory"]}.items():
            expected = [*islice(known[name], self.size)]
            code, of = ("PB407", "") if name == "after" else ("PB405", f", {name}")
            if type(found) is float:
                self.same("PB406", name, expected[0], found)
            elif type(found) is list:
                found = [*chain(*found)]
                names = (f"{source}->{neuron}{of}" for n in self.layers for source in n.sources for neuron in n.neurons)
                self.same_bits(code, names, expected, found)
            else:
                settled = [x if x == x else math.nan for x in expected]
                digest = hashlib.sha256(struct.pack(f"<{self.size}d", *settled)).hexdigest()
                self.same("PB408", name, {"sha256": digest}, found)
                found = expected
            self.state[name] = found
        self.coins += len(samples) * self.size


def audit(
    path: str, tier: str = "full", seal: Seal = None, data: bytes = b"", progress: Progress = float, names: Names = None
) -> Audit:
    """Audits a file; Unreadable or OSError when it cannot be.

    data: little-endian float64, inputs then targets, for a file that has only their digest. progress: is told the part
    that is done. names: of a header, what formulas are called, what that stands for, and what they are (strict).
    """
    found = Audit(repr(Path(path).name)[1:-1], tier, data, names)
    with open(path, "rb") as file:
        size, read = Path(path).stat().st_size, 0
        try:
            while len(found.findings) < MOST_FINDINGS and (line := file.readline(found.longest)):
                found.line(line)
                read += len(line)
                progress(read / max(read, size))
        except Flaw as flaw:
            found.add(*flaw.args)
    if not found.header and not found.findings:
        raise Unreadable(f"{found.file} is empty")
    wanted = None if seal is None else seal.lower().replace("-", "").strip()
    if wanted is not None and wanted != found.hash[: max(12, len(wanted))]:
        found.add("PB103", "seal", seal or '""', found.seal)
    return found


def run(options: argparse.Namespace, names: Names = None) -> int:
    """Audits, prints the verdict and every finding, and gives the exit code."""
    seen = sys.stderr and sys.stderr.isatty()
    progress: Progress = (lambda done: print(f"\r{done:4.0%}", end="\r", file=sys.stderr)) if seen else float
    path, wanted = options.data, "the run's data"
    try:
        data = Path(path).read_bytes() if path else b""
        path, wanted = options.file, "a .piggy file"
        found = audit(path, options.tier, options.seal, data, progress, names)
        said, code = str(found), int(bool(found.findings))
        shown = {"intact": not code, **{name: vars(found)[name] for name in REPORTED}}
        shown["findings"] = [*map(vars, found.findings)]
    except (Unreadable, OSError) as error:
        unread = f"{repr(path)[1:-1]} cannot be read ({getattr(error, 'strerror', '')}); give {wanted}"
        why = unread if isinstance(error, OSError) else str(error)
        said, shown, code = f"NOT AUDITED: {why}", {"error": why}, 2
    text, letters = json.dumps(shown, indent=1), getattr(sys.stdout, "encoding", "") or "utf-8"
    print(text if options.json else said.encode(letters, "replace").decode(letters), flush=True)
    return code


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", help="a .piggy file")
    parser.add_argument("--seal", help="the seal it must have, such as a3f9-c27b-1e44")
    parser.add_argument("--data", help="the data's float64, inputs then targets, if the file has only their digest")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    tiers = {"basic": "recompute nothing", "strict": "also finite numbers and, by piggybank, honest names"}
    for tier, words in tiers.items():
        parser.add_argument(f"--{tier}", dest="tier", action="store_const", const=tier, default="full", help=words)
    try:
        sys.exit(run(parser.parse_args()))
    except OSError as error:
        if sys.stderr:
            print(f"the verdict could not be written ({error.strerror})", file=sys.stderr, flush=True)
        os._exit(2)
