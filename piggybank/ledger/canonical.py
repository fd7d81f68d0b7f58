"""The one way in which numbers and records are written as text, so that the same run is the same file everywhere.

A number is written as Python's `repr` writes it, which reads back to the same bits; what is not finite is "inf",
"-inf" or "nan". Up to 64 numbers stand in nested lists that a person can read, more as base64 of their bytes; the
arrays of all layers count together, so that a record is quickly written where nobody would read it.
A line ends in the SHA-256 of the hash before it and its own text: whoever changes a number changes every later hash.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from piggybank.ordered import Array

READABLE = 64
"""Arrays that hold more numbers, those of all layers taken together, are written as base64."""
NO_THREADS = 4096
"""Numbers: BLAS starts no threads for so few."""
LITTLE_ENDIAN = np.dtype("<f8")
HASH_DIGITS = 64
SEAL_DIGITS = 12
HASH_KEY = ',"hash":"'
HASH_BYTES = HASH_KEY.encode("ascii")
TAIL = len(HASH_KEY) + HASH_DIGITS + len('"}')
"""Characters that the hash adds to a line, its closing brace included."""
NAN = np.array([0x7FF8000000000000], dtype=np.uint64).view(np.float64)[0]
"""The bits of every recorded nan: processors differ in the sign they give one."""


def settled(numbers: Array) -> Array:
    """The same numbers, every nan with the same bits."""
    nans = np.isnan(numbers)
    return np.where(nans, NAN, numbers) if nans.any() else numbers


def arrays_text(arrays: Sequence[Array]) -> str:
    """A few settled numbers in arrays, one per layer, for people to read."""
    text = f"[{','.join([repr(array.tolist()) for array in arrays])}]".replace(" ", "")
    return text if "n" not in text else canonical(list(arrays))


def base64_of(array: Array) -> str:
    """The bytes of an array, little-endian, C order."""
    return binascii.b2a_base64(bytes_of(array), newline=False).decode("ascii")


def digest_of(numbers: Array) -> str:
    """The SHA-256 of the bytes of settled numbers, little-endian, C order."""
    return hashlib.sha256(bytes_of(numbers)).hexdigest()


def bytes_of(array: Array) -> memoryview:
    """An array's bytes, little-endian, C order; its own memory where it lies like that."""
    return np.ascontiguousarray(array, LITTLE_ENDIAN).data.cast("B")


def number_text(value: float) -> str:
    """One number."""
    return repr(value) if math.isfinite(value) else f'"{value!r}"'


def canonical(value: Any) -> str:
    """JSON without a choice: no spaces, keys in the order they have, numbers and arrays as above."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    """With arrays, and numbers that JSON does not know, spelled out."""
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, np.ndarray):
        return _plain([value])[0]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if not isinstance(value, (list, tuple)):
        return value
    if sum(part.size for part in value if isinstance(part, np.ndarray)) > READABLE:
        return [{"shape": list(part.shape), "f64": base64_of(settled(part))} for part in value]
    return [_plain(part.tolist() if isinstance(part, np.ndarray) else part) for part in value]


def sealed(text: bytes, begins: int) -> tuple[bytes, bytes]:
    """A record's line and its hash. text: the record's, without a hash, after the digits of the hash before; begins:
    where it does, 0 in the first line."""
    found = hashlib.sha256(text).digest()
    digits = binascii.b2a_hex(found)
    return b"".join((memoryview(text)[begins:-1], HASH_BYTES, digits, b'"}\n')), found


def shown_seal(found: str) -> str:
    """A hash's first digits as people compare them: a3f9-c27b-1e44."""
    return "-".join(found[start : start + 4] for start in range(0, SEAL_DIGITS, 4))
