"""The options that commands share. Loads nothing heavy, so that --help is instant."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from piggybank.app.lessons import Lesson

FURTHEST = 1_000_000
"""So many batches are trained where a command asks for a later one, and no more."""


class UsageError(ValueError):
    """An argument that cannot be used; the message says what was expected."""


def reach(lesson: Lesson, batch: int) -> None:
    """Train as far as a batch that was asked for. UsageError for one that nobody would wait for."""
    recorded = len(lesson.run.ledger)
    if lesson.run.grows and batch > recorded + FURTHEST:
        far = batch if batch < 10**12 else f"{batch:.0e}" if batch < 10**300 else "more than 1e300"
        raise UsageError(
            f"batch {far} is more than {FURTHEST:,} beyond the {recorded:,} that were made; ask for an earlier one"
        )
    lesson.run.ensure(batch)


def add_data(parser: argparse.ArgumentParser, several: bool = False) -> None:
    """Where a saved run's data are, if not in its file; of several runs in a list."""
    action, more = ("append", "; once for all runs, or once for each such run") if several else ("store", "")
    words = f"a saved run's data, if they do not stand in its file{more}"
    parser.add_argument("--data", metavar="FILE", action=action, help=words)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is open, and how it looks."""
    parser.add_argument("--inspect", default="", help="a weight or neuron whose inspector is open")
    parser.add_argument("--receipt", action="store_true", help="the receipt of its commit, or of a neuron's blame")
    parser.add_argument("--exact", action="store_true", help="all digits in the inspector")
    parser.add_argument("--hindsight", action="store_true", help="the final adjustment shown on every sample")
    parser.add_argument("--summary", action="store_true", help="the epoch summary is open")
    parser.add_argument("--beside", action="store_true", help="the runs of a lab side by side")
    parser.add_argument("--keys", action="store_true", help="the list of keys is open")
    parser.add_argument("--hover", default="", help="a weight or neuron that the pointer rests on")
    parser.add_argument("--select", default="", help="the weight in focus")
    parser.add_argument("--theme", default="light", help="light, night or high contrast")
    parser.add_argument("--text-size", type=int, default=100, help="in per cent: 100, 115 or 130")
    parser.add_argument("--comma", action="store_true", help="decimal commas")
    parser.add_argument("--teacher", action="store_true", help="numbers only, no prose")


def size_of(text: str) -> tuple[int, int]:
    """A size such as 1920x1080."""
    found = re.fullmatch(r"(\d{3,5})[x×](\d{3,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (320 <= size[0] <= 7680 and 240 <= size[1] <= 4320):
        raise UsageError(f"expected a size such as 1920x1080, from 320x240 to 7680x4320, got {text!r}")
    return size
