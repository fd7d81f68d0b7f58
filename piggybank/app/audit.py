"""`piggybank audit`: the options of `auditor.py`, which is loaded only when they are used."""

from __future__ import annotations

import argparse
import os
import select
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from piggybank.wording import printable

PATIENCE = 1000
"""Milliseconds in which whoever fills a named pipe may come."""
BLOCK = 1 << 16


class NeverEndsError(Exception):
    """What would be waited for, or read, for ever; the message says why."""


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
    from piggybank.auditor import run
    from piggybank.honest_names import claims

    with ExitStack() as held:
        try:
            options.file = held.enter_context(_without_waiting(options.file))
            options.data = options.data and held.enter_context(_without_waiting(options.data))
        except NeverEndsError as error:
            raise SystemExit(_not_audited(options, str(error))) from None
        raise SystemExit(run(options, claims))


def _not_audited(options: argparse.Namespace, why: str) -> int:
    """As the auditor says it."""
    import json

    print(json.dumps({"error": why}, indent=1) if options.json else f"NOT AUDITED: {why}")
    return 2


@contextmanager
def _without_waiting(path: str) -> Iterator[str]:
    """A file that can be read to its end: `path`, or a copy of what comes out of a pipe. NeverEndsError for a device,
    and for a pipe that nobody writes into."""
    kind = _kind(path)
    if stat.S_ISCHR(kind) and path != os.devnull:
        raise NeverEndsError(f"{printable(path)} is a device; give a file")
    if not (stat.S_ISFIFO(kind) and hasattr(os, "mkfifo")):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / Path(path).name
        with copy.open("wb") as file:
            _take(path, file)
        yield str(copy)


def _kind(path: str) -> int:
    """The mode by which `stat` tells what it is; 0 where the auditor will say why it cannot be read."""
    try:
        return os.stat(path).st_mode
    except (OSError, ValueError):
        return 0


def _take(path: str, file: IO[bytes]) -> None:
    """All that comes out of a pipe."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pipe:
        select.select([pipe], [], [], PATIENCE / 1000)
        first = pipe.read(BLOCK)  # None: there is somebody, who has not written yet
        if first == b"":
            raise NeverEndsError(f"{printable(path)} is a pipe that nobody writes into; give a .piggy file")
        os.set_blocking(pipe.fileno(), True)
        file.write(first or b"")
        shutil.copyfileobj(pipe, file, BLOCK)
