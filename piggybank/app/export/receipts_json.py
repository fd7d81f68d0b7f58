"""Receipts as JSON: every line and every number once, and every number's way to the receipt behind it."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from piggybank.ledger.leaf_receipts import LEAVES
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.records import LedgerError
from piggybank.stage import digits

SIGNS = {" * ": " × ", " / ": " ÷ ", " - ": " − "}


class Table:
    """Things kept once each; `place` gives where."""

    def __init__(self) -> None:
        self.things: list[Any] = []
        self._places: dict[Any, int] = {}

    def place(self, thing: Any, key: Any = None) -> int:
        """key: what tells it from others, when that is not itself."""
        key = thing if key is None else key
        if key not in self._places:
            self._places[key] = len(self.things)
            self.things.append(thing)
        return self._places[key]


class Store:
    """The receipts of one batch, or with batch 0 those where chains end.

    texts: shared by all stores of a page. values, lines, receipts: as the page reads them; a line is
    [section, label, operator, value, formula, exact, opens], a receipt [title, kind, value, lines, unknown, python],
    texts and values by their places, `opens` a reference's code; unknown: places of lines before the commit.
    """

    def __init__(self, batch: int, texts: Table) -> None:
        self.batch, self.texts = batch, texts
        self.values, self.lines = Table(), Table()
        self.receipts: dict[str, list[Any]] = {}

    def number(self, value: float) -> int:
        """The place of a number."""
        return self.values.place(plain(value), repr(value))

    def numbers(self, values: Iterable[float]) -> list[int]:
        return [self.number(value) for value in values]

    def add(self, code: str, receipt: Receipt, unknown: Sequence[int] = ()) -> None:
        """Keep a receipt under a code."""
        title, kind = self.texts.place(digits.pretty(receipt.title)), self.texts.place(receipt.kind)
        lines = [self._line(line) for line in receipt.lines]
        self.receipts[code] = [title, kind, self.number(receipt.value), lines, list(unknown)]

    def _line(self, line: Line) -> int:
        texts = self.texts.place
        found = [
            texts(line.section),
            texts(digits.pretty(line.label)),
            texts(line.operator),
            -1 if line.value is None else self.number(line.value),
            texts(written(line.formula)),
            int(line.exact),
            "" if line.opens is None else line.opens.code,
        ]
        return self.lines.place(found, tuple(found))

    def json(self) -> dict[str, Any]:
        """What the page reads."""
        return {"values": self.values.things, "lines": self.lines.things, "receipts": self.receipts}


def home(ref: Ref) -> int:
    """The batch whose store holds a reference's receipt; 0 where chains end."""
    if ref.kind in LEAVES and ref.kind != "setting":
        return 0
    return max(ref.batch, 0)


def follow(ledger: Ledger, store: Store, start: Iterable[Ref]) -> set[Ref]:
    """Keep the receipts of `start` and all behind them that belong to this store; gives those that belong elsewhere."""
    elsewhere: set[Ref] = set()
    open_refs = list(start)
    while open_refs:
        ref = open_refs.pop()
        if home(ref) != store.batch:
            elsewhere.add(ref)
        elif ref.code not in store.receipts:
            receipt = _opened(ledger, ref)
            if receipt is not None:
                store.add(ref.code, receipt)
                open_refs += [line.opens for line in receipt.lines if line.opens is not None and line.opens != ref]
    return elsewhere


def _opened(ledger: Ledger, ref: Ref) -> Receipt | None:
    """None for what the ledger cannot open, such as what lies before a fork, and for sums over a whole epoch."""
    if ref.kind == "share":
        return None
    try:
        return ledger.open(ref)
    except LedgerError:
        return None


def plain(value: float) -> float | str:
    """A number as JSON: what is not finite as its name."""
    return value if math.isfinite(value) else repr(value)


def written(formula: str) -> str:
    """A formula as people write it."""
    for sign, shown in SIGNS.items():
        formula = formula.replace(sign, shown)
    return formula.replace("_", " ").replace("-", "−")


def packed(name: str, data: Any) -> tuple[bytes, int]:
    """Data as an element of a page, and how many bytes they are there once the page has unpacked them."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    inside = base64.b64encode(zlib.compress(text))
    return b'<script type="application/zlib" id="%s">%s</script>\n' % (name.encode("ascii"), inside), len(text)
