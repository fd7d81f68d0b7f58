"""The doorway between the engine, which learns, and the ledger, which remembers: only it and its leaves, the modules
`training_…`, know both."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from piggybank.engine.autograd import Tape
from piggybank.engine.checks import batches_wanted, commit_size
from piggybank.engine.classes import as_classes
from piggybank.engine.data import DataError, Dataset, load
from piggybank.engine.faults import Setting, plan
from piggybank.engine.held import hold_back
from piggybank.engine.losses import Loss, loss_named
from piggybank.engine.network import Network
from piggybank.engine.rule import Rule
from piggybank.engine.rules import SGD
from piggybank.ledger.cut import Cut
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.measured import Measure, measure
from piggybank.ledger.outside import save_data
from piggybank.ledger.records import read_only, split
from piggybank.ledger.spoken import run_in_short
from piggybank.ledger.storage import Committed, first_memory
from piggybank.ledger.store import Writer, save
from piggybank.ledger.trouble import Trouble
from piggybank.ordered import Array
from piggybank.progress import progress
from piggybank.spelling import spelled
from piggybank.training_fast import FastTraining
from piggybank.training_fork import checked, start_of, with_rate, without_rows
from piggybank.training_header import Parts, check_fit, check_parts, header_of, path_of
from piggybank.training_order import Orders, Start, epoch_order
from piggybank.training_state import State, apart, break_banks, joined
from piggybank.training_watch import TroubleMetError, Watch

__all__ = ["Run", "epoch_order"]


@spelled
class Run:
    """A network learning from data, every number of it recorded.

    data: a built-in set's name, a CSV path (with `target`), a Dataset, or a pair (inputs, targets) of arrays.
    rule: how banks become adjustments, SGD(0.1) when left out. loss: "squared error", "absolute error",
    "huber", "binary cross-entropy" (after a sigmoid) or "cross-entropy" (after a softmax; the targets are words, class
    numbers from 0, or a column a class).
    batch_size: a whole number or "all". reduce: "average" or "total".
    shuffle: False; True or a whole number (the seed) for a new order of rows every epoch, recorded as that order.
    accumulate: so many micro-batches of batch_size before a commit, no more than the rows fill; the average is of all
    their samples.
    fault: a deliberate mistake, such as "forgot-to-empty", recorded as what ran; see engine/faults.py.
    validation: a share of the rows, such as 0.25, that is held back to measure the network on: see `validation_at`.
    save: a path such as "run.piggy": every batch is written there when it is committed; durable=True waits each time
    until it is on the disk; overwrite=True replaces a file that is there.
    Raises DataError, one sentence each, for settings that do not fit together; LedgerError for a file that cannot be
    meant.
    """

    grows = True

    def __init__(
        self,
        network: Network,
        data: str | Path | Dataset | tuple[Any, Any],
        *,
        target: str | None = None,
        rule: Rule | None = None,
        loss: str | Loss = "squared error",
        batch_size: int | str = 1,
        reduce: str = "average",
        shuffle: bool | int = False,
        accumulate: int = 1,
        fault: str = "",
        validation: float | None = None,
        save: str | os.PathLike[str] | None = None,
        durable: bool = False,
        overwrite: bool = False,
        _start: Start | None = None,
    ) -> None:
        self._settings = dict[str, Any](loss=loss, reduce=reduce, shuffle=shuffle, accumulate=accumulate, fault=fault)
        self.network = network
        self.rule = SGD(0.1) if rule is None else rule
        self._loss = loss_named(loss)
        check_parts(network, self.rule, self._loss, shuffle)
        self.dataset = load(data, target=target)
        if self._loss.needs == "softmax":
            self.dataset = as_classes(self.dataset, network.layers[-1].outputs)
        self.held: Dataset | None = None
        if validation is not None:
            self.dataset, self.held = hold_back(self.dataset, validation)
        check_fit(network, self.dataset, self._loss, reduce)
        self._seed = None if shuffle is False else int(shuffle)
        size, parts = (0, accumulate) if _start else commit_size(batch_size, accumulate, len(self.dataset))
        cut = _start.cut if _start else Cut(len(self.dataset), size)
        has_bias = any(layer.has_bias for layer in network.layers)
        self._plan = plan(Setting(self.rule, reduce, parts, cut.is_uneven and cut.batches > 1, has_bias), fault)
        initial = network.initial_weights() if _start is None else [matrix.copy() for matrix in _start.weights]
        self._shapes = [matrix.shape for matrix in initial]
        start = np.concatenate([matrix.ravel() for matrix in initial])
        made_of = Parts(network, self.dataset, self._loss, self.rule, self._plan)
        header = header_of(made_of, [read_only(matrix) for matrix in initial], reduce, cut.size, self._seed is not None)
        header = replace(header, accumulate=parts, fault=fault)
        self.ledger = Ledger(header if _start is None else _start.noted(header))
        self._states: dict[int, State] = {0: (start, first_memory(self.ledger.header))}
        self._orders = Orders(self.ledger.header, self._seed, _start)
        self._writer = (
            None if save is None else Writer(self.ledger, path_of(save), durable=durable, overwrite=overwrite)
        )
        self._told, self._watch = False, Watch(self.ledger)
        watched = self._writer is not None or self.ledger.kept_every > 1
        self._fast = FastTraining(self.ledger, self._orders.rows, self._write if watched else None, self._watch.look)

    def __repr__(self) -> str:
        return run_in_short(self.ledger, self.trouble is not None, bool(self.save_problem))

    def validation_at(self, batch: int) -> Measure:
        """Loss and accuracy on the rows held back, with the weights after that batch (0: initial)."""
        if self.held is None:
            raise DataError("no rows were held back for validation; try Run(…, validation=0.25)")
        return measure(self.ledger, batch, self.held.inputs, self.held.targets)

    @property
    def save_problem(self) -> str:
        """Why the run is not being saved any more, in one sentence; "" while all is well."""
        return self._writer.problem if self._writer else ""

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write all batches so far to a file such as "run.piggy"; gives its path. LedgerError when it cannot be."""
        return save(self.ledger, path_of(path), overwrite=overwrite)

    def save_data(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the data alone to a file such as "run.bin", to open the run's file where they are too many for it."""
        return save_data(self.ledger.header, path_of(path), overwrite=overwrite)

    def fork(
        self,
        batch: int,
        *,
        learning_rate: float | None = None,
        batch_size: int | str | None = None,
        rule: Rule | None = None,
        without: Sequence[int | str] = (),
        fault: str | None = None,
        save: str | os.PathLike[str] | None = None,
        durable: bool = False,
        overwrite: bool = False,
    ) -> Run:
        """What if: a run that begins with the state before that batch and goes on with other settings.

        without: data rows (from 1, or by name, which means all that are called so) whose coins are left out of this
        commit and on; the others stay in the batches they were in. Batches of the fork are numbered from 1, but a
        schedule goes on counting, unless another rule begins; its ledger records the parent's seal before the batch.
        fault: another one, or "" for none. save, durable, overwrite: as of a run. Raises DataError for what does not
        fit.
        """
        batch = checked(self.ledger, batch)
        chosen = with_rate(self.rule if rule is None else rule, learning_rate)
        data, places = without_rows(self.dataset, without)
        size, parts = None, self.ledger.header.accumulate
        if batch_size is not None:
            size, parts = commit_size(batch_size, self._settings["accumulate"], len(data))
        begin = start_of(self.ledger, batch, self._orders, places, size, parts)
        begin = begin if chosen.goes_on_from(self.rule) else begin.anew()
        settings = self._settings | {"accumulate": parts, "save": save, "durable": durable, "overwrite": overwrite}
        settings["fault"] = settings["fault"] if fault is None else fault
        made = Run(self.network, data, rule=chosen, _start=begin, **settings)
        made.held = self.held
        return made

    def train(self, *, epochs: int | None = None, batches: int | None = None, past_trouble: bool = False) -> Run:
        """Train further by so many epochs, or so many batches (one epoch when neither is given); gives the run.

        It stops at the first number that is infinite or not a number, and when no weight moves because a coin became
        too small for a number, see `trouble`, unless past_trouble is True; called once more it goes on.
        """
        wanted = batches_wanted(epochs, batches, self.ledger.header.batches_per_epoch)
        last = len(self.ledger) + wanted
        self._watch.stops = not past_trouble
        try:
            with np.errstate(all="ignore"):  # inf and nan are recorded and shown, not warned about
                done = len(self.ledger)
                for batch in progress(range(last - wanted + 1, last + 1), "batch"):
                    if batch <= done:
                        continue  # several were made at once
                    if not self._fast.train(batch, last, self._vector):
                        self._one_batch(batch)
                    done = len(self.ledger)
                    self._watch.look()
        except TroubleMetError:
            pass  # run.trouble says it, and there is a state to look at
        finally:
            self._write()  # Ctrl-C may have come between a commit and its line
        return self

    def ensure(self, batches: int) -> None:
        """Train until the ledger holds at least so many batches: how a run extends while it plays."""
        if batches > len(self.ledger):
            self.train(batches=batches - len(self.ledger), past_trouble=True)

    @property
    def trouble(self) -> Trouble | None:
        """The first number that is infinite, not a number or too small for one, and where it began; None while well."""
        return self._watch.trouble

    def _vector(self, batch: int) -> Array:
        """Weights and what the rule keeps after the last batch, as the ledger's storage joins them."""
        if batch in self._states:
            return joined(self._states[batch])
        return self.ledger.storage.state(batch) if self.ledger.kept_every == 1 else self._fast.path.state(batch)

    def _state(self, batch: int) -> State:
        """The same, apart."""
        if batch not in self._states:
            self._states = {batch: apart(self.ledger.header, self._vector(batch).copy())}
        return self._states[batch]

    def _one_batch(self, batch: int) -> None:
        rows = self._orders.rows(batch)
        inputs, targets = self.dataset.inputs[rows], self.dataset.targets[rows]
        tape = Tape()
        before = self._state(batch - 1)
        sums, outputs = self.network.forward(tape, inputs, split(before[0], self._shapes))
        self.network.backward(tape, sums, outputs, targets, self._loss)
        blame = [z.blame for z in sums if z.blame is not None]
        coins = [(z.inputs, z.blame) for z in sums if z.inputs is not None and z.blame is not None]
        after = break_banks(self.ledger.header, batch, coins, before)
        self._states = {batch - 1: before, batch: after}  # whichever the ledger reaches, an interruption too
        self.ledger.append(rows, [a.value for a in outputs], blame, *after)
        if self._writer is not None:
            self._write((rows, self.ledger.storage.samples(batch), joined(after)))

    def _write(self, committed: Committed | None = None) -> float:
        """The batch committed last, given if it is at hand, goes to the file; should that fail, it is said once, and
        training goes on. Gives about the sum of the squares of the state it left, infinity where it is not known."""
        writer = self._writer
        if writer is None:
            return math.inf
        squares = writer.catch_up(committed)
        if writer.problem and not self._told:
            self._told = True
            print(f"piggybank: {writer.problem}", file=sys.stderr)
        return squares
