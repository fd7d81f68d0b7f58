"""Data that are too many to stand in a run's file: written beside it, and taken from there when it is opened.

The file beside holds nothing but float64s, little-endian: the inputs row by row, then the targets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from piggybank.ledger.canonical import LITTLE_ENDIAN, bytes_of, digest_of, settled
from piggybank.ledger.claiming import beside, check_folder, is_there, mode_for, put, reason, set_mode
from piggybank.ledger.records import Header, LedgerError, read_only
from piggybank.ledger.strict import FileError, digest, keyed
from piggybank.ordered import Array
from piggybank.wording import quote

Data: TypeAlias = "tuple[Array, Array] | str | os.PathLike[str]"
"""Inputs and targets, or the file that holds them."""


class DataOutsideError(LedgerError):
    """A run whose data do not stand in its file, and were not given."""


class NotGivenError(FileError):
    """Likewise, while its first line is read."""


def given(table: Mapping[str, Any], shapes: Mapping[str, tuple[int, int]], data: Data | None) -> tuple[Array, Array]:
    """Inputs and targets with the digests that a header has of them. FileError when they are not there, or others."""
    if data is None:
        raise NotGivenError(
            "the data are too many to stand in the file; open it with data=(inputs, targets), or with --data FILE.bin "
            "as train wrote it beside, or run.save_data"
        )
    found = []
    arrays = _read(Path(data), shapes) if isinstance(data, str | os.PathLike) else _pair(data)
    for (name, shape), array in zip(shapes.items(), arrays, strict=True):
        values = read_only(array)
        wanted = keyed(table[name], ("shape", "sha256"), name)
        if wanted["shape"] != list(shape) or values.shape != shape:
            raise FileError(f"expected data= with {name} in the shape {list(shape)}, got {list(values.shape)}")
        if digest({"sha256": wanted["sha256"]}, name) != digest_of(settled(values)):
            raise FileError(f"the {name} given in data= are not those that the run learned from")
        found.append(values)
    return found[0], found[1]


def _pair(data: Any) -> list[Array]:
    """Inputs and targets as they were given."""
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise FileError(f"expected data=(inputs, targets), or the file that holds them, got {quote(data)}")
    try:
        return [np.array(array, dtype=np.float64, order="C") for array in data]
    except (TypeError, ValueError):
        raise FileError("expected data=(inputs, targets) as two tables of numbers") from None


def _read(path: Path, shapes: Mapping[str, tuple[int, int]]) -> list[Array]:
    """Tables of those shapes, from the file that holds them one after the other."""
    sizes = [rows * columns for rows, columns in shapes.values()]
    try:
        size, wanted = path.stat().st_size, LITTLE_ENDIAN.itemsize * sum(sizes)
        if not path.is_file() or size != wanted:
            raise FileError(f"expected data of {wanted:,} bytes in {quote(path.name)}, found {size:,}")
        numbers = np.fromfile(path, LITTLE_ENDIAN)
    except OSError as problem:
        raise FileError(f"the data in {quote(str(path))} cannot be read ({reason(problem)})") from None
    parts = np.split(numbers, np.cumsum(sizes)[:-1])
    return [np.array(part.reshape(shape), np.float64) for part, shape in zip(parts, shapes.values(), strict=True)]


def save_data(header: Header, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a run's data to a file such as "run.bin", with which its own file is opened where they do not stand in it.

    Gives its path. Raises LedgerError: no folder, a file that is there (without overwrite), no room, no permission.
    """
    target = Path(path)
    check_folder(target)
    if os.path.isdir(target) or (os.path.lexists(target) and not overwrite):
        raise is_there(target)
    try:
        with beside(target) as (handle, name):
            with os.fdopen(handle, "wb") as file:
                for table in (header.inputs, header.targets):
                    file.write(bytes_of(settled(table)))
            set_mode(name, mode_for(target))
            put(name, target)
    except OSError as problem:
        raise LedgerError(
            f"{quote(target.name)} could not be written ({reason(problem)}); try another folder"
        ) from None
    return target
