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


def said(header: Header) -> dict[str, str]:
    """Of each kind of setting this run's, in a few words; "" for what goes without saying. What a schedule changes from
    commit to commit is said to be scheduled: the commit itself shows what it took."""
    size = f"batch of {header.batch_size}"
    if header.accumulate > 1:
        size = f"{header.accumulate} micro-batches of {header.micro_size} a commit"
    scheduled = {name: ", scheduled" for name, _ in header.schedule.lines}
    return {
        "shape": header.shape("→"),
        "batch": size,
        "fault": f"fault: {header.fault}" if header.fault else "",
        "reduce": "total" if header.reduce == "total" else "",
        "rule": header.rule_name if header.rule_name != "SGD" else "",
        **{
            f"constant {name}": f"{name.replace('_', ' ')} {shown(value)}{scheduled.get(name, '')}"
            for name, value in header.constants.items()
        },
    }


def settings(header: Header) -> str:
    """The run in a line: shape, batch size, the rule where it is not plain SGD, learning rate."""
    return " · ".join(filter(None, said(header).values()))
