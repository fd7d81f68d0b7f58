"""The CSV tables: every number of the ledger is there, and reads back with the same bits."""

from __future__ import annotations

import csv
import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from nets import bits, trained
from runs import RULES, run_of
from tables_read import NAMES, numbers, read

from piggybank import SGD, Dense, Network, Rule, Run
from piggybank.app.cli import main
from piggybank.app.export.stretch import stretch
from piggybank.app.export.tables import columns_of, write_tables
from piggybank.ledger import bank
from piggybank.ledger.lines import Ref


@pytest.fixture(params=NAMES)
def exported(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Run, Path]:
    run = trained(request.param)
    write_tables(run.ledger, stretch(run.ledger), tmp_path)
    return run, tmp_path


def test_every_slice_and_bank_reads_back_with_the_same_bits(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    lines = read(folder, "slices")
    header = run.ledger.header
    for weight in header.weights:
        mine = [line for line in lines if line["weight"] == weight.name]
        coins = [bank.slices(header, record, weight) for record in run.ledger]
        banks = [bank.running_totals(header, record, weight)[1:] for record in run.ledger]
        assert bits(numbers(mine, "slice")) == bits(np.concatenate(coins))
        assert bits(numbers(mine, "bank")) == bits(np.concatenate(banks))


def test_a_slice_is_its_line_s_input_times_its_blame(exported: tuple[Run, Path]) -> None:
    lines = read(exported[1], "slices")
    products = [float(line["input"]) * float(line["blame"]) for line in lines]
    assert bits(products) == bits(numbers(lines, "slice"))


def test_every_commit_reads_back_with_the_bits_of_its_receipt(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    lines = read(folder, "commits")
    assert len(lines) == len(run.ledger) * len(run.ledger.header.weights)
    for line in lines[:: max(1, len(lines) // 20)]:
        receipt = run.ledger.receipt(line["weight"], batch=int(line["batch"]))
        assert bits(receipt.value) == bits(float(line["after"]))
        total = next(found for found in receipt.lines if found.label == "Total in the bank")
        assert bits(total.value) == bits(float(line["total"]))


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_keeps_and_its_house_coins_have_columns(name: str, tmp_path: Path) -> None:
    run = run_of(name)
    ledger, header = run.ledger, run.ledger.header
    write_tables(ledger, stretch(ledger), tmp_path)
    lines = read(tmp_path, "commits")
    for line in lines[3::17]:
        batch, weight = int(line["batch"]), ledger.weight(line["weight"])
        place = weight.layer, (weight.row, weight.column)
        for kept in header.memory:
            assert bits(float(line[f"{kept}_before"])) == bits(ledger.memory_at(batch - 1)[kept][place[0]][place[1]])
            assert bits(float(line[kept])) == bits(ledger.memory_at(batch)[kept][place[0]][place[1]])
        for kept in header.shared_memory:
            assert bits(float(line[f"{kept}_before"])) == bits(ledger.shared_memory_at(batch - 1)[kept])
            assert bits(float(line[kept])) == bits(ledger.shared_memory_at(batch)[kept])
        for house in header.house:
            assert bits(float(line[house])) == bits(ledger.open(Ref("commit", weight.name, batch, part=house)).value)
        assert bits(float(line["learning_rate"])) == bits(ledger.learning_rate_at(batch))
        assert bits(float(line["after"])) == bits(ledger.weights_at(batch)[place[0]][place[1]])


def test_a_line_that_is_called_as_another_column_has_one_of_its_own(tmp_path: Path) -> None:
    lines = (
        "weight = 2 * average",
        "batch = 3 * average",
        "savings_before = savings + weight",
        "savings = savings_before + batch",
        "adjustment = -0.1 * weight",
        "after = before + adjustment",
    )
    rule = Rule("borrows names", lines, memory=("savings",))
    ledger = Run(Network(Dense(2, 1, weights=[0.5, -0.25])), "xor", rule=rule, batch_size=2).train(batches=4).ledger
    write_tables(ledger, stretch(ledger), tmp_path)
    with (tmp_path / "commits.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    assert {len(line) for line in table} == {len(set(table[0]))}
    for line in read(tmp_path, "commits"):
        batch, weight = int(line["batch"]), ledger.weight(line["weight"])
        for name in ("weight", "batch", "savings_before"):
            receipt = ledger.open(Ref("commit", weight.name, batch, part=name))
            assert bits(float(line[f"line {name}"])) == bits(receipt.value)
        kept = ledger.memory_at(batch - 1)["savings"][0][weight.row, weight.column]
        assert bits(float(line["savings_before"])) == bits(kept)


def test_the_settings_end_in_the_seal(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    assert read(folder, "settings")[-1] == {"setting": "seal", "value": run.ledger.seal}


def test_weights_after_a_commit_are_the_weights_before_the_next(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    lines, size = read(folder, "commits"), len(run.ledger.header.weights)
    assert bits(numbers(lines[size:], "before")) == bits(numbers(lines[:-size], "after"))


def test_samples_tell_row_data_prediction_and_loss(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    lines, header = read(folder, "samples"), run.ledger.header
    assert [int(line["row"]) - 1 for line in lines] == [row for record in run.ledger for row in record.rows]
    for place, name in enumerate(header.layers[-1].neurons):
        outputs = np.concatenate([record.outputs[-1][:, place] for record in run.ledger])
        assert bits(numbers(lines, f"output_{name}")) == bits(outputs)
    for line in lines[::7]:
        row = int(line["row"]) - 1
        assert [float(line[f"input_{name}"]) for name in header.layers[0].sources] == header.inputs[row].tolist()
        assert [float(line[f"target_{name}"]) for name in header.layers[-1].neurons] == header.targets[row].tolist()
    first = [line for line in lines if line["batch"] == "1"]
    total = 0.0
    for line in first:
        total += float(line["loss"])
    assert bits(total / len(first)) == bits(run.ledger.batch_loss(1))


def test_blame_tells_every_neuron_s_sum_output_and_blame(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    lines = read(folder, "blame")
    for name, (layer, column) in run.ledger.header.neurons.items():
        mine = [line for line in lines if line["neuron"] == name]
        blame = np.concatenate([record.blame[layer][:, column] for record in run.ledger])
        outputs = np.concatenate([record.outputs[layer][:, column] for record in run.ledger])
        assert bits(numbers(mine, "blame")) == bits(blame)
        assert bits(numbers(mine, "output")) == bits(outputs)
        where = mine[-1]
        summed = run.ledger.receipt(name, batch=int(where["batch"]), sample=int(where["sample"]))
        assert any(line.value == float(where["weighted_sum"]) for line in summed.lines)


def test_every_column_is_explained_once(exported: tuple[Run, Path]) -> None:
    run, folder = exported
    explained = [(line["table"], line["column"]) for line in read(folder, "columns")]
    written = []
    for name in columns_of(run.ledger.header):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            written += [(f"{name}.csv", column) for column in next(csv.reader(file))]
    assert explained == written
    assert all(line["meaning"] for line in read(folder, "columns"))


def test_a_run_that_overflows_is_written_as_inf_and_nan(tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e300), batch_size=1)
    run.train(batches=6, past_trouble=True)
    write_tables(run.ledger, stretch(run.ledger), tmp_path)
    after = numbers(read(tmp_path, "commits"), "after")
    weights = [float(run.ledger.weights_at(batch)[0][0, 0]) for batch in range(1, 7)]
    assert list(map(repr, after)) == list(map(repr, weights))
    assert after[-1] != after[-1]


def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(tmp_path: Path) -> None:
    data = tmp_path / "evil.csv"
    data.write_text("=1+1,y\n1,2\n3,4\n", encoding="utf-8")
    run = Run(Network(Dense(1, 1), seed=1), data, target="y", batch_size=2).train(batches=1)
    write_tables(run.ledger, stretch(run.ledger), tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        for line in csv.reader(path.open(encoding="utf-8")):
            texts = [cell for cell in line if not _is_number(cell)]
            assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))], path.name


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_only_the_wanted_batches_are_written(tmp_path: Path) -> None:
    run = trained(NAMES[1])
    write_tables(run.ledger, stretch(run.ledger, epoch=2), tmp_path)
    size = run.ledger.header.batches_per_epoch
    assert {line["batch"] for line in read(tmp_path, "commits")} == {str(n) for n in range(size + 1, 2 * size + 1)}
    assert {line["epoch"] for line in read(tmp_path, "samples")} == {"2"}


def test_memory_does_not_grow_with_the_number_of_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("piggybank.progress.PATIENCE", math.inf)  # a bar's package is larger than what is measured
    run = Run(Network(Dense(1, 1)), "one coin", rule=SGD(0.001), batch_size=1).train(batches=500)
    peaks = []
    for last in (100, 500):
        tracemalloc.start()
        write_tables(run.ledger, stretch(run.ledger, last=last), tmp_path / str(last))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 150_000


def test_the_command_writes_a_lesson_s_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "2", "--csv", str(tmp_path / "two")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "two")
    assert numbers(read(tmp_path / "two", "slices"), "slice")[:4] == [2, -10, -6, -2]
    assert numbers(read(tmp_path / "two", "commits"), "after") == [1.5, 1.75, 1.875, 1.9375]
