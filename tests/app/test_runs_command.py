"""`train`, `play`, `summary` and `receipt` of saved runs: from the command to the file and back."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from test_cli import _environment, refused

from piggybank import Ledger, Run, open_ledger
from piggybank.app.cli import main
from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson
from piggybank.app.session import Session
from piggybank.engine.data import load
from piggybank.ledger import claiming, header_text
from piggybank.ledger.measured import measure

TRAIN = ("train", "--data", "xor", "--layers", "3", "--batch-size", "3", "--learning-rate", "0.3")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def trained(*extra: str) -> Ledger:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy", *extra]) == 0
    return open_ledger("a.piggy")


def session_of(path: str) -> Session:
    return Session(load_lesson(path))


def at_the_end(session: Session) -> str:
    """What is said when playing on at the end."""
    session.command("end", "")
    session.command("toggle", "")
    session.command("tick", "1000")
    return session.state.notice


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
        (("train", "--data", "xor", "--epochs", "0"), "expected --epochs from 1, got 0"),
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


def test_a_file_that_is_no_run_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.piggy").write_text("hello", encoding="utf-8")
    assert "'x.piggy' is not a piggybank file" in refused(capsys, "play", "x.piggy")


def test_a_batch_beyond_the_recording_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    trained()
    capsys.readouterr()
    found = refused(capsys, "receipt", "a.piggy", "--weight", "h1->y", "--batch", "11")
    assert found == "the recording holds batches 1 to 10, got batch 11; ask for an earlier one"


def test_the_receipt_of_a_file_is_that_of_its_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    capsys.readouterr()
    assert main(["receipt", "a.piggy", "--weight", "h2->y", "--batch", "3", "--sample", "2"]) == 0
    assert capsys.readouterr().out.strip() == str(ledger.receipt("h2->y", batch=3, sample=2)).strip()


def test_the_summary_names_the_seal_and_the_largest_coin(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    capsys.readouterr()
    assert main(["summary", "a.piggy", "--epoch", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["seal", ledger.seal]
    coins = {}
    for batch in ledger.epoch(2).batches:
        for sample in range(1, ledger.batch(batch).count + 1):
            for weight in ledger.header.weights:
                value = ledger.receipt(weight.name, batch=batch, sample=sample).lines[2].value
                coins[f"{weight.name}, batch {batch}, sample {sample}"] = value
    largest = max(coins, key=lambda name: abs(coins[name]))
    first = lines[lines.index("largest coins") + 1]
    assert largest in first
    assert float(first.split()[0]) == pytest.approx(coins[largest], rel=1e-5)


def test_a_saved_run_is_played_to_its_end_and_no_further() -> None:
    ledger = trained()
    session = session_of("a.piggy")
    assert at_the_end(session) == (
        f"This is the end of the recording; Home goes back to the beginning. Seal {ledger.seal}"
    )
    assert session.lesson is not None
    assert session.state.cursor.beat == session.lesson.timeline.commit_beat(10)


def test_a_lesson_shows_its_seal_where_it_ends() -> None:
    session = Session(load_lesson(2))
    assert session.lesson is not None
    for _ in range(200):
        session.command("next_batch", "")
        if session.state.cursor.beat >= session.lesson.timeline.commit_beat(session.lesson.batches) - 1:
            break
    session.command("back", "")
    session.command("toggle", "")
    for _ in range(100):
        session.command("tick", "10")
    assert session.lesson.run.ledger.seal_at(session.lesson.batches) in session.state.notice


def test_batches_added_by_another_program_can_be_reached() -> None:
    ledger = trained()
    whole = Path("a.piggy").read_bytes()
    lines = whole.splitlines(keepends=True)
    Path("growing.piggy").write_bytes(b"".join(lines[:5]))
    session = session_of("growing.piggy")
    assert session.lesson is not None
    assert session.lesson.batches == 4
    with Path("growing.piggy").open("ab") as file:
        file.write(b"".join(lines[5:]))
    session.command("end", "")
    session.scene((1280, 720))
    assert session.lesson.run.ledger.seal == ledger.seal
    assert session.state.cursor.beat == session.lesson.timeline.commit_beat(10)


def words_on(lesson: Lesson) -> str:
    return "\n".join(str(item) for item in Session(lesson).scene((1280, 720)).over)


def test_a_run_that_is_not_being_saved_any_more_says_so_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = load_lesson(2)
    assert "not being saved" not in words_on(lesson)
    monkeypatch.setattr(type(lesson.run), "save_problem", "a.piggy is not being saved any more (no space left)")
    assert "not being saved any more" in words_on(lesson)


def test_a_damaged_file_says_so_on_screen_and_plays_what_is_whole() -> None:
    trained()
    lines = Path("a.piggy").read_bytes().splitlines(keepends=True)
    Path("a.piggy").write_bytes(b"".join(lines[:4]) + lines[4].replace(b"1", b"7", 3) + b"".join(lines[5:]))
    lesson = load_lesson("a.piggy")
    assert lesson.batches == 3
    assert "a.piggy, line 5: its hash is not that of its text" in words_on(lesson)


def test_a_saved_run_is_known_by_how_it_begins_whatever_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    ledger = trained()
    for name in ("run.txt", "-"):
        os.replace("a.piggy", name)
        assert load_lesson(Path(name)).run.ledger.seal == ledger.seal
        os.replace(name, "a.piggy")
    Path("run.txt").write_text("hello", encoding="utf-8")
    capsys.readouterr()
    assert "a script ending in .py or a saved run ending in .piggy" in refused(capsys, "play", "run.txt")


def test_a_script_that_saves_may_be_told_to_replace_its_file_and_says_so_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = "from piggybank import *\nrun = Run(Network(Dense(2, 1)), 'xor', save='a.piggy'{}).train(epochs=2)\n"
    for more, works in (("", False), (", overwrite=True", True)):
        Path("mine.py").write_text(script.format(more), encoding="utf-8")
        assert main(["summary", "mine.py"]) == 0
        capsys.readouterr()
        if works:
            assert main(["summary", "mine.py"]) == 0
        else:
            assert refused(capsys, "summary", "mine.py") == (
                "mine.py saves its run, and 'a.piggy' is there already; give another name, or have it replaced "
                "(overwrite=True, --overwrite); or give the saved run's name instead of the script's"
            )


@pytest.fixture
def _few_numbers_stand_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_text, "INLINE", 10)


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_data_too_many_for_a_file_are_written_beside_it_and_every_command_takes_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy"]) == 0
    said = capsys.readouterr().out
    assert "saved in a.piggy, the data in a.bin; watch it with: piggybank play a.piggy --data a.bin" in said
    run = ("a.piggy", "--data", "a.bin")
    for command in (
        ("summary", *run),
        ("receipt", *run, "--weight", "h2->y", "--batch", "3"),
        ("export", *run, "--csv", "tables"),
        ("snapshot", *run, "--size", "640x360"),
        ("record", *run, "--size", "320x240", "--to", "1.1.1.bank", "--fps", "2", "--out", "x.png"),
        ("audit", *run),
    ):
        with suppress(SystemExit):
            assert main(command) == 0
        printed = capsys.readouterr()
        assert (printed.err, bool(printed.out)) == ("", True), command


@pytest.mark.usefixtures("_few_numbers_stand_in_a_file")
def test_data_that_are_not_beside_a_file_or_are_others_are_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy"]) == 0
    data = Path("a.bin").read_bytes()
    Path("short.bin").write_bytes(data[:-8])
    Path("other.bin").write_bytes(data[:-8] + b"\0\0\0\0\0\0\x1c@")
    capsys.readouterr()
    for given, says in (
        ((), "open it with data=(inputs, targets), or with --data FILE.bin as train wrote it beside, or run.save_data"),
        (("--data", "short.bin"), "expected data of 96 bytes in 'short.bin', found 88"),
        (("--data", "other.bin"), "the targets given in data= are not those that the run learned from"),
        (("--data", "none.bin"), "the data in 'none.bin' cannot be read (no such file or directory)"),
    ):
        assert says in refused(capsys, "summary", "a.piggy", *given)
    assert refused(capsys, "summary", "2", "--data", "a.bin") == (
        "--data is for a saved run whose data do not stand in its file, got '2'; leave it out"
    )
    os.unlink("a.piggy")
    assert "'a.bin', where the data belong, is there already" in refused(capsys, *TRAIN, "--save", "a.piggy")
    assert not os.path.exists("a.piggy")
    assert main([*TRAIN, "--epochs", "5", "--save", "a.piggy", "--overwrite"]) == 0


class Disk:
    """Stands in for `os` in the writer: only so many bytes fit."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, handle: int, line: bytes) -> int:
        self.room -= len(line)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(handle, line)


