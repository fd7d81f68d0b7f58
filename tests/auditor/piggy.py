"""A small writer of .piggy files for the auditor's tests, and what it takes to forge one: edit records, hash anew.

It is made from the format's description alone and shares nothing with the package's own writer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from piggybank import Run, auditor
from piggybank.honest_names import claims
from piggybank.ledger.records import Parent

Record = dict[str, Any]


def audit(path: str, tier: str = "full", **options: Any) -> auditor.Audit:
    """As `piggybank audit` does it: with the table of names."""
    return auditor.audit(path, tier, **options, names=claims)


def number(value: float) -> Any:
    """A number as it stands in JSON: not finite ones are words."""
    return float(value) if math.isfinite(value) else "nan" if value != value else "inf" if value > 0 else "-inf"


def arrays(parts: Iterable[Any]) -> list[Any]:
    """An array for each layer: nested lists up to 64 numbers together, beyond them base64."""
    tables = [part.tolist() for part in parts]
    many = sum(len(row) for table in tables for row in table)
    return [array(table, many) for table in tables]


def array(rows: Sequence[Sequence[float]], many: int = 0) -> Any:
    """Nested lists up to 64 numbers, beyond them base64 of the little-endian bytes. many: with those that go along."""
    flat = [float(value) for row in rows for value in row]
    if max(len(flat), many) <= 64:
        return [[number(value) for value in row] for row in rows]
    return {"shape": [len(rows), len(rows[0])], "f64": base64.b64encode(packed(flat)).decode()}


def rows(value: Any) -> list[list[float]]:
    """The inverse of `array`."""
    if isinstance(value, dict):
        height, width = value["shape"]
        flat = struct.unpack(f"<{height * width}d", base64.b64decode(value["f64"]))
        return [list(flat[place * width : (place + 1) * width]) for place in range(height)]
    return [[float(cell) for cell in row] for row in value]


def packed(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *[value if value == value else math.nan for value in values])


def digest(arrays: Iterable[Any]) -> Record:
    flat = [float(value) for part in arrays for row in part.tolist() for value in row]
    return {"sha256": hashlib.sha256(packed(flat)).hexdigest()}


def parent_of(parent: Parent) -> Record:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(parent).items()}


def header_of(run: Run) -> Record:
    header = run.ledger.header
    initial_memory = {
        name: number(value) if isinstance(value, float) else arrays(value)
        for name, value in header.initial_memory.items()
    }
    return {
        "format": "piggybank",
        "version": 1,
        "data": {
            "name": header.data_name,
            "source": header.source,
            "input_names": list(header.input_names),
            "scaling": list(header.scaling),
            "target_names": list(header.target_names),
            "classes": list(header.classes),
            "row_names": list(header.row_names),
            "inputs": array(header.inputs.tolist()),
            "targets": array(header.targets.tolist()),
        },
        "layers": [
            {
                "sources": list(layer.sources),
                "neurons": list(layer.neurons),
                "bias": layer.has_bias,
                "activation": layer.activation,
                "shared": list(layer.shared.text),
                "value": layer.value.text,
                "slope": layer.slope.text,
            }
            for layer in header.layers
        ],
        "loss": {
            "name": header.loss_name,
            "value": header.loss_value.text,
            "blame": header.loss_blame.text,
            "fused": header.loss_fused,
        },
        "rule": {
            "name": header.rule_name,
            "recipe": list(header.recipe.text),
            "constants": {name: number(value) for name, value in header.constants.items()},
            "schedule": list(header.schedule.text),
            "memory": list(header.memory),
            "shared_memory": list(header.shared_memory),
            "house": dict(header.house),
        },
        "reduce": header.reduce,
        "batch_size": header.batch_size,
        "accumulate": header.accumulate,
        "shuffled": header.shuffled,
        "fault": header.fault,
        "parent": None if header.parent is None else parent_of(header.parent),
        "skip": header.skip,
        "initial": arrays(header.initial),
        "initial_memory": initial_memory,
    }


def records_of(run: Run) -> list[Record]:
    """The header and every committed batch."""
    ledger, found = run.ledger, [header_of(run)]
    header = ledger.header
    few = sum(math.prod(layer.shape) for layer in header.layers) <= 4096
    for record in ledger:
        memory: Record = {}
        for name, value in ledger.memory_at(record.batch).items():
            if few or record.batch % 64 == 0:
                memory[name] = arrays(value)
            else:
                memory[name] = digest(value)
        memory |= {name: number(value) for name, value in ledger.shared_memory_at(record.batch).items()}
        found.append(
            {
                "batch": record.batch,
                "epoch": record.epoch,
                "rows": list(record.rows),
                "learning_rate": number(learning_rate(run, record.batch)),
                "outputs": arrays(record.outputs),
                "blame": arrays(record.blame),
                "memory": memory,
                "weights": arrays(record.weights_after)
                if few or record.batch % 64 == 0
                else digest(record.weights_after),
            }
        )
    return found


def learning_rate(run: Run, batch: int) -> float:
    """Of a commit; nan when the rule has none."""
    header = run.ledger.header
    clock = {"commit": float(batch), "epoch": float(header.epoch(batch))}
    clock["commits_per_epoch"] = float(header.batches_per_epoch)
    return header.schedule.on_floats({**header.constants, **clock}).get("learning_rate", math.nan)


def line_of(record: Record, before: str) -> tuple[bytes, str]:
    """A record's line without its end, and its hash."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    found = hashlib.sha256((before + body).encode()).hexdigest()
    return f'{body[:-1]},"hash":"{found}"}}'.encode(), found


def text_of(records: Iterable[Record]) -> bytes:
    """The file, every hash computed."""
    lines, before = [], ""
    for record in records:
        line, before = line_of(record, before)
        lines.append(line + b"\n")
    return b"".join(lines)


def write(path: Path, records: Iterable[Record]) -> Path:
    path.write_bytes(text_of(records))
    return path
