"""Tidy tables of a run: samples.csv, blame.csv, slices.csv, commits.csv, and columns.csv that explains every column.

One line holds one observation; numbers are written so that reading them gives the same bits. Lines are written batch
by batch, so that a long run needs no more memory than a short one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np

from piggybank.app.aside import aside, writing
from piggybank.app.export.files import check_folder
from piggybank.app.export.words import setting_rows
from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import BatchRecord, Header
from piggybank.ledger.weights import weight_in
from piggybank.ordered import weighted_sums
from piggybank.progress import progress

Row = Iterable[object]
WHERE = {
    "batch": "number of the batch, from 1",
    "epoch": "number of the epoch, from 1",
    "sample": "place of the sample in its batch, in the order it was banked, from 1",
    "row": "row of the data, from 1",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet would read a text as a formula; such texts get an apostrophe in front."""


def write_tables(ledger: Ledger, batches: range, folder: Path, overwrite: bool = False) -> list[Path]:
    """Write the tables of those batches into a folder, which is made when it is missing; gives their paths.
    Raises ExportError, OSError."""
    tables = {f"{name}.csv": columns for name, columns in columns_of(ledger.header).items()}
    names = (*tables, "columns.csv", "settings.csv")
    check_folder(folder, names, overwrite)
    with writing(folder), _made(folder), ExitStack() as stack:
        files = {name: stack.enter_context(aside(folder / name)) for name in names}
        for name, columns in tables.items():
            files[name].write(_csv([columns]))
        files["columns.csv"].write(_csv([("table", "column", "meaning"), *_explained(tables)]))
        files["settings.csv"].write(_csv([("setting", "value"), *setting_rows(ledger)]))
        for batch in progress(batches, "batch"):
            record = ledger.batch(batch)
            for name, lines in _lines(ledger, record):
                files[f"{name}.csv"].write(_csv(lines))
        for file in files.values():
            file.flush()  # so that none takes its place when there is no room for all
    return [folder / name for name in names]


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder is there; a new one goes again when the block fails."""
    new = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        yield
    except BaseException:
        if new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _explained(tables: Mapping[str, Mapping[str, str]]) -> Iterator[Row]:
    return ((table, column, words) for table, columns in tables.items() for column, words in columns.items())


def _csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8", errors="backslashreplace")


def _cell(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


# Columns --------------------------------------------------------------------------------------------------------------


def columns_of(header: Header) -> dict[str, dict[str, str]]:
    """For each table its columns in order, and what they mean."""
    inputs, outputs = header.layers[0].sources, header.layers[-1].neurons
    return {
        "samples": {
            **WHERE,
            "row_name": "name of the row",
            **{
                f"input_{name}": f"input {name}: {words}"
                for name, words in zip(inputs, header.input_names, strict=True)
            },
            **{f"target_{name}": f"target: {words}" for name, words in zip(outputs, header.target_names, strict=True)},
            **{f"output_{name}": f"what output {name} was, the prediction" for name in outputs},
            "loss": f"loss of the sample ({header.loss_name}), measured with the weights of its batch",
        },
        "blame": {
            **WHERE,
            "neuron": "name of the neuron",
            "weighted_sum": "its inputs times their weights, added left to right, the bias last",
            "output": "its activation of the weighted sum",
            "blame": "how much the weighted sum would change the loss of the sample",
        },
        "slices": {
            **WHERE,
            "weight": "name of the weight: source->neuron",
            "input": "what the weight was multiplied by",
            "blame": "blame of the neuron that the weight feeds",
            "slice": "input * blame, the coin of the sample",
            "bank": "coins of the batch so far, added left to right from 0",
        },
        "commits": _commit_columns(header),
    }


def _commit_columns(header: Header) -> dict[str, str]:
    columns = {
        "batch": WHERE["batch"],
        "epoch": WHERE["epoch"],
        "weight": "name of the weight: source->neuron",
        "count": "samples in the batch",
        **{column: words for _, column, words in _given(header)},
    }
    for name, formula in header.recipe.lines:
        columns[f"line {name}" if name in columns else name] = _line_words(header, name, formula.text)
    return columns


def _given(header: Header) -> list[tuple[str, str, str]]:
    """What a recipe is given and the table holds: its name in the recipe, its column, and what that means."""
    rate = ("learning_rate", "learning_rate", "learning rate of the commit")
    kept = (*header.memory, *header.shared_memory)
    return [
        *([rate] if "learning_rate" in header.constants else []),
        ("total", "total", "all coins of the batch, added left to right from 0"),
        *((name, f"{name}_before", f"{name} as the commit before left it") for name in kept),
        ("before", "before", "the weight before the commit"),
    ]


def _line_words(header: Header, name: str, text: str) -> str:
    words = {"after": "the weight after the commit", "adjustment": "final adjustment of the weight"}.get(name, "")
    words = words or header.house.get(name, "")
    return f"{words}: {text}" if words else text


# Lines ----------------------------------------------------------------------------------------------------------------


def _lines(ledger: Ledger, record: BatchRecord) -> Iterator[tuple[str, Iterator[Row]]]:
    """What one batch adds to each table."""
    yield "samples", _samples(ledger, record)
    yield "blame", _blame(ledger, record)
    yield "slices", _slices(ledger, record)
    yield "commits", _commits(ledger, record)


def _where(record: BatchRecord, sample: int) -> tuple[int, ...]:
    return record.batch, record.epoch, sample, record.rows[sample - 1] + 1


def _samples(ledger: Ledger, record: BatchRecord) -> Iterator[Row]:
    header, outputs = ledger.header, record.outputs[-1].tolist()
    for sample, row in enumerate(record.rows, 1):
        numbers = [*header.inputs[row].tolist(), *header.targets[row].tolist(), *outputs[sample - 1]]
        loss = sample_loss(ledger, record.batch, sample)
        yield *_where(record, sample), header.row_names[row], *numbers, loss


@np.errstate(all="ignore")
def _blame(ledger: Ledger, record: BatchRecord) -> Iterator[Row]:
    header = ledger.header
    sums = [
        weighted_sums(bank.layer_inputs(header, record, layer), record.weights_before[layer]).tolist()
        for layer in range(len(header.layers))
    ]
    outputs, blame = [part.tolist() for part in record.outputs], [part.tolist() for part in record.blame]
    for sample in range(1, record.count + 1):
        where = _where(record, sample)
        for layer, names in enumerate(layer.neurons for layer in header.layers):
            numbers = zip(sums[layer][sample - 1], outputs[layer][sample - 1], blame[layer][sample - 1], strict=True)
            yield from ((*where, name, *three) for name, three in zip(names, numbers, strict=True))


@np.errstate(all="ignore")
def _slices(ledger: Ledger, record: BatchRecord) -> Iterator[Row]:
    header = ledger.header
    names = [weight_names(header, layer) for layer in range(len(header.layers))]
    running = [np.zeros(layer.shape) for layer in header.layers]
    for sample in range(1, record.count + 1):
        where = _where(record, sample)
        for layer, shape in enumerate(layer.shape for layer in header.layers):
            coins = bank.all_slices(header, record, layer, sample)
            running[layer] = running[layer] + coins
            inputs = bank.layer_inputs(header, record, layer)[sample - 1]
            parts = (np.repeat(inputs, shape[1]), np.tile(record.blame[layer][sample - 1], shape[0]), coins.ravel())
            columns = [names[layer], *(part.tolist() for part in (*parts, running[layer].ravel()))]
            yield from ((*where, *line) for line in zip(*columns, strict=True))


def weight_names(header: Header, layer: int) -> list[str]:
    """Names of a layer's weights in the order of its matrix: source by source."""
    rows, columns = header.layers[layer].shape
    return [weight_in(header.layers, layer, row, column).name for row in range(rows) for column in range(columns)]


def _commits(ledger: Ledger, record: BatchRecord) -> Iterator[Row]:
    header = ledger.header
    names = [name for layer in range(len(header.layers)) for name in weight_names(header, layer)]
    given, found = ledger.given_at(record.batch), ledger.commit_at(record.batch)
    values = [*(given[name] for name, _, _ in _given(header)), *(found[name] for name, _ in header.recipe.lines)]
    columns = [np.broadcast_to(value, len(names)).tolist() for value in values]
    where = record.batch, record.epoch
    for name, numbers in zip(names, zip(*columns, strict=True), strict=True):
        yield *where, name, record.count, *numbers