def test_a_file_that_cannot_be_begun_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claiming, "os", Disk(100))
    says = "a.piggy is not being saved (no space left on device); give --save another name or folder"
    assert refused(capsys, *TRAIN, "--save", "a.piggy") == says
    assert not os.listdir()


def test_a_name_that_is_too_long_is_refused_before_training(capsys: pytest.CaptureFixture[str]) -> None:
    says = refused(capsys, *TRAIN, "--save", "x" * 300 + ".piggy")
    assert "is not being saved (file name too long); give --save another name or folder" in says


def test_a_file_that_could_not_be_replaced_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = trained().seal
    capsys.readouterr()
    monkeypatch.setattr(claiming, "os", Disk(100))
    assert "no space left" in refused(capsys, *TRAIN, "--save", "a.piggy", "--overwrite")
    assert open_ledger("a.piggy").seal == seal


def test_when_the_disk_fails_the_whole_run_is_saved_elsewhere_and_the_command_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = trained().seal
    (tmp_path / "full").mkdir()
    capsys.readouterr()
    monkeypatch.setattr(claiming, "os", Disk(Path("a.piggy").stat().st_size - 100))
    with pytest.raises(SystemExit, match="1"):
        main([*TRAIN, "--epochs", "5", "--save", "full/a.piggy"])
    printed, other = capsys.readouterr(), tmp_path / "a-2.piggy"
    assert open_ledger(other).seal == seal
    assert f"saved in {other}; watch it with: piggybank play {other}" in printed.out
    assert f"seal {seal}" in printed.out.splitlines()
    first, last = printed.err.splitlines()
    assert "a.piggy is not being saved any more (no space left on device), it has the first 9 batches" in first
    assert last == f"piggybank: full/a.piggy is not whole; all of it is in {other} instead"
    assert len(open_ledger("full/a.piggy")) == 9


def test_a_run_that_could_be_saved_nowhere_prints_no_seal_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(claiming, "os", Disk(3000))
    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(SystemExit, match="1"):
        main([*TRAIN, "--epochs", "500", "--save", "a.piggy"])
    printed = capsys.readouterr()
    assert "seal" not in printed.out
    assert printed.err.splitlines()[-1] == ("piggybank: a.piggy is not whole; all of it could be saved nowhere else")


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
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), text=True)
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
