"""Pages that the tests look at: what is written into them, what a browser shows of them, what is on paper."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Browser

from piggybank.ledger.records import BatchRecord

XOR, FOUR = "xor 2-3-1 tanh", "4-8-3 tanh, sigmoid"
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def embedded(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/zlib" id="([\w-]+)">(.*?)</script>', text, flags=re.DOTALL)
    return {name: json.loads(zlib.decompress(base64.b64decode(data))) for name, data in found}


def shown(browser: Browser, selector: str) -> list[float]:
    """The numbers that a person sees there, all their bits."""
    script = (
        f"[...document.querySelectorAll({json.dumps(selector)})].filter((n) => n.checkVisibility({{visibilityProperty: "
        "true})).map((n) => n.dataset.value)"
    )
    return [float(value.replace("Infinity", "inf")) for value in browser.run(script)]


def stopped() -> BatchRecord:
    raise KeyboardInterrupt
