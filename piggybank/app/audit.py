"""`piggybank audit`: the options of `auditor.py`, which is loaded only when they are used."""

from __future__ import annotations

import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The same options as those of the auditor alone; a test compares them."""
    audit = commands.add_parser("audit", help="recompute a saved run, every number of it")
    audit.add_argument("file", help="a .piggy file")
    audit.add_argument("--seal", help="the seal it must have, such as a3f9-c27b-1e44")
    audit.add_argument("--data", help="the data's float64, inputs then targets, if the file has only their digest")
    audit.add_argument("--json", action="store_true", help="print the report as JSON")
    for tier, words in (
        ("basic", "recompute nothing"),
        ("strict", "also finite numbers and, by piggybank, honest names"),
    ):
        audit.add_argument(f"--{tier}", dest="tier", action="store_const", const=tier, default="full", help=words)
    audit.set_defaults(action=_audit)


def _audit(options: argparse.Namespace) -> None:
    from piggybank.auditor import run
    from piggybank.honest_names import claims

    raise SystemExit(run(options, claims))
