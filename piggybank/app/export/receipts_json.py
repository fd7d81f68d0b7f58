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
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.things)
            self.things.append(thing)
        return place


class Store:
    """The receipts of one batch, or with batch 0 those where chains end.

    texts: shared by all stores of a page; met: references followed so far; codes: of all that lines open. values,
    lines, receipts: as the page reads them; a line is [section, label, operator, value, formula, exact, opens], a
    receipt [title, kind, value, lines, unknown], texts and values by their places, `opens` a reference's code; unknown:
    places of lines before the commit.
    """

    def __init__(self, batch: int, texts: Table) -> None:
        self.batch, self.texts = batch, texts
        self.values, self.lines = Table(), Table()
        self.receipts: dict[str, list[Any]] = {}
        self.met: set[Ref] = set()
        self._placed: dict[int, int] = {}
        self._looked_at: list[Line] = []
        self._numbers: dict[float, int] = {}
        self._words: dict[tuple[str, str, str, str], tuple[int, ...]] = {}
        self.codes: dict[Ref, str] = {}

    def number(self, value: float) -> int:
        """The place of a number."""
        place = self._numbers.get(value)
        if place is None:
            place = self.values.place(plain(value), repr(value))
            if value and not math.isnan(value):  # 0.0 and -0.0 are one key, but two numbers
                self._numbers[value] = place
        return place

    def numbers(self, values: Iterable[float]) -> list[int]:
        return [self.number(value) for value in values]

    def add(self, code: str, receipt: Receipt, unknown: Sequence[int] = ()) -> None:
        """Keep a receipt under a code. Receipts share lines, so each is looked at once, whoever shows it."""
        title, kind = self.texts.place(digits.pretty(receipt.title)), self.texts.place(receipt.kind)
        known = [*map(self._placed.get, map(id, receipt.lines))]
        pairs = zip(known, receipt.lines, strict=True)
        lines = [self._place(line) if place is None else place for place, line in pairs] if None in known else known
        self.receipts[code] = [title, kind, self.number(receipt.value), lines, list(unknown)]

    def _place(self, line: Line) -> int:
        """The place of a line, by what it is: the very same line is in many receipts."""
        place = self._placed.get(id(line))
        if place is None:
            place = self._placed[id(line)] = self._line(line)
            self._looked_at.append(line)  # so that no other gets its id
        return place

    def _line(self, line: Line) -> int:
        section, label, operator, value, formula, exact, origin, ref = line
        spoken, opens = (section, label, operator, formula), origin or ref
        words = self._words.get(spoken) or self._write(spoken)
        code = self.codes.get(opens) if opens else ""
        if code is None and opens is not None:
            code = self.codes[opens] = opens.code
        number = -1 if value is None else self._numbers.get(value) or self.number(value)
        return self.lines.place((words[0], words[1], words[2], number, words[3], int(exact), code))

    def _write(self, spoken: tuple[str, str, str, str]) -> tuple[int, ...]:
        """The places of a line's texts, as people write them."""
        section, label, operator, formula = spoken
        shown = (section, digits.pretty(label), operator, written(formula))
        places = self._words[spoken] = tuple(self.texts.place(text) for text in shown)
        return places

    def json(self) -> dict[str, Any]:
        """What the page reads."""
        return {"values": self.values.things, "lines": self.lines.things, "receipts": self.receipts}


def home(ref: Ref) -> int:
    """The batch whose store holds a reference's receipt; 0 where chains end."""
    if ref.kind in LEAVES and ref.kind != "setting":
        return 0
    return max(ref.batch, 0)


def follow(ledger: Ledger, store: Store, start: Iterable[Ref]) -> list[Ref]:
    """Keep the receipts of `start` and all behind them that belong to this store and were not met before; gives those
    that belong elsewhere, in the order in which they are met."""
    elsewhere, met = list[Ref](), store.met
    open_refs = list(start)
    while open_refs:
        ref = open_refs.pop()
        if ref in met:
            continue
        met.add(ref)
        if home(ref) != store.batch:
            elsewhere.append(ref)
            continue
        receipt = _opened(ledger, ref)
        if receipt is not None:
            store.add(ref.code, receipt)
            found = [line.origin or line.ref for line in receipt.lines]
            open_refs += [opens for opens in found if opens is not None and opens not in met]
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


def as_json(data: Any) -> bytes:
    """Data as the page reads them once it has unpacked them."""
    writer = json.JSONEncoder(check_circular=False, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return writer.encode(data).encode("utf-8", "replace")


def element(name: str, text: bytes) -> bytes:
    """JSON text, packed, as an element of a page."""
    inside = base64.b64encode(zlib.compress(text))
    return b'<script type="application/zlib" id="%s">%s</script>\n' % (name.encode("ascii"), inside)
