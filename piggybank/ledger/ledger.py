"""The ledger of a run: append-only, every batch at hand in constant time, every number with its receipt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from numbers import Integral
from typing import Any

from piggybank.ledger import commits
from piggybank.ledger.accuracy import accuracy
from piggybank.ledger.canonical import shown_seal
from piggybank.ledger.counting import Accuracy, is_count
from piggybank.ledger.lasting import Lasting, lasting_shares
from piggybank.ledger.lifetime import Lifetime, lifetime
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.predicting import predict
from piggybank.ledger.receipt import open_ref, popup
from piggybank.ledger.records import BatchRecord, Header, LedgerError, Weight, split
from piggybank.ledger.ref_checks import check_batch, check_kinds
from piggybank.ledger.sealing import Sealer
from piggybank.ledger.spoken import ledger_in_short
from piggybank.ledger.states import Samples, States, room_for_states
from piggybank.ledger.storage import InMemory, Storage, kept_every
from piggybank.ledger.trace import AdjustmentTrace, EpochSummary, adjustment_trace, batch_loss, epoch_summary
from piggybank.ordered import Array
from piggybank.spelling import spelled
from piggybank.wording import quote, suggestion

LONG = ("predict", "shared", "blame", "loss", "commit")
"""Kinds of receipts that may have many lines, or that many others are a part of: those opened last are kept."""
SLICES = 4096
"""So many slices that were opened last are kept: what shows a coin and what adds it up show the same three lines."""


@spelled
class Ledger:
    """The record of a run, batch by batch. Batches, samples and epochs are numbered from 1, as on screen.

    Of each sample it keeps every neuron's output and blame; slices, totals and weighted sums are derived from them
    exactly when asked for, so a ledger grows with the neurons, not with the weights. A method that takes a batch,
    sample, epoch or name raises LedgerError when the run has none such; the message says what it has.
    """

    def __init__(self, header: Header, storage: Storage | None = None) -> None:
        """storage: where the numbers are; in memory, to be appended to, when left out."""
        self.header = header
        self.storage: Storage = InMemory(header) if storage is None else storage
        self._stride = kept_every(header)
        self._widths = [len(layer.neurons) for layer in header.layers]
        self._record = lru_cache(maxsize=min(max(4, room_for_states(header) // 2), 64))(self._read)
        self._states = States(header, self.storage, self.samples_of)
        self._loss = lru_cache(maxsize=4096)(partial(batch_loss, self))
        self._opened = lru_cache(maxsize=32)(partial(open_ref, self))
        self._slices = lru_cache(maxsize=SLICES)(partial(open_ref, self))

    def __repr__(self) -> str:
        return ledger_in_short(self)

    def __len__(self) -> int:
        """Committed batches."""
        return len(self.storage)

    def __iter__(self) -> Iterator[BatchRecord]:
        return (self.batch(number) for number in range(1, len(self) + 1))

    def append(
        self,
        rows: Sequence[int],
        outputs: Sequence[Array],
        blame: Sequence[Array],
        weights_after: Array,
        memory_after: Mapping[str, Array | float],
    ) -> None:
        """Record one committed batch; arrays are copied. rows, outputs, blame: as in `BatchRecord`. weights_after: all
        weights in one vector, layer by layer; memory_after: such a vector for each name of the rule's memory, one
        number where it is shared. Raises LedgerError for a ledger that was opened from a file."""
        if not isinstance(self.storage, InMemory):
            raise LedgerError("this ledger was opened from a file and stays as it is; train a run of your own")
        self.storage.append(rows, outputs, blame, weights_after, memory_after)

    @property
    def kept_every(self) -> int:
        """1 when the weights after every batch are kept; 64 when every 64th batch's are, and others are recomputed."""
        return self._stride

    @cached_property
    def sealer(self) -> Sealer:
        """Makes the lines of the run's file."""
        return Sealer(self)

    @property
    def seal(self) -> str:
        """12 digits of the last line's hash, such as "a3f9-c27b-1e44": the same run has the same seal everywhere."""
        return self.seal_at(len(self))

    def seal_at(self, batch: int) -> str:
        """The seal that the run had after that batch (0: before the first)."""
        check_batch(self, batch, first=0)
        return shown_seal(self.storage.head_at(batch) or self.sealer.head_at(batch))

    @property
    def problem(self) -> str:
        """One sentence about what could not be read from the run's file, "" where all is well."""
        return self.storage.problem

    def refresh(self) -> int:
        """Take in the batches that another program has added to the run's file meanwhile; returns how many."""
        return self.storage.refresh()

    def close(self) -> None:
        """Close the file that the ledger was opened from, so that it can be replaced on every system. Only what was
        read last can still be read then. `with open_ledger(…) as ledger:` closes at its end."""
        self.storage.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def batch(self, batch: int) -> BatchRecord:
        """The record of a committed batch."""
        check_batch(self, batch, first=1)
        return self._record(batch)

    def rows_of(self, batch: int) -> tuple[int, ...]:
        """The data rows (0-based) of a batch in the order they are banked; () for a shuffled batch that is to come."""
        if not isinstance(batch, Integral) or batch <= len(self):
            return self.batch(batch).rows
        header = self.header
        if header.shuffled:
            return ()
        first = header.cut.start(header.place(batch))
        return tuple(range(first, first + header.count(batch)))

    def weights_at(self, batch: int) -> list[Array]:
        """Weights after that batch (0: initial): for each layer (inputs [+ 1], outputs), the biases in the last row."""
        check_batch(self, batch, first=0)
        return list(self._states.at(batch)[0])

    def memory_at(self, batch: int) -> Mapping[str, tuple[Array, ...]]:
        """What the rule kept for each weight after that batch (0: at the start): by name, shaped like `weights_at`."""
        check_batch(self, batch, first=0)
        return self._states.at(batch)[1]

    def shared_memory_at(self, batch: int) -> Mapping[str, float]:
        """What the rule kept as one number for all weights after that batch (0: at the start), by name."""
        check_batch(self, batch, first=0)
        return self._states.at(batch)[2]

    def learning_rate_at(self, batch: int) -> float:
        """The learning rate of a batch's commit, as the schedule sets it; nan for a rule that has none."""
        check_batch(self, batch, first=1)
        return commits.numbers(self.header, batch).get("learning_rate", math.nan)

    def given_at(self, batch: int) -> Mapping[str, Any]:
        """What the rule's recipe was given in a batch's commit, by name: (weights,) arrays, layer by layer, or one
        number for all."""
        check_batch(self, batch, first=1)
        return self._states.given(batch)

    def commit_at(self, batch: int) -> Mapping[str, Any]:
        """Every name of the rule's recipe in a batch's commit, and its value, as `given_at` gives them."""
        check_batch(self, batch, first=1)
        return self._states.commit(batch)

    def receipt(self, name: str, *, batch: int, sample: int | None = None, banked: int | None = None) -> Receipt:
        """The calculation behind a number.

        name: a weight such as "h2->y" or "bias->y" (with sample: its slice, the bank so far and the final adjustment;
        without: the commit), a neuron such as "h2" (its prediction and blame; needs a sample) or an input such as "x1"
        (the cell of the data; needs a sample).
        banked: to see a moment before the commit, how many samples of the batch are in the bank by then.
        """
        record = self.batch(batch)
        for what, number, first in (("sample", sample, 1), ("banked", banked, 0)):
            if number is not None and not (is_count(number) and first <= int(number) <= record.count):
                raise LedgerError(f"batch {batch} has samples 1 to {record.count}, got {what} {quote(number)}")
        return popup(self, name, batch, sample, banked)

    def open(self, ref: Ref) -> Receipt:
        """The receipt that a reference names: a line's `origin`, a number on screen."""
        try:
            if ref.kind == "slice":
                return self._slices(ref)
            kept = ref.kind in LONG and not (ref.line_number or ref.is_turned)
            return self._opened(ref) if kept else open_ref(self, ref)
        except (AttributeError, TypeError):
            check_kinds(ref)
            raise

    def trace(self, weight: str) -> AdjustmentTrace:
        """The whole history of one weight."""
        return adjustment_trace(self, self.weight(weight))

    def lasting(self, weight: str, *, batch: int) -> Lasting:
        """A batch's adjustment of a weight, split into what every coin so far contributes; see `lasting_shares`."""
        check_batch(self, batch, first=1)
        return Lasting(weight, batch, lasting_shares(self, weight, batch))

    def lifetime(self, weight: str = "", *, batch: int | None = None) -> Lifetime:
        """The data rows ranked by how far their coins moved a weight (left out: all weights, as sizes) over the whole
        run, or up to a batch. Raises LedgerError for a rule whose way with coins is not known; see `lifetime`."""
        check_batch(self, len(self) if batch is None else batch, first=0)
        return lifetime(self, weight, batch)

    def epoch(self, epoch: int) -> EpochSummary:
        """What an epoch did: its losses, and what each row put in. At least one of its batches must be committed."""
        return epoch_summary(self, epoch)

    def batch_loss(self, batch: int) -> float:
        """The mean loss of a batch's samples, measured with the weights before the batch."""
        check_batch(self, batch, first=1)
        return self._loss(batch)

    def accuracy(self, batch: int) -> Accuracy:
        """How many of a batch's samples were classified rightly with the weights before the batch, k of n.

        Raises LedgerError when the targets are not classes.
        """
        check_batch(self, batch, first=1)
        return accuracy(self, batch)

    def predict(self, rows: Any, *, batch: int | None = None, measured: bool = False) -> Array:
        """What the network says of any rows, (rows, outputs), with the weights after a batch: the last, unless given.

        rows: (rows, inputs), as the network reads them; measured=True: as in the data's file, to be scaled as it was.
        """
        return predict(self.header, self.weights_at(len(self) if batch is None else batch), rows, measured)

    def weight(self, name: str) -> Weight:
        """Where the weight of that name stands: its layer, row and column."""
        known = self.header.weights_by_name
        if not isinstance(name, str) or name not in known:
            raise LedgerError(f"there is no weight called {quote(name)}; {suggestion(name, list(known))}")
        return known[name]

    def _read(self, batch: int) -> BatchRecord:
        before, after = (tuple(self.weights_at(number)) for number in (batch - 1, batch))
        return BatchRecord(batch, self.header.epoch(batch), *self.samples_of(batch), before, after)

    def samples_of(self, batch: int) -> Samples:
        """Rows, outputs and blame of a committed batch, as in `BatchRecord`: what is kept of every batch."""
        count, layers = self.header.count(batch), len(self._widths)
        arrays = split(self.storage.samples(batch), [(count, width) for width in self._widths * 2])
        return tuple(self.storage.rows(batch)), tuple(arrays[:layers]), tuple(arrays[layers:])
