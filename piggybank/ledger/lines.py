"""A receipt and its lines: a calculator's paper strip, each line with what stands behind it.

References and lines are named tuples: a page holds tens of thousands of them, and they are keys wherever receipts are
kept, so they must be made and compared quickly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from piggybank.wording import counted

IN, OUT, CANCELLED = "in", "out", "cancelled"
"""Parts of a bank's and of an epoch's references: the coins above zero, those below, how many per cent cancelled."""


class Ref(NamedTuple):
    """Names one number of a run, so that its receipt can be opened. Numbers count from 1; 0 where one does not apply.

    kind, and what the other fields say of it:
    predict, blame   name: a neuron; batch, sample. part "sum" of a prediction: the weighted sum inside it.
    loss, accuracy   batch, sample; sample 0: the mean of the batch, or how many of it were right.
    shared           name: a number that the last layer's neurons share; batch, sample.
    slice            name: a weight; batch, sample.
    bank             name: a weight; batch, sample: the last one in it. part: see `IN`, `OUT` and `CANCELLED`.
    kept             likewise of a bank that nobody emptied, with what it held before.
    micro            name: a weight; batch, sample: a micro-batch.
    commit           name: a weight; batch. part: a name of the rule's recipe, such as "average"; "": the weight after.
    whole            name: of a line of the recipe that is one number over all weights; batch, sample: a page.
    schedule         name: a setting; batch.
    share            what a data row put into a weight's banks. name: the weight, "": the sizes of its coins for all;
                     batch: an epoch, 0: from the first on; sample: the row, 0: all, in parts as of a bank; banked: the
                     last batch counted.
    lasting          see `lasting_receipts`; likewise lifetime.
    Where chains end: data, target (name: a column; sample: a row), initial (name: a weight), setting (name), constant
    (name: its digits; part: the formula it stands in).

    A loss, accuracy or prediction with a batch below 0 is measured on all rows with the weights which that batch met,
    the sample is the row; see `measured`.
    banked: as in `Ledger.receipt`, for a moment before the commit. line_number: 5 for the result that the fifth line of
    the receipt states. is_turned: the number with its sign turned.
    """

    kind: str
    name: str = ""
    batch: int = 0
    sample: int = 0
    banked: int | None = None
    part: str = ""
    line_number: int = 0
    is_turned: bool = False

    @property
    def code(self) -> str:
        """The reference as one word, for commands; `from_code` reads it."""
        banked = "" if self.banked is None else self.banked
        inside = f"|{self.line_number}|{int(self.is_turned)}" if self.line_number or self.is_turned else ""
        return f"{self.kind}|{self.name}|{self.batch}|{self.sample}|{banked}|{self.part}{inside}"

    @staticmethod
    def from_code(code: str) -> Ref:
        """The inverse of `code`."""
        kind, name, batch, sample, banked, part, *inside = code.split("|")
        line_number, is_turned = map(int, inside or ("0", "0"))
        numbers = int(batch), int(sample), int(banked) if banked else None
        return Ref(kind, name, *numbers, part, line_number, bool(is_turned))

    def of_part(self, part: str) -> Ref:
        """Another number of the same receipt."""
        return Ref(self.kind, self.name, self.batch, self.sample, self.banked, part)

    def line(self, number: int) -> Ref:
        """The result that a line of this receipt states, counted from 1."""
        return Ref(self.kind, self.name, self.batch, self.sample, self.banked, self.part, number, self.is_turned)

    @property
    def turned(self) -> Ref:
        """The same number with its sign turned."""
        return self._replace(is_turned=not self.is_turned)


class Line(NamedTuple):
    """One line of a receipt.

    operator: "" starts anew with `value`; + - * / take `value` as their right operand; "=" states the result so far;
    a function's name states the function of the result so far, "±" the result so far with its sign turned.
    value: None while it is not known yet. exact: nothing was rounded away. origin: of an operand, the receipt behind
    `value`. ref: of a result, and of a number where chains end, the reference of itself.
    """

    section: str
    label: str
    operator: str
    value: float | None
    formula: str = ""
    exact: bool = True
    origin: Ref | None = None
    ref: Ref | None = None

    @property
    def opens(self) -> Ref | None:
        """The receipt of this line's number."""
        return self.origin or self.ref


Spell: TypeAlias = Callable[[], str]
"""Writes a number as Python text, once that is asked for."""


@dataclass(frozen=True)
class Receipt:
    """The calculation behind one number; `str()` of it is an aligned table.

    title: what the number is, in words. kind: what sort of number, as in `Ref`. state: "waiting" until the sample's
    turn, "pending" from then until the commit, "final" once the batch is committed.
    lines: the calculation from top to bottom; what is not known yet in that state has the value None. value: the
    number itself, in every state; of a receipt that shows two, a weight's slice or a neuron's output.
    """

    title: str
    kind: str
    state: str
    lines: tuple[Line, ...]
    value: float
    spell: Spell = field(compare=False, repr=False)

    def python(self) -> str:
        """A Python expression that evaluates to exactly `value`, with only `math` in scope."""
        return self.spell()

    def __str__(self) -> str:
        return strip_text(self.title, self.state, self.lines)

    def __repr__(self) -> str:
        length = counted(len(self.lines), "line")
        return f"<Receipt: {self.title}, {self.state}, {self.value!r}; print() shows its {length}>"


SIGNS = {"*": "×", "/": "÷", "-": "−"}


def strip_text(title: str, state: str, lines: Sequence[Line]) -> str:
    """A calculation as an aligned table: operator, label, the number with all its digits, whether it is exact."""
    shown = [
        (
            SIGNS.get(line.operator, line.operator),
            line.label,
            "· · ·" if line.value is None else digits(line.value),
            exactness(line.exact) if line.operator == "=" and line.value is not None else "",
            line.formula,
        )
        for line in lines
    ]
    widths = [max((len(row[column]) for row in shown), default=0) for column in range(4)]
    rows, section = [f"{title}   [{state}]"], ""
    for line, (operator, label, value, exact, formula) in zip(lines, shown, strict=True):
        if line.section != section:
            section = line.section
            rows.append(f"  {section}")
        text = f"    {operator:<{widths[0]}}  {label:<{widths[1]}}  {value:>{widths[2]}}  {exact:<{widths[3]}}"
        rows.append(f"{text}  {formula}".rstrip())
    return "\n".join(rows)


def exactness(exact: bool) -> str:
    """What stands beside a result."""
    return "exact" if exact else "≈ rounded"


def digits(value: float) -> str:
    """All digits of a number."""
    text = repr(float(value))
    return f"−{text[1:]}" if text.startswith("-") else text
