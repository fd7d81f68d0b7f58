"""A run in a few words, as Python echoes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.wording import counted

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger


def run_in_short(ledger: Ledger, is_in_trouble: bool, is_unsaved: bool) -> str:
    """A `Run` in a line."""
    loss = f"loss of the last {ledger.batch_loss(len(ledger)):.6g}" if len(ledger) else ""
    trouble = "in trouble, see its trouble" if is_in_trouble else ""
    unsaved = "not being saved, see its save_problem" if is_unsaved else ""
    return f"<Run: {'; '.join(filter(None, [_in_short(ledger), loss, trouble, unsaved]))}>"


def ledger_in_short(ledger: Ledger) -> str:
    """A `Ledger` in a line; looks at nothing that a closed file would have to be opened for."""
    return f"<Ledger: {_in_short(ledger)}{'; not whole, see its problem' if ledger.problem else ''}>"


def _in_short(ledger: Ledger) -> str:
    header, batches = ledger.header, len(ledger)
    fault = f", fault {header.fault}" if header.fault else ""
    far = f"{counted(batches, 'commit')}, epoch {header.epoch(batches)}" if batches else "no commit yet"
    return f"{header.data_name}, {header.shape('-')}, {header.rule_name}, batches of {header.batch_size}{fault}; {far}"
