"""One page that shows a run in a browser: the data of its batches, one style sheet and one script, all in one file.

The page asks nothing of the network, and its own policy forbids it to.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import IO, Any

from piggybank.app.aside import aside, writing
from piggybank.app.export.dress import colours, digest, filled
from piggybank.app.export.files import ExportError, check_file
from piggybank.app.export.page_data import batch_data, sample_heads
from piggybank.app.export.receipts_json import Store, Table, as_json, element, follow, plain
from piggybank.app.export.words import setting_rows
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Ref
from piggybank.progress import progress
from piggybank.shipped import asset_path
from piggybank.stage import digits
from piggybank.stage.themes import HUES, LIGHT, NIGHT, NIGHT_HUES

LARGEST = 100_000_000
"""Bytes of a page's data once it has unpacked them, some six times its own; browsers become slow beyond."""
ENOUGH = 50
"""A page is refused early once so small a part of the largest tells how large it would become."""
SCRIPTS = ("numbers", "data", "receipts", "tables", "plot", "player", "paper")
"""The parts of the page's script, in order."""


def write_page(ledger: Ledger, batches: range, path: Path, overwrite: bool = False, *, title: str = "") -> None:
    """Write the page. title: what stands at its head, the data's name when left out. Raises ExportError, OSError."""
    check_file(path, ".html", overwrite)
    with writing(path), aside(path) as file:
        _write(ledger, batches, file, title or ledger.header.data_name)


def _write(ledger: Ledger, batches: range, file: IO[bytes], title: str) -> None:
    style, script = _style(), _script()
    file.write(_head(title, style, script).encode("utf-8", "replace"))
    texts, wanted = Table(), dict[int, dict[Ref, None]]()
    _pack(_batches(ledger, batches, texts, wanted), file)
    ends = Store(0, texts)
    follow(ledger, ends, wanted.get(0, ()))
    main = {**_about(ledger, batches, title), "ends": ends.json(), "texts": texts.things}
    file.write(element("run", as_json(main)))
    file.write(f"<script>{script}</script>\n</body>\n</html>\n".encode())


def _pack(data: Iterable[tuple[str, bytes]], file: IO[bytes]) -> None:
    """Write the elements of a page; each is packed while the next is made, on a core of its own where there is one."""
    with ThreadPoolExecutor(1) as beside:
        packing: Future[bytes] | None = None
        for name, text in data:
            if packing is not None:
                file.write(packing.result())
            packing = beside.submit(element, name, text)
        if packing is not None:
            file.write(packing.result())


def _batches(
    ledger: Ledger, batches: range, texts: Table, wanted: dict[int, dict[Ref, None]]
) -> Iterator[tuple[str, bytes]]:
    """Name and data of each batch, the last one first: what its numbers lead to in an earlier one, or where chains end
    (0), is added to `wanted`."""
    size = 0
    for done, batch in enumerate(progress(batches[::-1], "batch"), 1):
        with uncollected():
            data, elsewhere = batch_data(ledger, batch, texts, wanted.pop(batch, {}))
        for ref in elsewhere:
            place = ref.batch if ref.batch in batches and not _ends(ref) else 0
            wanted.setdefault(place, {})[ref] = None
        text = as_json(data)
        size += len(text)
        if size / done * len(batches) > LARGEST and (done == len(batches) or size > LARGEST / ENOUGH):
            _refuse(batches, size / done)
        yield f"batch-{batch}", text


@contextmanager
def uncollected() -> Iterator[None]:
    """Python looks for cycles again and again while many things are made; receipts form none, and the search takes an
    eighth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _ends(ref: Ref) -> bool:
    return ref.batch <= 0


def _refuse(batches: range, each: float) -> None:
    most = int(LARGEST / each)
    if not most:
        raise ExportError(
            f"a page of one batch would have about {each / 1e6:,.0f} MB, {LARGEST / 1e6:.0f} are possible; "
            "try a smaller network or batch, or --csv"
        )
    raise ExportError(
        f"a page of {len(batches):,} batches would have about {each * len(batches) / 1e6:,.0f} MB, "
        f"{LARGEST / 1e6:.0f} are possible; try --from {batches[0]} --to {batches[0] + most - 1}, or --csv"
    )


def _about(ledger: Ledger, batches: range, title: str) -> dict[str, Any]:
    """What the page knows of the run as a whole."""
    header = ledger.header
    weights = [
        {"name": weight.name, "words": digits.weight_title(weight.source, weight.target)} for weight in header.weights
    ]
    return {
        "title": title,
        "words": f"{header.data_name} · {header.shape('→')} · {header.rule_name}",
        "seal": ledger.seal,
        "settings": setting_rows(ledger),
        "first": batches[0],
        "last": batches[-1],
        "recorded": len(ledger),
        "weights": weights,
        "heads": sample_heads(ledger),
        "losses": [plain(ledger.batch_loss(batch)) for batch in batches],
    }


# The page itself ------------------------------------------------------------------------------------------------------


def _head(title: str, style: str, script: str) -> str:
    allowed = ("default-src 'none'", f"style-src '{digest(style)}'", f"script-src '{digest(script)}'")
    policy = "; ".join((*allowed, "base-uri 'none'", "form-action 'none'"))
    return filled("page/page.html", {"title": escape(title), "policy": escape(policy, quote=True), "style": style})


def _script() -> str:
    parts = "\n".join(asset_path(f"page/{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f"(async () => {{\n'use strict';\n{parts}\n}})();"


def _style() -> str:
    light, night = "\n".join(colours(LIGHT, HUES)), "\n".join(colours(NIGHT, NIGHT_HUES))
    themes = (
        f":root {{ color-scheme: light;\n{light}\n}}\n"
        "@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) { color-scheme: dark;\n"
        f"{night}\n}} }}\n"
        f":root[data-theme='night'] {{ color-scheme: dark;\n{night}\n}}\n"
    )
    return themes + asset_path("page/page.css").read_text(encoding="utf-8")
