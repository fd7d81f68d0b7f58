"""`piggybank audit`: the options of `auditor.py`, which is loaded only when they are used."""

from __future__ import annotations

import argparse
from contextlib import ExitStack


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The same options as those of the auditor alone; a test compares them."""
    audit = commands.add_parser("audit", help="recompute a saved run, every number of it")
    audit.add_argument("file", help="a .piggy file")
    audit.add_argument("--seal", help="the seal it must have, such as a3f9-c27b-1e44")
    audit.add_argument("--data", help="the data's float64, inputs then targets, if the file has only their digest")
    audit.add_argument("--json", action="store_true", help="print the report as JSON")
    tiers = audit.add_mutually_exclusive_group()
    for tier, words in (
        ("basic", "recompute nothing"),
        ("strict", "also finite numbers and, by piggybank, honest names"),
    ):
        tiers.add_argument(f"--{tier}", dest="tier", action="store_const", const=tier, default="full", help=words)
    audit.set_defaults(action=_audit)


def _audit(options: argparse.Namespace) -> None:
    from piggybank.app.pipes import NeverEndsError, without_waiting
    from piggybank.auditor import run
    from piggybank.honest_names import claims

    with ExitStack() as held:
        try:
            options.file = held.enter_context(without_waiting(options.file))
            options.data = options.data and held.enter_context(without_waiting(options.data))
        except NeverEndsError as error:
            raise SystemExit(_not_audited(options, str(error))) from None
        raise SystemExit(run(options, claims))


def _not_audited(options: argparse.Namespace, why: str) -> int:
    """As the auditor says it."""
    import json

    print(json.dumps({"error": why}, indent=1) if options.json else f"NOT AUDITED: {why}")
    return 2
