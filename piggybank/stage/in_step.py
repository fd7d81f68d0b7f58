"""Runs in step: the moment at which another run has seen as many samples, found by arithmetic like every moment.

A run that commits where the one in front goes on banking breaks its banks once that sample's coin has landed; one that
goes on banking where the one in front commits waits, its coin in the bank.
"""

from __future__ import annotations

import math

from piggybank.stage.known import LANDED
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT, Cursor, Timeline


def in_step(front: Timeline, cursor: Cursor, other: Timeline) -> Cursor:
    """The moment of `other` in step with a moment of `front`: the same number of samples banked, the same phase, and a
    commit wherever `other` has one. A settled moment gives a settled one; from there back it leads to the same sample.
    """
    moment, progress = front.moment(cursor.beat), cursor.progress
    batch, sample = other.place_of(front.seen_before(moment.batch) + moment.sample)
    commits = sample == other.count(batch)
    if moment.phase == COMMIT:
        return Cursor(other.commit_beat(batch), progress) if commits else Cursor(other.beat(batch, sample, BANK), 1.0)
    if moment.phase == BANK:
        stays = moment.sample < front.count(moment.batch)
        if commits and stays and progress > LANDED:
            return Cursor(other.commit_beat(batch), (progress - LANDED) / (1 - LANDED))
        return Cursor(other.beat(batch, sample, BANK), progress)
    if moment.phase == LOSS:
        return Cursor(other.beat(batch, sample, LOSS), progress)
    passed = moment.layer if moment.phase == PREDICT else front.layers - 1 - moment.layer
    passed, progress = _layer(passed, progress, front.layers, other.layers)
    layer = passed if moment.phase == PREDICT else other.layers - 1 - passed
    return Cursor(other.beat(batch, sample, PREDICT if moment.phase == PREDICT else BLAME, layer), progress)


def held(timeline: Timeline, cursor: Cursor, batches: int) -> Cursor:
    """A moment, or the last one of a run that holds only so many batches: its last commit, settled."""
    last = timeline.length(batches) - 1
    return cursor if cursor.beat <= last or not batches else Cursor(last, 1.0)


def _layer(passed: int, progress: float, layers: int, others: int) -> tuple[int, float]:
    """As far through a network of `others` layers as `passed` layers and a part of the next are through `layers`."""
    if layers == others:
        return passed, progress
    way = (passed + progress) * others / layers
    layer = max(0, math.ceil(way) - 1)
    return layer, way - layer
