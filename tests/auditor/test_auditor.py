"""The auditor by itself: its verdict, its exit codes, its own functions and formulas, and files made to harm it."""

from __future__ import annotations

import ast
import contextlib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest
from forged_files import data_of, without_data
from forging import edited, ledger
from piggy import array, records_of, text_of

from piggybank import SGD, Dense, Network, Run, auditor, portable
from piggybank.app.cli import main
from piggybank.auditor import CODES, Finding, Unreadable, audit
from piggybank.formula import Formula, FormulaError

Figure = Callable[[str, object], None]
ALONE = Path(auditor.__file__)


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(ledger()))
    return path


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(lambda found: found[2].update(epoch=9))))
    return path


# What it says ---------------------------------------------------------------------------------------------------------


def command(path: Path, *options: str) -> tuple[int, str]:
    """The exit code and what is printed by `piggybank audit`, and by the auditor alone in another folder: the same."""
    alone = shutil.copy(ALONE, path.parent / "copied.py")
    done = subprocess.run(
        [sys.executable, "-I", alone, path, *options], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_copied_anywhere_it_runs_alone_and_its_first_line_is_the_verdict(honest: Path) -> None:
    code, said = command(honest)
    assert code == 0
    assert said.splitlines() == ["INTACT (full): run.piggy, 6 batches, 156 coins, seal " + seal_of(honest)]


def test_of_a_forged_file_the_verdict_comes_first_and_every_finding_says_where(forged: Path) -> None:
    code, said = command(forged)
    first, second = said.splitlines()
    assert code == 1
    assert first.startswith("NOT INTACT")
    assert second == f"PB202 batch 2, epoch: expected 1, found 9; {CODES['PB202']}"


def test_what_is_no_ledger_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary")
    code, said = command(path)
    assert (code, said) == (2, "NOT AUDITED: notes.txt does not begin with the whole header of a .piggy file\n")


@pytest.mark.parametrize(("name", "why"), [("missing.piggy", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_opened_is_said_in_one_sentence(name: str, why: str, tmp_path: Path) -> None:
    said = f"NOT AUDITED: {tmp_path / name} cannot be read ({why}); give a .piggy file\n"
    assert command(tmp_path / name) == (2, said)


def test_the_report_as_json_has_the_findings_as_data(forged: Path) -> None:
    code, said = command(forged, "--json")
    found = json.loads(said)
    assert code == 1
    assert found["intact"] is False
    assert [Finding(**each) for each in found["findings"]] == audit(str(forged)).findings


def test_the_subcommand_says_what_the_auditor_alone_says(forged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for tier in ("--basic", "--json"):
        with pytest.raises(SystemExit) as ended:
            main(["audit", str(forged), tier])
        assert (ended.value.code, capsys.readouterr().out) == command(forged, tier)


def test_alone_the_auditor_says_that_it_cannot_tell_what_formulas_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault whose recipe is recorded and whose label is gone: arithmetic alone finds nothing."""
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    records = records_of(Run(network, "xor", fault="sum-for-mean", batch_size=3).train(epochs=1))
    records[0]["fault"] = ""
    path = tmp_path / "hidden.piggy"
    path.write_bytes(text_of(records))
    assert command(path, "--strict") == (
        0,
        f"INTACT (strict): hidden.piggy, 2 batches, 52 coins, seal {seal_of(path)}; whether formulas are what they are "
        "called was not checked, `piggybank audit --strict` does\n",
    )
    assert json.loads(command(path, "--strict", "--json")[1])["names_checked"] is False
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path), "--strict", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (ended.value.code, found["names_checked"]) == (1, True)
    assert {finding["code"] for finding in found["findings"]} == {"PB304"}


def test_the_subcommand_has_the_options_of_the_auditor_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--help"])
    listed = capsys.readouterr().out.split("positional")[1]
    alone = subprocess.run([sys.executable, ALONE, "--help"], capture_output=True, text=True, check=True).stdout
    assert alone.split("positional")[1] == listed
    assert str(auditor.__doc__).split("\n")[0] in " ".join(alone.split())


def seal_of(path: Path) -> str:
    return audit(str(path)).seal


def test_the_seal_that_was_kept_is_compared_however_it_is_written(honest: Path) -> None:
    seal = seal_of(honest)
    assert [audit(str(honest), seal=kept).findings for kept in (seal, seal.upper(), seal.replace("-", ""))] == [
        [],
        [],
        [],
    ]
    assert audit(str(honest), seal="0000-0000-0000").findings == [Finding("PB103", 6, "seal", "0000-0000-0000", seal)]
    assert command(honest, "--seal", "0000-0000-0000")[0] == 1


def test_a_seal_that_was_lost_on_the_way_is_not_taken_for_none(honest: Path) -> None:
    """Such as --seal "$SEAL" in a script where nothing is called so."""
    assert audit(str(honest), seal="").findings == [Finding("PB103", 6, "seal", '""', seal_of(honest))]
    assert command(honest, "--seal", "")[0] == 1


def test_no_name_in_a_file_can_add_a_line_or_move_the_cursor(tmp_path: Path) -> None:
    def change(found: list[dict]) -> None:  # type: ignore[type-arg]
        found[0]["layers"][0]["neurons"][0] = found[0]["layers"][1]["sources"][0] = "h\nINTACT\x1b[1A"

    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(change)))
    said = str(audit(str(path)))
    assert len(said.splitlines()) == 2
    assert said.replace("\n", "").isprintable()


def test_every_code_that_can_be_found_is_in_the_table(tmp_path: Path) -> None:
    used = set(re.findall(r"PB\d+", ALONE.read_text("utf-8").split("}", 1)[1]))
    assert used == set(CODES)


def test_auditing_runs_imports_and_connects_to_nothing(honest: Path) -> None:
    """T26, of the auditor."""
    script = (
        "import runpy, sys\n"
        f"sys.argv = ['auditor.py', {str(honest)!r}]\n"
        f"auditor = runpy.run_path({str(ALONE)!r})\n"
        "auditor['audit'](sys.argv[1])\n"  # once, so that what Python itself loads late is loaded
        "seen = set()\n"
        "sys.addaudithook(lambda event, arguments: seen.add(event))\n"
        "report = auditor['audit'](sys.argv[1])\n"
        "print(sorted(seen), len(report.findings))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['compile', 'open'] 0\n"  # compile: formulas are parsed, and what comes of it is not run


def test_letters_that_a_terminal_does_not_have_are_replaced(tmp_path: Path) -> None:
    def change(found: list[dict]) -> None:  # type: ignore[type-arg]
        found[0]["layers"][0]["neurons"][0] = found[0]["layers"][1]["sources"][0] = "größe"
        found[1]["outputs"][0][0][0] = 0.5

    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(change)))
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, ALONE, path], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "gr??e, sample 1: expected" in done.stdout


def test_a_pipe_is_audited_as_the_file_is(honest: Path) -> None:
    alone = [sys.executable, ALONE, "/dev/stdin"]
    done = subprocess.run(alone, input=honest.read_bytes(), capture_output=True, check=False)
    said = f"INTACT (full): stdin, 6 batches, 156 coins, seal {seal_of(honest)}\n"
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, said, "")


@pytest.mark.parametrize("rest", [b'2,"whatever":{"comes":[1.50, 2]}}\n', b"2}\n", b"0,", b"17,", b"1.5,"])
def test_a_file_of_another_version_is_not_called_damaged(rest: bytes, honest: Path) -> None:
    line = honest.read_bytes().split(b"\n")[0]
    honest.write_bytes(HEAD[:-1] + (rest if rest.endswith(b"\n") else rest + line[len(HEAD) + 1 :] + b"\n"))
    why = "run.piggy is of another version of the format than this auditor knows, which is 1"
    assert command(honest) == (2, f"NOT AUDITED: {why}\n")


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(b"")
    assert command(path) == (2, "NOT AUDITED: run.piggy is empty\n")


def test_the_seal_is_the_beginning_of_the_last_hash(honest: Path) -> None:
    last = honest.read_bytes().splitlines()[-1]
    assert seal_of(honest).replace("-", "") == json.loads(last)["hash"][:12]


def test_a_number_that_was_found_false_is_named_with_its_record_and_weight(tmp_path: Path) -> None:
    def change(found: list[dict]) -> None:  # type: ignore[type-arg]
        found[3]["weights"][1][3][0] = 7.0

    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(change)))
    first = audit(str(path)).findings[0]
    true = ledger()[3]["weights"][1][3][0]
    assert first == Finding("PB407", 3, "bias->y", repr(true), "7.0")


def test_basic_leaves_the_arithmetic_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(lambda found: found[3]["weights"][1][3].__setitem__(0, 7.0))))
    assert audit(str(path), "basic").findings == []
    assert {finding.code for finding in audit(str(path)).findings} == {"PB401", "PB407"}


def test_data_too_large_for_the_file_are_given_beside_it(tmp_path: Path) -> None:
    path, data = tmp_path / "run.piggy", tmp_path / "data"
    path.write_bytes(text_of(without_data("xor")))
    data.write_bytes(data_of("xor"))
    code, said = command(path, "--data", str(data))
    assert (code, said[:6]) == (0, "INTACT")
    assert command(path) == (
        2,
        "NOT AUDITED: the data are not in the file; give them with --data, or audit with --basic\n",
    )
    assert command(path, "--basic")[0] == 0


def saved(inputs: int, outputs: int, path: Path) -> list[dict]:  # type: ignore[type-arg]
    """A saved run of so many weights, and its records."""
    run = Run(Network(Dense(inputs, outputs, bias=False)), ([[0.5] * inputs], [[1.0] * outputs]), rule=SGD(0.1))
    run.train(batches=64).save(path)
    return records_of(run)


@pytest.mark.parametrize(("inputs", "outputs", "whole"), [(64, 64, True), (4097, 1, False)])
def test_up_to_4096_weights_are_in_every_record_and_more_as_a_digest(
    inputs: int, outputs: int, whole: bool, tmp_path: Path
) -> None:
    path = tmp_path / "run.piggy"
    found = saved(inputs, outputs, path)
    assert audit(str(path), "basic").findings == []
    assert isinstance(found[1]["weights"], list) is whole
    assert isinstance(found[64]["weights"], list)
    found[1]["weights"] = {"sha256": "0" * 64} if whole else [array([[0.0] * outputs] * inputs)]
    path.write_bytes(text_of(found))
    assert {finding.code for finding in audit(str(path), "basic").findings} == {"PB104"}


@pytest.mark.parametrize(
    "initial",
    [
        [[["infinity"]]], [[[None]]], [[["0.5"]]], [[[1]]], [[0.5]], [0.5], [], [[[0.5], [0.5]]], {"sha256": "0" * 64},
        [{"f64": "AAAAAAAA4D8="}], [{"shape": [1, 1]}], [{"shape": [1, 1], "f64": 0.5}],
        [{"shape": [1, 1], "f64": "AAAAAAAA4D8"}], [{"shape": [1, 1], "f64": "AAAAAAAA4A=="}],
        [{"shape": [1, 1], "f64": "AAAAAAAA4D8=", "more": 1}], [{"shape": [1, 2], "f64": "AAAAAAAA4D8="}],
    ],
)  # fmt: skip
def test_what_is_no_array_of_the_weights_shape_is_refused(initial: object, tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    found = saved(1, 1, path)
    for value, codes in (([{"shape": [1, 1], "f64": "AAAAAAAA4D8="}], set()), (initial, {"PB104"})):
        found[0]["initial"] = value
        path.write_bytes(text_of(found))
        assert {finding.code for finding in audit(str(path), "basic").findings} == codes


def test_a_number_that_is_not_finite_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    found = saved(3, 1, path)
    found[0]["initial"] = [[[0.5], ["inf"], ["nan"]]]
    path.write_bytes(text_of(found))
    first = next(finding for finding in audit(str(path), "strict").findings if finding.code == "PB305")
    assert first.where.endswith(", number 2")
    assert first.found == "inf"


def test_a_finding_says_how_many_more_there_are_of_its_kind() -> None:
    some, one = (str(Finding("PB401", 3, "h1", "1.0", "2.0", more)) for more in (2, 0))
    assert some.startswith("PB401 batch 3, h1: expected 1.0, found 2.0 and 2 more; ")
    assert one.startswith("PB401 batch 3, h1: expected 1.0, found 2.0; ")


@pytest.mark.parametrize(("inputs", "outputs", "codes"), [(8, 8, set()), (13, 5, {"PB104"})])
def test_up_to_64_numbers_may_stand_there_to_be_read(
    inputs: int, outputs: int, codes: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "run.piggy"
    found = saved(inputs, outputs, path)
    found[0]["initial"] = [[[0.5] * outputs] * inputs]
    path.write_bytes(text_of(found))
    assert {finding.code for finding in audit(str(path), "basic").findings} == codes


def test_what_only_the_strict_tier_wants_is_no_finding_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(lambda found: found[2].update(remark="hello"))))
    assert [[finding.code for finding in audit(str(path), tier).findings] for tier in ("basic", "full", "strict")] == [
        [],
        [],
        ["PB105"],
    ]


@pytest.mark.parametrize("json_wanted", [False, True])
def test_the_subcommand_says_why_it_could_not_audit(
    json_wanted: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(without_data("xor")))
    options = ["--json"] if json_wanted else []
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path), *options])
    said = capsys.readouterr().out
    why = "the data are not in the file; give them with --data, or audit with --basic"
    assert ended.value.code == 2
    assert (json.loads(said) == {"error": why}) if json_wanted else (said == f"NOT AUDITED: {why}\n")


def test_the_subcommand_says_which_file_it_could_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "missing.piggy"
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(path)])
    why = f"NOT AUDITED: {path} cannot be read (No such file or directory); give a .piggy file\n"
    assert (ended.value.code, capsys.readouterr().out) == (2, why)


def test_on_a_terminal_the_part_that_is_done_is_shown(
    honest: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(SystemExit):
        main(["audit", str(honest)])
    out, shown = capsys.readouterr()
    parts = [part.strip() for part in shown.split("\r") if part]
    assert out.startswith("INTACT")
    assert (len(parts), parts[-1]) == (7, "100%")


def test_progress_is_told_up_to_the_end(honest: Path) -> None:
    told: list[float] = []
    audit(str(honest), progress=told.append)
    assert told == sorted(told)
    assert len(told) == 7
    assert told[-1] == 1.0


# Its own arithmetic ---------------------------------------------------------------------------------------------------


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(ALONE.read_text("utf-8"))
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names | {"__future__"}


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "cos"])
def test_its_functions_give_the_bits_of_the_package(name: str, figure: Figure) -> None:
    numbers = random.Random(name)
    edges = [0.0, -0.0, 1.0, 5e-324, 709.782712893384, 709.79, -745.2, -746.0, -747.0, float("inf"), float("-inf")]
    borders = [
        0.75,
        2047 / 2048,
        2049 / 2048,
        1.5,
        2.0**20,
        *((n + 0.5) / 128 for n in range(40)),
        *(n * 2.0**-12 for n in range(40)),
    ]
    edges += [y for x in borders for y in (math.nextafter(x, 0.0), x, math.nextafter(x, 2.0**21))]
    points = [*edges, *(-x for x in edges), *(numbers.uniform(-25, 25) for _ in range(15000))]
    points += [
        numbers.choice([-1, 1]) * numbers.uniform(1, 2) * 2.0 ** numbers.randint(-1074, 1023) for _ in range(5000)
    ]
    mine, theirs = getattr(auditor, name), getattr(portable, name)
    different = [x for x in points if repr(mine(x)) != repr(theirs(x))]
    figure(f"auditor's {name} against the package's: points, bits different", f"{len(points)}, {len(different)}")
    assert different == []
    assert repr(mine(float("nan"))) == "nan"


def test_the_parts_of_its_constants_are_short_and_the_last_is_what_they_lack() -> None:
    with localcontext(Context(prec=60)):
        ln2, pi = Decimal(2).ln(), Decimal("3.141592653589793238462643383279502884197169399375105821")
        for exact, parts, bits in (
            (ln2 / 4096, auditor.STEP, [42]),
            (ln2, auditor.LN2, [42]),
            (pi / 2, auditor.HALF_PI, [32, 65]),
        ):
            lacking = exact
            for part, each in zip(parts, bits, strict=False):
                assert Decimal(part) == (lacking * 2**each).to_integral_value() / 2**each
                lacking -= Decimal(part)
            assert parts[-1] == float(lacking)


FORMULAS = (
    "a + b * c - d", "-a * b", "-(a - b) / c", "a / b / c", "a if b < c else d", "a if b >= c else -d",
    "max(a, b) - min(c, d)", "sqrt(abs(a))", "sqrt(a)", "sign(a) * floor(b)", "a / (b - b)", "1 / -0.0", "0 / 0",
    "exp(a) - exp(-b)", "log(abs(a) + 1e-300)", "tanh(a) * sigmoid(b)", "cos(a) + 1", "(a if a == b else b) != 0",
    "a < b < c", "a ** 2", "a if b else c", "f(a)", "a.b", "a[0]", "max(a)", "sqrt(a, b)", "'a'", "True",
    "-sum(a)", "1j", "lambda: 1", "a and b", "not a", "a; b", "", "exp", "a +", "((a)", "1e400 - a", "+a", "a // b",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_its_formulas_are_those_of_the_package(text: str) -> None:
    numbers, values = random.Random(text), {}
    try:
        formula = Formula(text)
    except FormulaError:
        with pytest.raises(auditor.Flaw):
            auditor.recipe([f"x = {text}"], "abcd")
        return
    lines = auditor.recipe([f"x = {text}"], "abcd")
    for _ in range(50):
        values = {
            name: numbers.choice([0.0, -0.0, 1.0, numbers.gauss(0, 2), float("inf"), float("nan")]) for name in "abcd"
        }
        known = {name: [value] for name, value in values.items()}
        auditor.carry_out(lines, known, 1, 1)
        assert repr(known["x"]) == repr([formula.on_floats(values)])


# Files that were cut, damaged, or made to harm it ---------------------------------------------------------------------


def small() -> bytes:
    """One weight, one row, two commits: the whole file in a few lines."""
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return text_of(records_of(Run(network, "one coin", rule=SGD(0.1)).train(batches=2)))


def test_cut_at_any_byte_it_is_intact_up_to_the_last_whole_record_or_no_ledger(tmp_path: Path, figure: Figure) -> None:
    """T2, of the auditor."""
    whole, path = small(), tmp_path / "run.piggy"
    header = whole.index(b"\n") + 1
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        if size < header:
            with pytest.raises(Unreadable):
                audit(str(path))
            continue
        report = audit(str(path))
        assert report.findings == []
        assert report.batches == whole[:size].count(b"\n") - 1
        assert report.unfinished == size - whole[:size].rfind(b"\n") - 1
    figure("T2 auditor: cuts, of which wrongly judged", f"{len(whole) + 1}, 0")


def test_with_any_bit_flipped_it_is_not_intact(tmp_path: Path, figure: Figure) -> None:
    """T3, of the auditor: all bits of the last record and of line ends, one of each other byte."""
    whole, path, accepted, flipped = bytearray(small()), tmp_path / "run.piggy", 0, 0
    last = whole.rindex(b"\n", 0, -1)
    for place, byte in enumerate(bytes(whole)):
        for bit in range(8) if place >= last or byte == 10 else [place % 8]:
            whole[place] = byte ^ 1 << bit
            path.write_bytes(whole)
            flipped += 1
            with contextlib.suppress(Unreadable):
                accepted += not audit(str(path)).findings
        whole[place] = byte
    figure("T3 auditor: bits flipped, of which taken for intact", f"{flipped}, {accepted}")
    assert accepted == 0


HEAD = b'{"format":"piggybank","version":1'
BOMBS = {
    "nothing but digits": lambda: HEAD + b',"data":' + b"9" * 30_000_000 + b"}\n",
    "a float of very many digits": lambda: HEAD + b',"data":0.' + b"9" * 30_000_000 + b"}\n",
    "brackets in brackets": lambda: HEAD + b',"data":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}\n",
    "objects in objects": lambda: HEAD + b',"data":' + b'{"a":' * 500_000 + b"1" + b"}" * 500_000 + b"}\n",
    "a line that does not end": lambda: HEAD + b" " * 100_000_000,
    "only zeros": lambda: bytes(10_000_000),
    "a thousand million weights": lambda: text_of(edited(many_weights)),
    "a thousand million weights out of sight": lambda: text_of(edited(many_hidden_weights)),
    "a formula in brackets": lambda: text_of(edited(deep)),
    "half a character": lambda: HEAD + b',"data":"\xff\xfe"}\n',
    "a lone surrogate": lambda: HEAD + b',"data":"\\ud800"}\n',
    "a newer version": lambda: text_of(edited(lambda found: found[0].update(version=2))),
    "a list for a header": lambda: HEAD + b"}\n[]\n",
}


def many_weights(found: list[dict]) -> None:  # type: ignore[type-arg]
    names = [f"n{number}" for number in range(32_000)]
    found[0]["layers"][0].update(neurons=names)
    found[0]["layers"][1].update(sources=names, neurons=names)


def many_hidden_weights(found: list[dict]) -> None:  # type: ignore[type-arg]
    first, last = found[0]["layers"]
    names = [f"n{number}" for number in range(32_000)]
    between = first | {"sources": names, "neurons": names}
    found[0]["layers"] = [first | {"neurons": names}, between, last | {"sources": names}]


def deep(found: list[dict]) -> None:  # type: ignore[type-arg]
    found[0]["layers"][0].update(value="(" * 900 + "z" + ")" * 900)


def refused(bomb: str, path: Path) -> tuple[set[str], float, int]:
    """What is said of it, and the processor seconds and bytes that took (traced, which is slower than otherwise)."""
    path.write_bytes(BOMBS[bomb]())
    tracemalloc.start()
    start = time.process_time()
    try:
        said = {finding.code for finding in audit(str(path)).findings}
    except Unreadable as error:
        said = {str(error)}
    seconds, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return said, seconds, most


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_harm_it_gets_a_finding_or_a_sentence(bomb: str, tmp_path: Path, figure: Figure) -> None:
    """T24, of the auditor."""
    said, seconds, most = refused(bomb, tmp_path / "bomb.piggy")
    figure(f"T24 auditor, {bomb}: processor seconds, MiB", f"{seconds:.1f}, {most / 2**20:.0f}")
    assert said
    assert most < 256 << 20
