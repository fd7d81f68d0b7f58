"""`train`: it does what its options say, and refuses in one sentence what cannot be done."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from commands import TRAIN, Disk, environment, refused, trained

from piggybank import Run, open_ledger
from piggybank.app.cli import main
from piggybank.engine.data import load
from piggybank.ledger import claiming
from piggybank.ledger.measured import measure

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_train_does_what_its_options_say(capsys: pytest.CaptureFixture[str]) -> None:
    header = trained("--activation", "relu", "--reduce", "total", "--seed", "3", "--shuffle", "2").header
    assert [len(names) for names in header.neuron_layers] == [2, 3, 1]
    assert [layer.activation for layer in header.layers] == ["relu", "linear"]
    assert (header.batch_size, header.reduce, header.shuffled) == (3, "total", True)
    assert header.constants == {"learning_rate": 0.3}


def test_train_prints_the_seal_of_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    assert f"seal {ledger.seal}" in capsys.readouterr().out.splitlines()
    assert len(ledger) == 10


def test_train_learns_from_a_csv_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("fruit.csv").write_text("apples,pears,cost\n1,2,8\n3,0,6\n2,2,10\n", encoding="utf-8")
    assert main(["train", "--data", "fruit.csv", "--target", "cost", "--batch-size", "all", "--save", "f.piggy"]) == 0
    header = open_ledger("f.piggy").header
    assert (header.input_names, header.batch_size) == (("apples", "pears"), 3)


def test_a_loss_that_needs_a_last_activation_gets_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", "penguins", "--loss", "binary cross-entropy", "--save", "p.piggy"]) == 0
    assert open_ledger("p.piggy").header.layers[-1].activation == "sigmoid"


def test_train_scales_a_file_and_holds_rows_back(capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{10 * row},{row % 2}\n" for row in range(1, 9))
    Path("fruit.csv").write_text(f"grams,ripe\n{rows}", encoding="utf-8")
    loss = ("--loss", "binary cross-entropy", "--validation", "0.25", "--scale", "--save", "f.piggy")
    assert main(["train", "--data", "fruit.csv", "--target", "ripe", *loss]) == 0
    ledger = open_ledger("f.piggy")
    assert ledger.header.row_names == ("row 1", "row 2", "row 3", "row 5", "row 6", "row 7")
    assert "every 4th row held back" in ledger.header.source
    assert ledger.header.scaling[0].startswith("(grams - ")
    held = load("fruit.csv", target="ripe", scale=True)
    found = measure(ledger, len(ledger), held.inputs[[3, 7]], held.targets[[3, 7]])
    assert f"of 2 rows held back: loss {found.loss:.6g}, {found.accuracy} right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "rule", "constants"),
    [
        (("--weight-decay", "0.5"), "SGD", {"weight_decay": 0.5}),
        (("--clip-norm", "2"), "SGD", {"clip_norm": 2.0}),
        (("--momentum", "0.75"), "Momentum", {"friction": 0.75}),
        (("--rule", "momentum"), "Momentum", {"friction": 0.9}),
        (("--rule", "Nesterov", "--momentum", "0.5", "--weight-decay", "0"), "Nesterov", {"friction": 0.5}),
    ],
)
def test_a_rules_options_reach_the_rule(
    options: tuple[str, ...], rule: str, constants: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    header = trained(*options).header
    assert (header.rule_name, header.constants) == (rule, {"learning_rate": 0.3, **constants})


def test_train_gathers_micro_batches_before_a_commit(capsys: pytest.CaptureFixture[str]) -> None:
    header = trained("--batch-size", "1", "--accumulate", "3").header
    assert (header.accumulate, header.micro_size, header.count(1)) == (3, 1, 3)


def test_train_says_why_it_stopped_early(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(trained("--learning-rate", "1e200")) < 10
    assert "training stopped. " in capsys.readouterr().err


def test_train_writes_over_nothing_unless_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    before = trained().seal
    capsys.readouterr()
    assert "'a.piggy' is there already" in refused(capsys, *TRAIN, "--save", "a.piggy", "--seed", "5")
    assert open_ledger("a.piggy").seal == before
    assert main([*TRAIN, "--save", "a.piggy", "--seed", "5", "--overwrite"]) == 0
    assert open_ledger("a.piggy").seal != before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("train", "--data", "xor", "--epochs", "0"), "expected --epochs from 1 to 1,000,000,000, got 0"),
        (
            ("train", "--data", "xor", "--epochs", "9" * 20),
            f"expected --epochs from 1 to 1,000,000,000, got {'9' * 20}",
        ),
        (
            ("train", "--data", "xor", "--activation", "relu"),
            "--activation is for the hidden layers, of which there are none; try --layers 4, or leave it out",
        ),
        (
            ("train", "--data", "xor", "--overwrite"),
            "--overwrite is for a file, but --save was not given; try --save run.piggy, or leave it out",
        ),
        (
            ("train", "--data", "xor", "--durable"),
            "--durable is for a file, but --save was not given; try --save run.piggy, or leave it out",
        ),
        (("train", "--data", "xor", "--rule", "SGB"), "there is no rule called 'SGB'; did you mean 'SGD'?"),
        (("train", "--data", "xor", "--batch-size", "some"), "--batch-size should be a whole number from 1, or 'all'"),
        (("train", "--data", "xor", "--layers", "0"), "at least 1, got 0"),
        (("train", "--data", "xor", "--save", "no/where.piggy"), "there is no folder 'no' to save 'where.piggy' in"),
        (
            ("train", "--data", "xor", "--scale"),
            "--scale only together with a CSV file, whose columns they mean; name a set alone",
        ),
        (("train", "--data", "xor", "--validation", "1"), "a share of the rows between 0 and 1, got 1.0; try 0.25"),
        (("train", "--data", "xor", "--accumulate", "0"), "a whole number of micro-batches, at least 1, got 0"),
        (("train", "--data", "xor", "--clip-norm", "-1"), "--clip-norm should be a finite number, 0 or more"),
        (("train", "--data", "xor", "--weight-decay", "nan"), "--weight-decay should be a finite number, 0 or more"),
        (("train", "--data", "xor", "--momentum", "2"), "--momentum should be a number from 0 to 1, got 2.0"),
        (
            ("train", "--data", "xor", "--momentum", "0.5", "--rule", "adam"),
            "--momentum is for a rule with savings, got --rule Adam; try --rule Momentum",
        ),
        (("play", "missing.piggy"), "there is no file 'missing.piggy'"),
        (("summary", "missing.piggy"), "there is no file 'missing.piggy'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("options", "room", "says"),
    [
        ((), 0, ", but saved nowhere: --save was not given"),
        (("--save", "a.piggy"), 1 << 40, " and in a.piggy; seal {seal}"),
        (("--save", "full/a.piggy"), 4000, " and in {here}; seal {seal}"),
    ],
)
def test_a_command_that_is_stopped_says_where_its_batches_are(
    options: tuple[str, ...],
    room: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    really, runs = Run.train, list[Run]()

    def stopped(run: Run, **wanted: Any) -> Run:
        runs.append(really(run, **wanted))
        raise KeyboardInterrupt

    (tmp_path / "full").mkdir()
    monkeypatch.setattr(Run, "train", stopped)
    monkeypatch.setattr(claiming, "os", Disk(room))
    assert main([*TRAIN, "--epochs", "20", *options]) == 130
    where = says.format(here=tmp_path / "a.piggy", seal=runs[0].ledger.seal)
    assert capsys.readouterr().err.splitlines()[-1] == f"piggybank: stopped; 40 batches committed{where}"
    if options:
        assert open_ledger("a.piggy").seal == runs[0].ledger.seal


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a child process differently there")
def test_ctrl_c_keeps_every_committed_batch_and_says_so() -> None:
    command = [sys.executable, "-m", "piggybank", *TRAIN, "--epochs", "10000000", "--save", "long.piggy"]
    child = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where tests run in the background
    )
    deadline = time.monotonic() + 60
    while not (Path("long.piggy").is_file() and Path("long.piggy").stat().st_size > 20_000):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    ledger = open_ledger("long.piggy", verify=True)
    assert f"stopped; {len(ledger):,} batches committed and in long.piggy" in said
    assert "Traceback" not in said
