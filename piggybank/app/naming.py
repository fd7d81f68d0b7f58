"""What lessons, labs and runs are called: "lesson 3", "lab A", and a run by its settings in a line."""

from __future__ import annotations

from string import ascii_uppercase

from piggybank.ledger.records import Header
from piggybank.stage.digits import shown

LETTERS = tuple(ascii_uppercase)
"""What labs have for a number."""


def numbered(number: int | str) -> str:
    """What people call it: "lesson 3", "lab A"."""
    return f"lab {number}" if isinstance(number, str) else f"lesson {number}"


def settings(header: Header) -> str:
    """The run in a line: shape, batch size, the rule where it is not plain SGD, learning rate. What a schedule changes
    from commit to commit is said to be scheduled: the commit itself shows what it took."""
    size = f"batch of {header.batch_size}"
    if header.accumulate > 1:
        size = f"{header.accumulate} micro-batches of {header.micro_size} a commit"
    parts = [header.shape("→"), size, *([f"fault: {header.fault}"] if header.fault else [])]
    if header.reduce == "total":
        parts.append("total")
    if header.rule_name != "SGD":
        parts.append(header.rule_name)
    scheduled = {name for name, _ in header.schedule.lines}
    for name, value in header.constants.items():
        parts.append(f"{name.replace('_', ' ')} {shown(value)}" + (", scheduled" if name in scheduled else ""))
    return " · ".join(parts)
