"""A run saved and opened again: the same numbers, the same seal, whichever way the file was written."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from files import saved
from nets import RUNS, bits, trained
from odd_runs import EXTRA, large

from piggybank import SGD, Dense, Ledger, LedgerError, Momentum, Network, Run, open_ledger, training_fast
from piggybank.ledger import header_text
from piggybank.ledger.canonical import settled

NETS = {**RUNS, **EXTRA}
each_net = pytest.mark.parametrize("name", NETS)


def made(name: str) -> Ledger:
    return trained(name).ledger if name in RUNS else EXTRA[name]().train(epochs=5).ledger


def everything(value: Any) -> Any:
    """A header's field so that == compares bits."""
    if isinstance(value, np.ndarray):
        return value.shape, bits(value)
    if isinstance(value, (tuple, list)):
        return tuple(map(everything, value))
    return {name: everything(part) for name, part in value.items()} if hasattr(value, "items") else value


def numbers_of(ledger: Ledger) -> list[Any]:
    """Every recorded number of every batch, as bits; of a nan only that it is one, its sign differs by processor."""
    found = []
    for number, record in enumerate(ledger, 1):
        arrays = [*record.outputs, *record.blame, *record.weights_before, *record.weights_after]
        memory = [part for name in ledger.header.memory for part in ledger.memory_at(number)[name]]
        found.append((record.batch, record.epoch, record.rows, [bits(settled(array)) for array in (*arrays, *memory)]))
    return found


@each_net
def test_every_number_of_an_opened_run_has_the_bits_of_the_run(name: str, tmp_path: Path) -> None:
    ledger = made(name)
    opened = open_ledger(saved(ledger, tmp_path), verify=True)
    assert opened.problem == ""
    assert numbers_of(opened) == numbers_of(ledger)


@each_net
def test_every_setting_of_an_opened_run_is_that_of_the_run(name: str, tmp_path: Path) -> None:
    ledger = made(name)
    opened = open_ledger(saved(ledger, tmp_path))
    for field in fields(ledger.header):
        mine, theirs = (everything(getattr(found.header, field.name)) for found in (ledger, opened))
        assert mine == theirs, field.name


def test_a_large_run_keeps_every_64th_batchs_weights_and_derives_the_others(tmp_path: Path) -> None:
    opened = open_ledger(saved(large(), tmp_path))
    for batch in (0, 1, 63, 64, 65, 150):
        assert [bits(part) for part in opened.weights_at(batch)] == [bits(part) for part in large().weights_at(batch)]
        kept, wanted = opened.memory_at(batch)["savings"], large().memory_at(batch)["savings"]
        assert [bits(part) for part in kept] == [bits(part) for part in wanted]


def test_a_storage_gives_the_kept_weights_only(tmp_path: Path) -> None:
    for ledger in (large(), open_ledger(saved(large(), tmp_path))):
        assert [len(ledger.storage.state(batch)) for batch in (0, 64, 128)] == [2 * len(ledger.header.weights)] * 3
        for batch in (1, 63, 65):
            with pytest.raises(LedgerError, match=f"after batch {batch} are not kept; only every 64th batch's are"):
                ledger.storage.state(batch)


def test_a_run_in_memory_has_nothing_to_take_in() -> None:
    ledger = made("xor 2-3-1 tanh")
    before = len(ledger)
    assert (ledger.refresh(), len(ledger)) == (0, before)


def test_data_too_many_for_a_file_are_given_beside_it_and_must_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(header_text, "INLINE", 10)
    ledger = RUNS["xor 2-3-1 tanh"]().train(epochs=5).ledger
    path, data = saved(ledger, tmp_path), (ledger.header.inputs, ledger.header.targets)
    opened = open_ledger(path, data)
    assert (opened.seal, opened.problem) == (ledger.seal, "")
    assert numbers_of(opened) == numbers_of(ledger)
    assert bits(opened.header.inputs) == bits(ledger.header.inputs)
    turned = data[0][::-1], data[1]
    for given, says in (
        (None, r"the data are too many to stand in the file; open it with data=\(inputs, targets\)"),
        (turned, "the inputs given in data= are not those that the run learned from"),
        ((data[0], data[1][:3]), r"expected data= with targets in the shape \[4, 1\], got \[3, 1\]"),
        ((data[0],), r"expected data=\(inputs, targets\), or the file that holds them, got \(array"),
        ((*data, None), r"expected data=\(inputs, targets\), or the file that holds them, got \(array"),
        (5, r"expected data=\(inputs, targets\), or the file that holds them, got 5"),
        ((data[0], [["?"]] * 4), r"expected data=\(inputs, targets\) as two tables of numbers"),
        ((data[0], [[1.0], [2.0, 3.0]]), r"expected data=\(inputs, targets\) as two tables of numbers"),
    ):
        with pytest.raises(LedgerError, match=says):
            open_ledger(path, given)


