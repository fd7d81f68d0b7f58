"""The rooms and their one-way doors: every import of the package against one table."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "piggybank"

GROUND = {
    "arithmetic",
    "elsewhere",
    "formula",
    "grammar",
    "halves",
    "ordered",
    "progress",
    "recipe",
    "scaling",
    "shipped",
    "spelling",
    "unwrapped",
    "wording",
}
DOORS = {
    "ground": {"ground"},
    "engine": {"ground", "engine"},
    "ledger": {"ground", "ledger"},
    "training": {"ground", "engine", "ledger", "training"},
    "auditor": set(),
    "honest_names": set(),
    "stage": {"ground", "ledger", "stage"},
    "app": {"ground", "engine", "ledger", "training", "auditor", "honest_names", "stage", "app", "front"},
    "front": {"engine", "ledger", "training"},
}
"""Which rooms a room may import from. "front" is piggybank/__init__.py."""
FRONT_LAZILY = {"app", "ground"}
"""What the front may import inside a function only (or for types, where nothing is imported at run time)."""
OUTSIDE = {
    "ground": {"numpy", "tqdm"},
    "engine": {"numpy"},
    "ledger": {"numpy"},
    "training": {"numpy"},
    "auditor": set(),
    "honest_names": set(),
    "stage": {"numpy"},
    "app": {"numpy", "tqdm", "pygame", "PIL", "imageio_ffmpeg", "xlsxwriter"},
    "front": set(),
}
"""What a room may import besides the standard library."""
PAINTERS = {f"stage/painter/{name}.py" for name in ("__init__", "art", "shapes", "words")}
"""The stage files that may import pygame."""

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "share" not in path.parts)


def room_of(path: str) -> str:
    """path: of a file inside the package, or of a module with slashes."""
    first = path.removesuffix(".py").split("/")[0]
    if first in ("", "__init__"):
        return "front"
    if first == "__main__":
        return "app"
    if first.startswith("portable") or first in GROUND:
        return "ground"
    if first.startswith("training"):
        return "training"
    return first


def imports_of(path: str, source: str) -> Iterator[tuple[str, bool]]:
    """Every imported module as a dotted name, and whether the import waits inside a function or is for types only."""
    package = ["piggybank", *path.split("/")[:-1]]

    def walk(node: ast.AST, lazily: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((alias.name, lazily) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = package[: len(package) - child.level + 1] if child.level else []
                module = ".".join([*base, *([child.module] if child.module else [])])
                if module == "piggybank":  # from piggybank import x: the module x, or a name of the front
                    inside = {name.split("/")[0].removesuffix(".py") for name in MODULES}
                    for alias in child.names:
                        yield (f"piggybank.{alias.name}" if alias.name in inside else "piggybank"), lazily
                else:
                    yield module, lazily
            else:
                waits = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
                waits = waits or (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING")
                yield from walk(child, lazily or waits)

    yield from walk(ast.parse(source), False)


def trespasses(path: str, source: str) -> list[str]:
    """Imports of a file that its room's doors do not allow."""
    room, found = room_of(path), []
    for name, lazily in imports_of(path, source):
        head, _, rest = name.partition(".")
        if head == "piggybank":
            target = room_of(rest.replace(".", "/"))
            allowed = DOORS[room] | (FRONT_LAZILY if room == "front" and lazily else set())
            good = target in allowed
        else:
            allowed = OUTSIDE[room] | ({"pygame"} if path in PAINTERS else set())
            good = head in sys.stdlib_module_names or head in allowed
        if not good:
            found.append(name)
    return found


@pytest.mark.parametrize("path", MODULES)
def test_a_module_imports_only_through_its_rooms_doors(path: str) -> None:
    assert room_of(path) in DOORS
    assert trespasses(path, (PACKAGE / path).read_text(encoding="utf-8")) == []


