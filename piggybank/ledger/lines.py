"""A receipt's lines: a calculator's paper strip, one operand or result a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from piggybank.arithmetic import is_exact
from piggybank.formula import Step

WORDS = {
    "total": "Total in the bank",
    "count": "Samples in the batch",
    "average": "Average coin",
    "learning_rate": "Learning rate",
    "adjustment": "Final adjustment",
    "before": "Before",
    "after": "After",
}
"""What the names of a recipe are called in front of people."""


NEGATED = "negated"
"""The part of a setting's reference that means the setting with its sign turned."""


@dataclass(frozen=True)
class Ref:
    """Names one number of a run, so that its receipt can be opened.

    kind: predict, loss, blame, slice, bank, commit; share (name: weight, batch: an epoch, sample: a row, banked: the
    last batch counted): what a data row put into a weight's banks in an epoch; or where chains end: data, target
    (name: column, sample: row), initial (name: weight), setting (name: of the setting). Numbers start at 1; 0 where
    it does not apply.
    banked: as in `Ledger.receipt`, for a moment before the commit.
    part: of a commit, the name of one result of its recipe ("average", "adjustment"), "" for the weight after it; of a
    prediction, "sum" for the weighted sum inside it.
    A loss with sample 0 is the batch's mean.
    """

    kind: str
    name: str = ""
    batch: int = 0
    sample: int = 0
    banked: int | None = None
    part: str = ""

    @property
    def code(self) -> str:
        """The reference as one word, for commands; `from_code` reads it."""
        banked = "" if self.banked is None else self.banked
        return f"{self.kind}|{self.name}|{self.batch}|{self.sample}|{banked}|{self.part}"

    @staticmethod
    def from_code(code: str) -> Ref:
        """The inverse of `code`."""
        kind, name, batch, sample, banked, part = code.split("|")
        return Ref(kind, name, int(batch), int(sample), int(banked) if banked else None, part)


@dataclass(frozen=True)
class Line:
    """One line of a receipt.

    operator: "" starts anew with `value`; + - * / take `value` as their right operand; "=" states the result so far;
    a function's name states the function of the result so far.
    value: None while it is not known yet. exact: nothing was rounded away. origin: the receipt behind `value`.
    """

    section: str
    label: str
    operator: str
    value: float | None
    formula: str = ""
    exact: bool = True
    origin: Ref | None = None


@dataclass(frozen=True)
class Receipt:
    """The calculation behind one number; `str()` of it is an aligned table."""

    title: str
    kind: str
    state: str
    lines: tuple[Line, ...]
    value: float
    spell: Callable[[], str] = field(compare=False, repr=False)

    def python(self) -> str:
        """A Python expression that evaluates to exactly `value`, with only `math` in scope."""
        return self.spell()

    def __str__(self) -> str:
        signs = {"*": "×", "/": "÷", "-": "−"}
        shown = [
            (
                signs.get(line.operator, line.operator),
                line.label,
                "· · ·" if line.value is None else _digits(line.value),
                "" if line.operator != "=" or line.value is None else "exact" if line.exact else "≈ rounded",
                line.formula,
            )
            for line in self.lines
        ]
        widths = [max((len(row[column]) for row in shown), default=0) for column in range(4)]
        rows, section = [f"{self.title}   [{self.state}]"], ""
        for line, (operator, label, value, exact, formula) in zip(self.lines, shown, strict=True):
            if line.section != section:
                section = line.section
                rows.append(f"  {section}")
            text = f"    {operator:<{widths[0]}}  {label:<{widths[1]}}  {value:>{widths[2]}}  {exact:<{widths[3]}}"
            rows.append(f"{text}  {formula}".rstrip())
        return "\n".join(rows)


def _digits(value: float) -> str:
    text = repr(value)
    return f"−{text[1:]}" if text.startswith("-") else text


Labels = Mapping[str, tuple[str, Ref | None]]


class Strip:
    """Collects lines; remembers the name of the running result, so that a chain of formulas reads as one strip."""

    def __init__(self, section: str) -> None:
        self.section = section
        self.lines: list[Line] = []
        self.running = ""

    def put(self, label: str, operator: str, value: float | None, origin: Ref | None = None) -> None:
        """An operand."""
        self.lines.append(Line(self.section, label, operator, value, origin=origin))

    def result(self, label: str, value: float | None, formula: str, exact: bool, running: str = "") -> None:
        """The result so far; `running` is the name later formulas use for it."""
        self.lines.append(Line(self.section, label, "=", value, formula, exact))
        self.running = running

    def function(self, name: str, formula: str, value: float) -> None:
        """What a function or a choice makes of the running result."""
        self.lines.append(Line(self.section, formula, name, value))

    def product(self, first: tuple[str, float, Ref | None], second: tuple[str, float, Ref | None], label: str) -> float:
        """Two operands and their product; gives the product."""
        value = first[1] * second[1]
        self.put(first[0], "", first[1], first[2])
        self.put(second[0], "*", second[1], second[2])
        self.result(label, value, "", is_exact("*", first[1], second[1], value))
        return value

    def add_to(self, so_far: float, value: float, so_far_label: str, label: str, first: bool) -> float:
        """Add the running result to an earlier sum; the first term needs no line unless +0.0 changes it."""
        total = so_far + value
        if not (first and repr(total) == repr(value)):
            self.put(so_far_label, "+", so_far)
            self.result(label, total, "", is_exact("+", so_far, value, total))
        return total

    def steps(self, steps: list[Step], labels: Labels, name: str, result: str, formula: str) -> None:
        """The steps of a formula whose value is called `name` in later formulas and `result` in front of people."""
        done: set[str] = set()
        for place, step in enumerate(steps):
            last = place == len(steps) - 1
            if step.text in done and not last:
                continue
            done.add(step.text)
            self._operands(step, labels)
            label = result if last else word(step.text, labels)[0]
            self.result(label, step.value, formula if last else step.text, step.exact, name if last else step.text)

    def _operands(self, step: Step, labels: Labels) -> None:
        left, right = step.left, step.right
        if right is None:
            if left[0] != self.running:
                self._operand(left, "", labels)
            self.lines.append(Line(self.section, step.text, step.operator, step.value, exact=step.exact))
            return
        if step.operator in ("+", "*") and right[0] == self.running != left[0]:
            left, right = right, left
        if left[0] != self.running:
            self._operand(left, "", labels)
        self._operand(right, step.operator, labels)

    def _operand(self, operand: tuple[str, float], operator: str, labels: Labels) -> None:
        label, origin = word(operand[0], labels)
        self.put(label, operator, operand[1], origin)


def word(text: str, labels: Labels) -> tuple[str, Ref | None]:
    """The label of a name or sub-expression, and the receipt behind it."""
    if text in labels:
        return labels[text]
    if text.startswith("-") and text[1:] in labels:
        label, origin = labels[text[1:]]
        negated = replace(origin, part=NEGATED) if origin is not None and origin.kind == "setting" else None
        return f"−{label}", negated
    return text.replace("*", "×").replace("/", "÷").replace("-", "−"), None
