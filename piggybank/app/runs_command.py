"""`piggybank play` and `summary`: a saved run looked at again."""

from __future__ import annotations

import argparse

from piggybank.app.options import add_data
from piggybank.app.saying import opened


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], which: str) -> None:
    """which: what can be played, in words."""
    play = commands.add_parser("play", help="watch a saved run, or up to four side by side")
    play.add_argument("which", nargs="+", help=f"{which}; several: saved runs")
    add_data(play, several=True)
    play.set_defaults(action=_play)

    summary = commands.add_parser("summary", help="seal, settings, losses and the largest coins of a run")
    summary.add_argument("which", help=which)
    add_data(summary)
    summary.add_argument("--epoch", type=int, help="of this epoch, counted from 1; left out: of the last")
    summary.set_defaults(action=_summary)


def _play(options: argparse.Namespace) -> None:
    with opened(options.which, options.data) as lesson:
        lesson.play()


def _summary(options: argparse.Namespace) -> None:
    from piggybank.app.run_summary import summary_lines

    with opened(options.which, options.data) as lesson:
        lesson.run.ensure(max(1, lesson.batches))
        print(*summary_lines(lesson.run.ledger, options.epoch), sep="\n")