def test_every_room_was_visited() -> None:
    assert {room_of(path) for path in MODULES} >= {"ground", "engine", "ledger", "training", "stage", "app", "front"}


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("ledger/bank.py", "from piggybank.engine.network import Dense", ["piggybank.engine.network"]),
        ("ledger/bank.py", "from ..engine import network", ["piggybank.engine"]),
        ("ledger/bank.py", "def f():\n    import piggybank.training", ["piggybank.training"]),
        ("ledger/bank.py", "from piggybank import Run", ["piggybank"]),
        ("ledger/bank.py", "from piggybank import wording", []),
        ("engine/rules.py", "if True:\n    from piggybank.ledger import bank", ["piggybank.ledger"]),
        ("engine/rules.py", "import scipy.special", ["scipy.special"]),
        ("formula.py", "import piggybank.ledger.bank", ["piggybank.ledger.bank"]),
        ("stage/compose.py", "import pygame", ["pygame"]),
        ("stage/painter/art.py", "import pygame.freetype", []),
        ("stage/compose.py", "from piggybank.training import Run", ["piggybank.training"]),
        ("stage/compose.py", "from piggybank.engine.data import load", ["piggybank.engine.data"]),
        ("__init__.py", "from piggybank.app import lessons", ["piggybank.app"]),
        ("__init__.py", "def f():\n    from piggybank.app import lessons", []),
        ("__init__.py", "if TYPE_CHECKING:\n    from piggybank.app.playing import play", []),
        ("ledger/bank.py", "if TYPE_CHECKING:\n    from piggybank.training import Run", ["piggybank.training"]),
        ("auditor.py", "import piggybank.formula", ["piggybank.formula"]),
        ("app/cli.py", "from piggybank import Run\nfrom piggybank.stage.painter import paint\nimport pygame", []),
    ],
)
def test_the_table_catches_trespassers(path: str, source: str, wrong: list[str]) -> None:
    assert trespasses(path, source) == wrong


def loaded_after(code: str) -> set[str]:
    """The modules that are loaded after `code` ran in a fresh Python."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\n'.join(sys.modules))"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.split())


def rooms_in(modules: set[str]) -> set[str]:
    return {room_of(name.partition(".")[2].replace(".", "/")) for name in modules if name.startswith("piggybank.")}


ALONE = (
    "import types; front = types.ModuleType('piggybank'); "
    f"front.__path__ = [{str(PACKAGE)!r}]; sys.modules['piggybank'] = front; "
)
"""Stands in for the front, so that only what a module itself imports gets loaded."""


@pytest.mark.parametrize("module", ["piggybank", "piggybank.ledger.ledger", "piggybank.training"])
def test_importing_it_leaves_pygame_out(module: str) -> None:
    loaded = loaded_after(f"import {module}")
    assert module in loaded
    assert not {name for name in loaded if name.split(".")[0] == "pygame"}
    assert not rooms_in(loaded) & {"app", "stage"}


@pytest.mark.parametrize("module", ["piggybank.ledger.ledger", "piggybank.stage.compose"])
def test_a_saved_run_needs_no_engine_and_no_screen_to_be_opened_and_composed(module: str) -> None:
    loaded = loaded_after(f"{ALONE}import {module}")
    assert module in loaded
    assert rooms_in(loaded) <= {"ground", "ledger", "stage"}
    assert not {name for name in loaded if name.split(".")[0] in ("pygame", "tqdm")}


@pytest.mark.parametrize("module", ["piggybank.ledger.ledger", "piggybank.stage.compose"])
def test_importing_the_ledger_or_the_stage_leaves_the_engine_out(module: str) -> None:
    loaded = loaded_after(f"import {module}")
    assert module in loaded
    assert "engine" not in rooms_in(loaded)


def test_the_front_lists_what_it_offers_and_nothing_else() -> None:
    import piggybank

    assert dir(piggybank) == sorted([*piggybank.__all__, "__version__"])
    with pytest.raises(AttributeError, match="module 'piggybank' has no attribute 'Rum'"):
        _ = piggybank.Rum  # type: ignore[attr-defined]