def test_a_runs_data_can_be_saved_to_open_its_file_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_text, "INLINE", 9)
    inputs = np.array([[0.1, 1.0, 2.0], [-0.0, 1e300, 5e-324]])
    run = Run(Network(Dense(3, 2), seed=1), (inputs, np.array([[1.0, 2.0], [3.0, 4.0]])), batch_size=2)
    run.train(batches=1, past_trouble=True)
    path, data = run.save(tmp_path / "run.piggy"), run.save_data(tmp_path / "run.bin")
    for given in (data, str(data)):
        opened = open_ledger(path, given)
        assert (opened.seal, opened.problem) == (run.ledger.seal, "")
        assert bits(opened.header.inputs) == bits(inputs)
        assert not opened.header.inputs.flags.writeable
    with pytest.raises(LedgerError, match=r"'run\.bin' is there already"):
        run.save_data(data)
    with pytest.raises(LedgerError, match="there is no folder"):
        run.save_data(tmp_path / "no" / "run.bin")
    data.write_bytes(b"old")
    assert run.save_data(data, overwrite=True) == data
    assert open_ledger(path, data).seal == run.ledger.seal
    monkeypatch.setattr(os, "replace", lambda *_: os.stat(tmp_path / "missing"))
    with pytest.raises(LedgerError, match=r"'run\.bin' could not be written \(no such file or directory\)"):
        run.save_data(data, overwrite=True)


@each_net
def test_written_while_training_and_written_at_once_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    run = NETS[name]()
    again = Run(
        run.network,
        run.dataset,
        rule=run.rule,
        loss=run.ledger.header.loss_name,
        batch_size=run.ledger.header.batch_size,
        reduce=run.ledger.header.reduce,
        save=tmp_path / "while.piggy",
    ).train(epochs=2)
    assert (tmp_path / "while.piggy").read_bytes() == again.save(tmp_path / "once.piggy").read_bytes()


def test_large_weights_written_while_training_are_the_same_bytes_too(tmp_path: Path) -> None:
    network = Network(Dense(70, 60, "tanh"), Dense(60, 1), seed=2)
    data = np.ones((2, 70)), np.zeros((2, 1))
    run = Run(network, data, batch_size=2, save=tmp_path / "while.piggy").train(batches=66)
    assert (tmp_path / "while.piggy").read_bytes() == run.save(tmp_path / "once.piggy").read_bytes()


@pytest.mark.parametrize("shuffle", [False, 3])
@pytest.mark.parametrize(
    ("widths", "batches"), [((2, 3, 1), 9), ((6, 12, 3), 9), ((70, 60, 1), 66)], ids=["lines", "arrays", "not all kept"]
)
def test_what_the_fast_paths_hand_over_to_be_written_is_what_the_ledger_has(
    widths: tuple[int, int, int], batches: int, shuffle: bool | int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_fast, "FROM", 0)
    inputs, hidden, outputs = widths
    numbers = np.random.default_rng(1)
    data = numbers.standard_normal((11, inputs)), numbers.standard_normal((11, outputs))
    network = Network(Dense(inputs, hidden, "tanh"), Dense(hidden, outputs), seed=2)
    run = Run(network, data, rule=Momentum(0.01), batch_size=4, shuffle=shuffle, save=tmp_path / "while.piggy")
    run.train(batches=batches)
    assert (tmp_path / "while.piggy").read_bytes() == run.save(tmp_path / "once.piggy").read_bytes()


@each_net
def test_a_run_and_its_file_have_the_same_seal_after_every_batch(name: str, tmp_path: Path) -> None:
    ledger = made(name)
    opened = open_ledger(saved(ledger, tmp_path))
    seals = [opened.seal_at(batch) for batch in range(len(ledger) + 1)]
    assert seals == [ledger.seal_at(batch) for batch in range(len(ledger) + 1)]
    assert len(set(seals)) == len(seals)
    assert ledger.seal == seals[-1]


def test_a_seal_depends_on_every_setting() -> None:
    one, other = (Run(Network(Dense(2, 1), seed=1), "xor", rule=SGD(rate)).ledger.seal for rate in (0.5, 0.25))
    assert one != other


def test_receipts_of_an_opened_run_read_the_same(tmp_path: Path) -> None:
    ledger = made("momentum")
    opened = open_ledger(saved(ledger, tmp_path))
    for weight in ledger.header.weights:
        mine, theirs = (str(found.receipt(weight.name, batch=3, sample=2)) for found in (ledger, opened))
        assert mine == theirs


def test_an_opened_run_is_not_trained_further(tmp_path: Path) -> None:
    opened = open_ledger(saved(made("momentum"), tmp_path))
    record = opened.batch(1)
    with pytest.raises(LedgerError, match="opened from a file and stays as it is"):
        opened.append(record.rows, record.outputs, record.blame, np.zeros(9), {"savings": np.zeros(9)})
