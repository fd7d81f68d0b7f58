"""The doorway between the engine, which learns, and the ledger, which remembers: only this module and its parts,
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
from piggybank.engine.data import DataError, Dataset
from piggybank.engine.faults import Setting, plan
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
from piggybank.training_data import data_for
from piggybank.training_fast import FastTraining
from piggybank.training_fork import checked, start_of, with_rate, without_rows
from piggybank.training_header import Parts, check_parts, header_of, path_of
from piggybank.training_order import Orders, Start
from piggybank.training_state import State, apart, break_banks, joined
from piggybank.training_watch import TroubleMetError, Watch


@spelled
class Run:
    """A network learning from data, every number of it recorded in `ledger`; nothing is trained before `train`.

    data: a built-in set's name, a CSV path (with `target`), a Dataset, or a pair (inputs, targets) of arrays; see
    `load`. rule: turns banks into adjustments; SGD(0.1) when left out. loss: "squared error", "absolute error",
    "huber", "binary cross-entropy" (after a sigmoid) or "cross-entropy" (after a softmax; targets are words, class
    numbers from 0, or one column for each class).
    batch_size: samples of a batch, or "all". reduce: "average" or "total" of the coins. accumulate: how many batches
    of that size, then called micro-batches, are gathered before a commit; the average is over all their samples.
    shuffle: True, or a whole number as seed, for a new order of rows in every epoch.
    fault: the name of a mistake to make on purpose, such as "forgot-to-empty"; see engine/faults.py.
    validation: the share of rows, such as 0.25, that is held back to measure the network on; see `validation_at`.
    save: a file such as "run.piggy", to which every batch is written when it is committed; durable=True waits until
    each is on the disk, overwrite=True replaces an existing file.
    Raises DataError for settings that do not fit together, LedgerError for a file that cannot be written so.
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
        self.network, self._loss = network, loss_named(loss)
        self.rule = SGD(0.1) if rule is None else rule
        check_parts(network, self.rule, shuffle, reduce)
        self.dataset, self.held = data_for(network, self._loss, data, target, validation)
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

    def predict(self, rows: Any, *, batch: int | None = None, measured: bool = False) -> Array:
        """What the network says of any rows, (rows, outputs), with the weights after a batch: the last, unless given.

        rows: (rows, inputs), as the network reads them; measured=True: as in the data's file, to be scaled as it was.
        Raises LedgerError for rows of another kind or length, and for a batch that is not recorded.
        """
        return self.ledger.predict(rows, batch=batch, measured=measured)

    def validation_at(self, batch: int) -> Measure:
        """Loss and accuracy on the rows held back, with the weights after that batch (0: initial).

        Raises DataError when no rows are held back, LedgerError for a batch that is not recorded.
        """
        if self.held is None:
            raise DataError("no rows were held back for validation; try Run(…, validation=0.25)")
        return measure(self.ledger, batch, self.held.inputs, self.held.targets)

    @property
    def save_problem(self) -> str:
        """Why the run is not being saved any more, in one sentence; "" while all is well."""
        return self._writer.problem if self._writer else ""

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write all batches so far to a file such as "run.piggy"; returns its path. Raises LedgerError if it fails."""
        return save(self.ledger, path_of(path), overwrite=overwrite)

    def save_data(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the data alone to a file such as "run.bin", which opens a run whose own file could not hold them."""
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
        """What if: a new run that starts from the state before that batch and goes on with other settings.

        learning_rate: of the rule. batch_size, rule, fault: as for a `Run`. All stay as they are when left out.
        without: data rows, by number from 1 or by name (all rows of that name), that drop no coins from this commit on;
        the other rows stay in the batches they were in. save, durable, overwrite: as for a `Run`.
        Batches of the fork are numbered from 1. A schedule goes on counting unless the rule is another. The fork's
        ledger records the seal that the parent had before the batch. Raises DataError for settings that do not fit.
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
        vars(made).update(held=self.held)
        return made

    def train(self, *, epochs: int | None = None, batches: int | None = None, past_trouble: bool = False) -> Run:
        """Train that many more epochs or batches (one epoch when neither is given); returns the run itself.

        Unless past_trouble is True, training stops where a number becomes infinite or nan, and where coins that became
        too small for a float leave every weight unmoved (see `trouble`); the next call goes on.
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
        """Train until the ledger holds at least that many batches; a run that is played grows in this way."""
        if batches > len(self.ledger):
            self.train(batches=batches - len(self.ledger), past_trouble=True)

    @property
    def trouble(self) -> Trouble | None:
        """The first number that became infinite, nan, or too small to have any effect; None while all is well."""
        return self._watch.trouble

    def _vector(self, batch: int) -> Array:
        """The state after the last batch as the one vector that the ledger's storage keeps."""
        if batch in self._states:
            return joined(self._states[batch])
        return self.ledger.storage.state(batch) if self.ledger.kept_every == 1 else self._fast.path.state(batch)

    def _state(self, batch: int) -> State:
        """The state after the last batch, weights and rule memory apart."""
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
        """Write the batches that the file lacks; a failure is reported once, and training goes on. committed: the last
        batch, if at hand. Returns about the sum of the squares of its state, infinity where that is not known."""
        writer = self._writer
        if writer is None:
            return math.inf
        squares = writer.catch_up(committed)
        if writer.problem and not self._told:
            self._told = True
            print(f"piggybank: {writer.problem}", file=sys.stderr)
        return squares
