"""Forgeries of a fork: of where it comes from, and of which rows it does without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from derive import derive
from forging import MOMENTUM, edited, forgery
from piggy import Record, records_of

from piggybank import SGD, Dense, Momentum, Network, Run, Step, WarmUp


def fork(without: Sequence[int]) -> Run:
    """Xor from its third batch on, by momentum."""
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    run = Run(network, "xor", rule=Momentum(0.125), batch_size=2).train(batches=5)
    return run.fork(3, without=without).train(batches=6)


def forked(without: Sequence[int], change: Callable[[list[Record]], Any] = lambda _: None) -> list[Record]:
    found = records_of(fork(without))
    change(found)
    return found


def with_parent(**changed: Any) -> Callable[[list[Record]], None]:
    return lambda found: found[0].update(parent=found[0]["parent"] | changed)


def lacking(batch: int) -> list[Record]:
    """A fork without the second row, of which one batch lacks a row more, worked out right."""
    found = forked([2])
    taken = [record["rows"] for record in found[1:]]
    taken[batch - 1] = taken[batch - 1][1:]
    return derive(found[0], taken)


def repacked(batches: list[list[int]], **changed: Any) -> list[Record]:
    """A fork without the second row, its batches made of other rows, worked out right."""
    found = forked([2], with_parent(**changed))
    return derive(found[0], batches)


forgery("the next row pulled into a lifted row's place", "PB203")(lambda: repacked([[0, 1], [2]] * 3))
forgery("a place emptied without a word", "PB203")(lambda: repacked([[0], [1, 2]] * 3, empty=[]))
forgery("a place said to be empty that was not", "PB203")(lambda: repacked([[0], [1, 2]] * 3, empty=[2]))
forgery("a batch of nothing but empty places", "PB302")(lambda: forked([2], with_parent(empty=[0, 1])))
forgery("an empty place behind the last row", "PB302")(lambda: forked([2], with_parent(empty=[3])))
forgery("empty places in disorder", "PB302")(lambda: forked([1, 3], with_parent(empty=[2, 0])))
forgery("an empty place twice", "PB302")(lambda: forked([2], with_parent(empty=[1, 1])))
forgery("a fork whose batch lacks another row", "PB203")(lambda: lacking(3))
forgery("a fork that lacks all rows of a batch", "PB203")(lambda: lacking(2))
forgery("another row lifted out than was said", "PB302")(lambda: forked([2], with_parent(without=["row 4"])))
forgery("a row lifted out and banked", "PB302")(lambda: forked([2], with_parent(without=["row 2", "row 3"])))
forgery("rows lifted out without a word", "PB104")(lambda: forked([2], lambda found: found[0]["parent"].pop("without")))
forgery("a parent that is only a seal", "PB104")(lambda: forked([], lambda found: found[0].update(parent="0" * 14)))
forgery("no parent, by another word", "PB104")(lambda: edited(lambda found: found[0].update(parent=False)))
forgery("a parent that nobody named", "PB302")(lambda: edited(lambda found: found[0].update(skip=1), rule=MOMENTUM))


def forked_schedule(**changed: Any) -> list[Record]:
    """A fork that goes on with its parent's schedule."""
    rule = SGD(0.25, schedule=[WarmUp(4), Step(2)])
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=rule, batch_size=2).train(batches=5)
    found = records_of(run.fork(3).train(batches=3))
    with_parent(**changed)(found)
    return found


forgery("a schedule that begins anew in a fork", "PB404", "PB407")(lambda: forked_schedule(commits=0))
forgery("a schedule that forgot an epoch", "PB404", "PB407")(lambda: forked_schedule(epochs=0))
forgery("more skipped than an epoch has", "PB302")(lambda: forked([], lambda found: found[0].update(skip=2)))
