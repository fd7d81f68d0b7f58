"""A saved run played by a person: ten thousand actions leave the file as it is, and the engine is never needed."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from monkey import Monkey
from nets import trained

from piggybank import Dense, Network, Run, open_ledger
from piggybank.app.course import load_lesson
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session
from piggybank.ledger.records import LedgerError

Figure = Callable[[str, object], None]
ROOT = Path(__file__).resolve().parents[2]
ACTIONS = 10_000
LOOKS = 250

WITHOUT_ENGINE = """
import os, sys
os.environ["SDL_VIDEODRIVER"] = "dummy"
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.session import Session
path, folder = sys.argv[1:]
session = Session(load_lesson(path))
for command in ("forward", "next_batch", "end", "inspect", "back", "summary", "hindsight", "course", "copy", "home"):
    session.command(command, "")
    session.scene((1280, 720))
assert session.copied
assert main(["receipt", path, "--weight", "h2->y", "--batch", "3", "--sample", "2"]) == 0
assert main(["snapshot", path, "--at", "2.2.commit", "--size", "640x400", "--out", f"{folder}/x.png"]) == 0
assert main(["record", path, "--to", "1.1.2.loss", "--size", "320x240", "--fps", "4", "--out", f"{folder}/f.png"]) == 0
assert main(["summary", path]) == 0
assert main(["export", path, "--csv", f"{folder}/tables"]) == 0
assert main(["export", path, "--html", f"{folder}/page.html", "--to", "2"]) == 0
print("loaded:", *[name for name in sys.modules if name.startswith(("piggybank.engine", "piggybank.training"))])
"""


def test_the_file_stays_as_it_is_whatever_a_person_does(tmp_path: Path, figure: Figure) -> None:
    path = trained("xor 2-3-1 tanh").save(tmp_path / "run.piggy")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    monkey = Monkey(Session(load_lesson(path)), random.Random(14))
    scene = monkey.session.scene(monkey.size)
    for action in range(ACTIONS):
        monkey.act(scene)
        if action % (ACTIONS // LOOKS) == 0:
            scene = monkey.session.scene(monkey.size)
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    figure(
        "T14 actions on a saved run, and whether its file changed", f"{ACTIONS:,}, {'no' if after == before else 'yes'}"
    )
    assert after == before
    assert os.listdir(tmp_path) == ["run.piggy"]


def test_a_saved_run_plays_films_and_exports_without_the_engine(tmp_path: Path) -> None:
    path = trained("xor 2-3-1 tanh").save(tmp_path / "run.piggy")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ENGINE, str(path), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_moment_beyond_a_growing_file_is_refused_with_what_it_holds_by_then(tmp_path: Path) -> None:
    run = Run(Network(Dense(2, 1)), "xor", save=tmp_path / "run.piggy").train(batches=2)
    recorded = Recorded(open_ledger(tmp_path / "run.piggy"))
    run.train(batches=3)
    with pytest.raises(LedgerError, match="the recording holds batches 1 to 5, got batch 9"):
        recorded.ensure(9)
