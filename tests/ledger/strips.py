"""Receipts by the dozen, and a reader who checks their lines like a calculator's strip."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from fractions import Fraction

import plain_functions as plain
from nets import bits
from odd_runs import MOMENTUM

from piggybank import Dense, Network, Run
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt, Ref


def samples_of(ledger: Ledger) -> Iterator[tuple[int, int]]:
    for record in ledger:
        yield from ((record.batch, sample) for sample in range(1, record.count + 1))


def popups(ledger: Ledger) -> Iterator[Receipt]:
    """Every weight's popup of every sample and its commit."""
    for weight in ledger.header.weights:
        for batch, sample in samples_of(ledger):
            yield ledger.receipt(weight.name, batch=batch, sample=sample)
        for batch in range(1, len(ledger) + 1):
            yield ledger.receipt(weight.name, batch=batch)


def refs(ledger: Ledger) -> Iterator[Ref]:
    """Every prediction, blame, loss and bank."""
    for batch, sample in samples_of(ledger):
        for name in ledger.header.neurons:
            yield Ref("predict", name, batch, sample)
            yield Ref("blame", name, batch, sample)
        yield Ref("loss", "", batch, sample)
        if sample == 1:
            yield Ref("loss", "", batch, 0)
            for weight in ledger.header.weights:
                yield Ref("bank", weight.name, batch, ledger.header.count(batch))


def shallow(ledger: Ledger, every: int) -> Iterator[Receipt]:
    """A fixed selection of all receipts, for the checks that look at lines."""
    yield from (receipt for place, receipt in enumerate(popups(ledger)) if place % every == 0)
    yield from (ledger.open(ref) for place, ref in enumerate(refs(ledger)) if place % every == 0)


def evaluates(receipt: Receipt) -> bool:
    code = compile(receipt.python(), "<receipt>", "eval")
    plainly = eval(code, {"math": math})
    bare = eval(code, {"__builtins__": {}, "math": math})
    return bits(plainly) == bits(bare) == bits(receipt.value)


def is_exact(operator: str, a: float, b: float, result: float) -> bool:
    x, y = Fraction(a), Fraction(b)
    return {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}[operator]() == result


FUNCTIONS: dict[str, tuple[Callable[[float], float], float | None]] = {
    "exp": (plain.exp, 0.0), "log": (plain.log, 1.0), "tanh": (plain.tanh, 0.0), "sigmoid": (plain.sigmoid, 0.0),
    "abs": (abs, None), "±": (operator.neg, None), "sign": (lambda x: math.copysign(1.0, x) if x else x, None),
}  # fmt: skip
"""The function, and the only argument at which it is exact (None: always)."""


class Calculator:
    """Walks a strip as its reader would: operands act on the running result, "=" reads it off."""

    def __init__(self) -> None:
        self.running, self.exact = math.nan, True
        self.wrong_values: list[Line] = []
        self.wrong_flags: list[Line] = []

    def take(self, line: Line) -> None:
        assert line.value is not None
        before = self.running
        if line.operator == "":
            self.running, self.exact = line.value, True
        elif line.operator in "+-*/":
            a, b = before, line.value
            self.running = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else math.nan}[line.operator]
            self.exact = self.exact and is_exact(line.operator, a, b, self.running)
        elif line.operator == "max":
            self.running = before if before >= line.value else line.value
        elif line.operator in FUNCTIONS:
            function, exact_at = FUNCTIONS[line.operator]
            self.running = function(before)
            self.exact = self.exact and exact_at in (None, before)
        elif line.operator != "=":  # a choice such as "z if z > 0 else 0", written beside it
            self.running = float(eval(line.label, {"__builtins__": {}, "z": before}))
        if line.operator == "=" or line.operator in FUNCTIONS:
            if bits(line.value) != bits(self.running):
                self.wrong_values.append(line)
            if line.exact != self.exact:
                self.wrong_flags.append(line)
        if line.operator == "=":
            self.running, self.exact = line.value, True

    @staticmethod
    def over(receipt: Receipt) -> Calculator:
        calculator = Calculator()
        for line in receipt.lines:
            calculator.take(line)
        return calculator


def with_savings() -> Run:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=MOMENTUM).train(epochs=8)
