"""Reads text that anybody may have written: strict JSON, and from it only what was expected.

Every refusal is a FileError with a few words, to which the caller adds the file and the line. Nothing here recurses,
allocates by a number that stands in the file, or evaluates anything.
"""

from __future__ import annotations

import binascii
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from piggybank.ledger.canonical import HASH_DIGITS, READABLE
from piggybank.ledger.records import read_only
from piggybank.ordered import Array
from piggybank.wording import quote

NOT_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
LONGEST_NUMBER = 40
"""Characters; repr never needs as many."""
MOST_OBJECTS = 100_000
"""JSON objects in one line; a network of thousands of layers has fewer."""


class FileError(ValueError):
    """Not what a ledger's file says; the message is what was expected and what was found, in a few words."""


def parsed(text: str) -> Any:
    """The value of a JSON text. FileError for text that is not plain JSON."""
    seen = [0]

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        seen[0] += 1
        result = dict(found)
        if len(result) != len(found):
            raise FileError("a key stands there twice")
        if seen[0] > MOST_OBJECTS:
            raise FileError("there is far more in it than a run can have")
        return result

    try:
        return json.loads(
            text, object_pairs_hook=pairs, parse_constant=_no_constant, parse_int=_whole, parse_float=_float
        )
    except RecursionError:
        raise FileError("brackets stand too deep inside one another") from None
    except FileError:
        raise
    except ValueError:
        raise FileError("it is not JSON") from None


def _no_constant(text: str) -> float:
    raise FileError(f'expected numbers, or "inf", "-inf" and "nan" in quotation marks, found {quote(text)}')


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise FileError(f"a number has {len(text):,} digits")
    return int(text)


def _float(text: str) -> float:
    if len(text) > LONGEST_NUMBER:
        raise FileError(f"a number has {len(text):,} digits")
    return float(text)


def shown(value: Any) -> str:
    """What was found, in a few words however large it is."""
    if isinstance(value, (list, dict)):
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value):,}"
    return quote(value)


def keyed(value: Any, keys: Sequence[str], what: str) -> dict[str, Any]:
    """An object with exactly these keys, in this order."""
    if type(value) is not dict:
        raise FileError(f"expected {what} as an object with keys, found {shown(value)}")
    if tuple(value) != tuple(keys):
        missing = [name for name in keys if name not in value]
        unknown = [name for name in value if name not in keys]
        wrong = f"{quote(missing[0])} is missing" if missing else f"{quote(unknown[0])} is unknown" if unknown else ""
        raise FileError(f"{what} should have its keys in order: {wrong or 'they are in another order'}")
    return value


def whole(value: Any, what: str, least: int = 0, most: int = 2**53) -> int:
    """A whole number within limits."""
    if type(value) is not int or not least <= value <= most:
        limits = f"from {least} to {most:,}" if most < 2**53 else f"of at least {least}"
        raise FileError(f"expected {what} as a whole number {limits}, found {shown(value)}")
    return value


def truth(value: Any, what: str) -> bool:
    """true or false."""
    if type(value) is not bool:
        raise FileError(f"expected {what} as true or false, found {shown(value)}")
    return value


def number(value: Any, what: str) -> float:
    """A float, or the word for one that is not finite."""
    if type(value) is float:
        return value
    if type(value) is str and value in NOT_FINITE:
        return NOT_FINITE[value]
    raise FileError(f"expected {what} as a number such as 0.5, found {shown(value)}")


def text(value: Any, what: str, longest: int) -> str:
    """One line of printable text."""
    if type(value) is not str:
        raise FileError(f"expected {what} as text, found {shown(value)}")
    if len(value) > longest:
        raise FileError(f"{what} is {len(value):,} characters long, expected at most {longest:,}")
    if not value.isprintable():
        raise FileError(f"{what} has characters that cannot be printed: {quote(ascii(value))}")
    return value


def listed(value: Any, what: str, length: int | None = None) -> list[Any]:
    """A list, of that length if one is given."""
    if type(value) is not list:
        raise FileError(f"expected {what} as a list, found {shown(value)}")
    if length is not None and len(value) != length:
        raise FileError(f"expected {what} to hold {length:,}, found {len(value):,}")
    return value


def array(value: Any, shape: tuple[int, ...], what: str) -> Array:
    """An array of that shape: base64, or nested lists of up to 64 numbers."""
    size = math.prod(shape)
    if size > READABLE or isinstance(value, dict):
        found = keyed(value, ("shape", "f64"), what)
        if found["shape"] != list(shape):
            raise FileError(f"expected {what} in the shape {list(shape)}, found {shown(found['shape'])}")
        return read_only(_from_base64(found["f64"], size, what).reshape(shape))
    numbers: list[float] = []
    _collect(value, shape, what, numbers)
    return read_only(np.array(numbers, dtype=np.float64).reshape(shape))


def _from_base64(value: Any, size: int, what: str) -> Array:
    if type(value) is not str or len(value) != base64_length(size) or not value.isascii():
        raise FileError(f"expected {what} as base64 of {size:,} numbers, found something else")
    try:
        raw = binascii.a2b_base64(value)
    except binascii.Error:
        raw = b""
    if len(raw) != 8 * size or binascii.b2a_base64(raw, newline=False).decode("ascii") != value:
        raise FileError(f"expected {what} as base64 of {size:,} numbers, found something else")
    return np.frombuffer(raw, dtype="<f8").astype(np.float64, copy=False)


def _collect(value: Any, shape: tuple[int, ...], what: str, into: list[float]) -> None:
    if not shape:
        into.append(number(value, what))
        return
    for part in listed(value, what, shape[0]):
        if len(shape) == 1 and type(part) is float:
            into.append(part)
        else:
            _collect(part, shape[1:], what, into)


def base64_length(size: int) -> int:
    """Characters of so many numbers."""
    return -(-8 * size // 3) * 4


def digest(value: Any, what: str) -> str:
    """The object that stands for numbers which are not in the file."""
    found = keyed(value, ("sha256",), what)["sha256"]
    if type(found) is not str or len(found) != HASH_DIGITS or set(found) - set("0123456789abcdef"):
        raise FileError(f"expected {what} as 64 hexadecimal digits, found {shown(found)}")
    return found
