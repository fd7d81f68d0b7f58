"""Runs that stand side by side: which they are, and the moments at which they are in step with the one in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.ledger import Ledger
from piggybank.stage.in_step import held, in_step
from piggybank.stage.known import Known, known_at
from piggybank.stage.timeline import COMMIT, Cursor, Timeline


@dataclass(frozen=True)
class Side:
    """One of the runs. place: from 1, as they stand. settings: what of its settings not all of them have. selected: the
    weight whose bank it shows. front: it is the one that plays. planned: batches that it is to be played for."""

    place: int
    name: str
    settings: tuple[str, ...]
    ledger: Ledger
    selected: str
    front: bool = False
    planned: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a run stands. banked: samples of the whole run that were banked so far; breaks: its banks break now; over:
    the one in front has seen more samples than this one ever has, and it stays at its end."""

    known: Known
    banked: int
    breaks: bool
    over: bool = False


def same_shape(one: Ledger, other: Ledger) -> bool:
    """Whether two runs have the same weights, so that these can be compared."""
    found = [(run.header.neuron_layers, [layer.has_bias for layer in run.header.layers]) for run in (one, other)]
    return found[0] == found[1]


@at_hand(1)
def timeline_of(ledger: Ledger) -> Timeline:
    """The beats of a ledger's run."""
    return Timeline(ledger.header)


def cursors(sides: Sequence[Side], cursor: Cursor) -> tuple[Cursor, ...]:
    """Of every run the moment in step with that of the one in front; of one that is over, its last one."""
    if not any(side.front for side in sides):
        return ()
    found = zip(sides, _in_step(sides, cursor), strict=True)
    return tuple(held(timeline_of(side.ledger), there, len(side.ledger)) for side, there in found)


def _in_step(sides: Sequence[Side], cursor: Cursor) -> list[Cursor]:
    front = next(timeline_of(side.ledger) for side in sides if side.front)
    return [cursor if side.front else in_step(front, cursor, timeline_of(side.ledger)) for side in sides]


def standings(sides: Sequence[Side], moments: Sequence[Cursor]) -> tuple[Standing, ...]:
    """Where the runs stand at their moments; their ledgers must hold them."""
    found = []
    here = [moment for side, moment in zip(sides, moments, strict=True) if side.front]
    for side, cursor, there in zip(sides, moments, _in_step(sides, here[0]) if here else (), strict=True):
        timeline = timeline_of(side.ledger)
        known = known_at(timeline, cursor)
        breaks = known.moment.phase == COMMIT and 0 < cursor.progress < 1
        banked = timeline.seen_before(known.batch) + known.banked
        found.append(Standing(known, banked, breaks, cursor.beat < there.beat))
    return tuple(found)
