"""What is derived from a run stays at hand, a number of values, and goes when the run goes; files are let go of."""

from __future__ import annotations

import gc
import inspect
import os
import pkgutil
import weakref
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from files import saved, small

import piggybank
from piggybank import Adam, Dense, Ledger, LedgerError, Lesson, Network, Run, open_ledger
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session
from piggybank.ledger.at_hand import at_hand

LOOKS = ("forward", "next_batch", "end", "inspect", "copy", "close", "summary", "history", "hindsight", "back", "home")


class Owner:
    """Stands for a ledger."""

    def __init__(self) -> None:
        self.asked = list[int]()


@at_hand(3)
def doubled(owner: Owner, number: int) -> list[int]:
    """A list of its own for every time that it is not at hand."""
    owner.asked.append(number)
    return [2 * number]


def test_a_value_is_derived_once_for_each_run() -> None:
    one, other = Owner(), Owner()
    assert doubled(one, 4) is doubled(one, 4)
    assert doubled(one, 4) == [8]
    assert doubled(other, 4) is not doubled(one, 4)
    assert (one.asked, other.asked) == ([4], [4])


def test_the_values_asked_for_last_stay_and_no_more_than_so_many() -> None:
    owner = Owner()
    for number in (1, 2, 3, 1, 4, 1, 3, 4, 2):
        assert doubled(owner, number) == [2 * number]
    assert owner.asked == [1, 2, 3, 4, 2]


def test_what_is_at_hand_does_not_keep_its_run() -> None:
    owner = Owner()
    doubled(owner, 1)
    alive = weakref.ref(owner)
    gc.disable()
    try:
        del owner
        assert alive() is None
    finally:
        gc.enable()


def looked_at(ledger: Ledger, run: Run | Recorded) -> list[weakref.ref[object]]:
    """A run of which everything was derived that a person can ask for."""
    ledger.lifetime("x1->h1")
    ledger.lasting("x1->h1", batch=len(ledger))
    ledger.epoch(1)
    session = Session(Lesson(None, "looked at", run, batches=len(ledger)))
    for command in LOOKS:
        session.command(command, "")
        assert session.scene((1280, 720)).hits
    return [weakref.ref(ledger), weakref.ref(ledger.header)]


def trained(*widths: int) -> Run:
    data = [[0.1 * (row + column) for column in range(widths[0])] for row in range(4)], [[0.0] * widths[-1]] * 4
    layers = [Dense(inputs, outputs, "tanh") for inputs, outputs in pairwise(widths)]
    return Run(Network(*layers, seed=1), data, rule=Adam(0.1), batch_size=2).train(epochs=3)


@pytest.mark.parametrize("widths", [(2, 3, 1), (8, 8, 3), (40, 20, 2)])
def test_a_run_that_was_looked_at_from_all_sides_goes_with_its_last_name(widths: tuple[int, ...]) -> None:
    run = trained(*widths)
    alive = looked_at(run.ledger, run)
    assert all(found() is not None for found in alive)
    del run
    gc.collect()
    assert [found() for found in alive] == [None, None]


def test_no_cache_of_a_module_holds_runs() -> None:
    held, seen = list[str](), 0
    for module in pkgutil.walk_packages(piggybank.__path__, "piggybank."):
        if module.name.endswith("__main__"):
            continue
        for name, function in vars(import_module(module.name)).items():
            if hasattr(function, "cache_info"):
                seen += 1
                kinds = {str(part.annotation) for part in inspect.signature(function).parameters.values()}
                held += [f"{module.name}.{name}"] if kinds & {"Ledger", "Header", "BatchRecord", "Run"} else []
    assert seen > 10
    assert held == []


# Files ----------------------------------------------------------------------------------------------------------------


def handle_of(ledger: Ledger) -> int:
    descriptor: int = ledger.storage._file.fileno()  # type: ignore[attr-defined]
    return descriptor


def is_closed(handle: int) -> bool:
    try:
        os.fstat(handle)
    except OSError:
        return True
    return False


def test_a_recording_that_nobody_has_any_more_lets_its_file_go(tmp_path: Path) -> None:
    ledger = open_ledger(trained(2, 3, 1).save(tmp_path / "run.piggy"))
    handle, alive = handle_of(ledger), looked_at(ledger, Recorded(ledger))
    del ledger
    gc.collect()
    assert [found() for found in alive] == [None, None]
    assert is_closed(handle)


def test_a_ledger_that_is_closed_lets_its_file_go_and_can_be_closed_again(tmp_path: Path) -> None:
    with open_ledger(saved(small(), tmp_path)) as ledger:
        handle, seal = handle_of(ledger), ledger.seal
        assert not is_closed(handle)
    assert is_closed(handle)
    ledger.close()
    with open_ledger(tmp_path / "run.piggy") as again:
        assert again.seal == seal


LATER: dict[str, Callable[[Ledger], object]] = {
    "a batch": lambda ledger: ledger.batch(5),
    "the seal": lambda ledger: ledger.seal,
    "refresh": lambda ledger: ledger.refresh(),
}


@pytest.mark.parametrize("what", LATER)
def test_what_is_not_at_hand_of_a_closed_ledger_is_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    ledger = open_ledger(saved(small(), tmp_path))
    first = ledger.batch(1)
    ledger.storage._found.cache_clear()  # type: ignore[attr-defined]
    ledger.close()
    with pytest.raises(LedgerError, match=r"^'run.piggy' was closed; open it again to look further$"):
        LATER[what](ledger)
    assert ledger.batch(1) is first


def test_a_run_in_memory_has_no_file_to_close() -> None:
    run = trained(2, 3, 1)
    with run.ledger as ledger:
        seal = ledger.seal
    assert run.ledger.seal == seal
    assert len(run.train(batches=1).ledger) == 7


def test_a_file_that_is_refused_is_let_go_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, files = tmp_path / "run.piggy", list[object]()
    path.write_bytes(b'{"format":"piggybank","version":99}\n')
    really = Path.open
    monkeypatch.setattr(Path, "open", lambda *given, **named: (files.append(really(*given, **named)), files[-1])[1])
    with pytest.raises(LedgerError):
        open_ledger(path)
    assert [file.closed for file in files] == [True]  # type: ignore[attr-defined]
