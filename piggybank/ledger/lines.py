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
    """Names one number of a run, so that its receipt can be opened.

    kind: predict, shared (name: of a number that the last layer's neurons share), loss, accuracy, blame, slice, bank,
    commit; kept: a bank that nobody emptied, with what it held before; share (name: weight, batch: an epoch, sample: a
    row, banked: the last batch counted): what a data row put into a weight's banks in an epoch (0: from the first on),
    without a name the sizes of its coins for all weights;
    schedule (name: a setting), whole (name: a line of the recipe that is one number over all weights, sample: a page),
    micro (sample: a micro-batch), lasting and lifetime (see their receipts); or where chains end: data, target (name:
    column, sample: row), initial (name: weight), setting (name: of the setting), constant (name: its digits, part: the
    formula it stands in). Numbers start at 1; 0 where it does not apply.
    banked: as in `Ledger.receipt`, for a moment before the commit.
    part: of a commit, the name of one result of its recipe ("average", "adjustment"), "" for the weight after it; of a
    prediction, "sum" for the weighted sum inside it; of a bank, and of a share without a row, `IN`, `OUT` or
    `CANCELLED`.
    line_number: 5 for the result that the fifth line of the receipt states. is_turned: the number with its sign turned.
    A loss with sample 0 is the batch's mean. A loss or prediction of a batch with a minus is that of all rows with the
    weights which that batch met, the sample its row: see `measured`.
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
