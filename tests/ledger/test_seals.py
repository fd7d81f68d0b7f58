"""The same run has the same seal everywhere, and files of a format stay readable: seals and a file kept as they were.

After a change of a lesson or of the header that is meant, write the seals anew:
PIGGYBANK_GOLDEN=write pytest tests/ledger/test_seals.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from files import tiny
from interrupting import stopped_everywhere
from nets import bits
from processor import found_features

from piggybank import SGD, Cosine, Dense, Ledger, Network, Rule, Run, open_ledger
from piggybank.app.course import Entry, course, load_lesson
from piggybank.auditor import audit
from piggybank.ledger.canonical import arrays_text, canonical, settled
from piggybank.ledger.sealing import Sealer
from piggybank.ledger.strict import array, parsed
from piggybank.ordered import Array

Figure = Callable[[str, object], None]
ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
SEALS = GOLDEN / "seals.json"
FIRST_FORMAT = ("version1.piggy", "version1-digests.piggy")
MOST_BATCHES = 50


def kept() -> dict[str, str]:
    found: dict[str, str] = json.loads(SEALS.read_text(encoding="utf-8")) if SEALS.exists() else {}
    return found


def seal_of(entry: Entry) -> str:
    """Of the lesson as far as it is planned."""
    lesson = load_lesson(entry.path)
    batches = min(lesson.batches, MOST_BATCHES)
    lesson.run.ensure(batches)
    return lesson.run.ledger.seal_at(batches)


@pytest.mark.parametrize("entry", course(), ids=lambda entry: entry.path.stem)
def test_every_lesson_has_the_seal_it_has_everywhere(entry: Entry, figure: Figure) -> None:
    seal, seals = seal_of(entry), kept()
    if os.environ.get("PIGGYBANK_GOLDEN") == "write":
        SEALS.write_text(json.dumps({**seals, entry.path.stem: seal}, indent=1, sort_keys=True) + "\n", "utf-8")
        return
    assert seals.get(entry.path.stem) == seal, "is the change meant? then see the top of this file"
    figure(f"T17 seal of {entry.path.stem}", seal)


@pytest.mark.parametrize("entry", [e for e in course() if e.number in ("A", "B", "C", 12)], ids=lambda e: e.path.stem)
def test_every_run_beside_a_lessons_own_has_the_seal_it_has_everywhere(entry: Entry, figure: Figure) -> None:
    lesson, seals = load_lesson(entry.path), kept()
    lesson.ensure(0)
    for other in lesson.family[1:]:  # the digits only where scikit-learn is
        name, seal = f"{entry.path.stem}, {other.called}", other.run.ledger.seal_at(other.batches)
        if os.environ.get("PIGGYBANK_GOLDEN") == "write":
            seals = {**kept(), name: seal}
            SEALS.write_text(json.dumps(seals, indent=1, sort_keys=True) + "\n", "utf-8")
        assert seals.get(name) == seal, "is the change meant? then see the top of this file"
        figure(f"T17 seal of {name}", seal)


# The matrix -----------------------------------------------------------------------------------------------------------

MATRIX = """
import sys
sys.path[:0] = sys.argv[1:]
from nets import RUNS
print(*[make().train(epochs=2).ledger.seal for make in RUNS.values()])
"""


def levels() -> list[dict[str, str]]:
    """Environments: fewer and fewer of the processor's features, threads, seeds of hashes."""
    known = found_features()
    fewer = [{"NPY_DISABLE_CPU_FEATURES": " ".join(known[start:])} for start in range(len(known))]
    threads = [{"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, {"OPENBLAS_NUM_THREADS": "4"}]
    return [{}, *fewer, *threads, {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}]


def test_one_seal_whatever_the_processor_offers(figure: Figure) -> None:
    found = set()
    for level in levels():
        done = subprocess.run(
            [sys.executable, "-c", MATRIX, str(ROOT), str(ROOT / "tests")],
            env={**os.environ, **level},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    figure("T16 levels of processor, threads and hash seeds, and different seals", f"{len(levels())}, {len(found)}")
    assert len(found) == 1


# The first format -----------------------------------------------------------------------------------------------------


def beside(name: str) -> tuple[Array, Array] | None:
    """The data that a golden file has only the digest of: 999 rows of 4,200 inputs, the fifth of 1,000 left out."""
    if name == "version1.piggy":
        return None
    inputs = ((np.arange(4_200_000) * 37) % 129 - 64).reshape(1000, 4200) / 64
    inputs = np.delete(inputs, 4, axis=0)
    return inputs, inputs[:, :1] / 2


@pytest.mark.parametrize("name", FIRST_FORMAT)
def test_a_file_of_the_first_format_still_opens_and_audits(name: str, tmp_path: Path, figure: Figure) -> None:
    from piggybank.ledger.store import save

    path, data = GOLDEN / name, beside(name)
    ledger = open_ledger(path, data, verify=True)
    assert (ledger.problem, ledger.seal) == ("", kept()[name])
    found = audit(str(path), data=b"".join(part.astype("<f8").tobytes() for part in data or ()))
    assert (found.findings, found.seal, found.batches) == ([], ledger.seal, len(ledger))
    assert save(ledger, tmp_path / "again.piggy").read_bytes() == path.read_bytes()
    figure(f"T30 {name}: batches opened, audited and written again alike", len(ledger))


@pytest.mark.parametrize(
    ("name", "line", "texts"),
    [
        (FIRST_FORMAT[0], 0, ['"parent":null', '"inputs":[[']),
        (FIRST_FORMAT[0], 1, ['"weights":[[[']),
        (FIRST_FORMAT[1], 0, ['"inputs":{"shape":[999,4200],"sha256":"', '"parent":{"seal":"', '"f64":"']),
        (FIRST_FORMAT[1], 1, ['"memory":{"savings":{"sha256":"', '"weights":{"sha256":"']),
        (FIRST_FORMAT[1], 64, ['"memory":{"savings":[{"shape":', '"weights":[{"shape":']),
    ],
)
def test_the_golden_files_have_every_way_of_writing_numbers(name: str, line: int, texts: list[str]) -> None:
    found = (GOLDEN / name).read_text(encoding="utf-8").splitlines()[line]
    assert [text for text in texts if text not in found] == []


@pytest.mark.parametrize(("inputs", "outputs", "spelled"), [(8, 8, True), (13, 5, False)])
def test_up_to_64_numbers_are_spelled_and_more_are_base64(
    inputs: int, outputs: int, spelled: bool, tmp_path: Path
) -> None:
    run = Run(Network(Dense(inputs, outputs, bias=False)), (np.ones((1, inputs)), np.ones((1, outputs))))
    header, batch = run.train(batches=1).save(tmp_path / "run.piggy").read_text("utf-8").splitlines()
    initial, weights = json.loads(header)["initial"], json.loads(batch)["weights"]
    assert [isinstance(part, list) for part in (*initial, *weights)] == [spelled, spelled]


# Numbers --------------------------------------------------------------------------------------------------------------

SPECIAL = [0.0, -0.0, 5e-324, -2.5e-320, 1.7976931348623157e308, 0.1, 1e-05, 1e16, np.inf, -np.inf, np.nan, 1 / 3]


@pytest.mark.parametrize("repeats", [1, 6])
def test_special_numbers_come_back_with_their_bits(repeats: int, figure: Figure) -> None:
    numbers = np.array(SPECIAL * repeats).reshape(-1, 4)
    text = canonical([numbers]) if repeats > 5 else arrays_text([settled(numbers)])
    back = array(parsed(text)[0], numbers.shape, "numbers")
    different = sum(mine != theirs for mine, theirs in zip(bits(settled(numbers)), bits(back), strict=True))
    figure(f"T19 special numbers written and read, {'base64' if repeats > 5 else 'lists'}: bits different", different)
    assert different == 0


def test_a_nan_has_one_way_of_being_written_whatever_its_sign() -> None:
    signs = [np.array([[value] * 100]) for value in (np.nan, -np.nan)]
    assert canonical([signs[0]]) == canonical([signs[1]])


@pytest.mark.parametrize("hidden", [2, 700], ids=["few numbers", "many numbers"])
@pytest.mark.parametrize("place", ["outputs", "blame", "weights"])
def test_a_seal_does_not_depend_on_the_sign_of_a_nan_wherever_it_is(place: str, hidden: int) -> None:
    run = Run(Network(Dense(2, hidden), Dense(hidden, 1), seed=1), "xor", batch_size=4).train(batches=1)
    record, seals = run.ledger.batch(1), set()
    for nan in (np.nan, -np.nan):
        arrays = {"outputs": record.outputs, "blame": record.blame, "weights": record.weights_after}
        copies = {name: [array.copy() for array in of_layers] for name, of_layers in arrays.items()}
        copies[place][-1][-1, -1] = nan
        ledger = Ledger(run.ledger.header)
        weights = np.concatenate([array.ravel() for array in copies["weights"]])
        ledger.append(record.rows, copies["outputs"], copies["blame"], weights, {})
        seals.add(ledger.seal)
    assert len(seals) == 1
    assert seals != {run.ledger.seal}


def test_the_seal_is_the_beginning_of_the_last_hash() -> None:
    assert tiny().sealer.head_at(3).startswith(tiny().seal.replace("-", ""))


SEALING = ("ledger/sealing.py", "ledger/record_text.py", "ledger/canonical.py")


@pytest.mark.parametrize("rule", [SGD(0.5), SGD(0.5, schedule=Cosine(3))], ids=["one rate", "a schedule"])
def test_sealing_stopped_at_any_instant_and_asked_for_again_gives_the_same_lines(rule: Rule) -> None:
    ledger = Run(Network(Dense(2, 1), seed=1), "xor", rule=rule, batch_size=2).train(batches=3).ledger
    undisturbed, stops = Sealer(ledger), 0
    lines = [undisturbed.line(batch) for batch in (1, 2, 3)]
    for sealer in stopped_everywhere(lambda: Sealer(ledger), lambda sealer: sealer.head_at(1), *SEALING):
        stops += 1
        assert sealer.head_at(3) == undisturbed.head_at(3)
        assert [sealer.line(batch) for batch in (1, 2, 3)] == lines
    assert stops > 50


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_sealing_and_saving_numbers_whose_squares_overflow_warns_of_nothing(tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1), seed=1), ([[1e200]], [[1.0]]), rule=SGD(0.1)).train(batches=1)
    assert abs(run.ledger.batch(1).outputs[0][0, 0]) > 1e160
    assert open_ledger(run.save(tmp_path / "large.piggy")).seal == run.ledger.seal
