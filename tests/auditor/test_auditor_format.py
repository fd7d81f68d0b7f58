"""What the auditor takes for a number, an array and a seal, and what each of its tiers wants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import command, seal_of
from forged_files import data_of, without_data
from forging import MOMENTUM, edited, ledger
from piggy import array, records_of, text_of

from piggybank import SGD, Dense, Network, Run
from piggybank.auditor import Finding, audit


def test_the_seal_that_was_kept_is_compared_however_it_is_written(honest: Path) -> None:
    seal = seal_of(honest)
    whole = json.loads(honest.read_bytes().splitlines()[-1])["hash"]
    for kept in (seal, seal.upper(), seal.replace("-", ""), f" {seal}\n", whole):
        assert audit(str(honest), seal=kept).findings == []
    for false in (whole[:-1] + "x", seal[:-1], f"{seal}0"):
        assert [finding.code for finding in audit(str(honest), seal=false).findings] == ["PB103"]
    assert audit(str(honest), seal="0000-0000-0000").findings == [Finding("PB103", 6, "seal", "0000-0000-0000", seal)]
    assert command(honest, "--seal", "0000-0000-0000")[0] == 1


def test_a_seal_that_was_lost_on_the_way_is_not_taken_for_none(honest: Path) -> None:
    """Such as --seal "$SEAL" in a script where nothing is called so."""
    assert audit(str(honest), seal="").findings == [Finding("PB103", 6, "seal", '""', seal_of(honest))]
    assert command(honest, "--seal", "")[0] == 1


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


def test_what_is_kept_for_a_weight_and_was_found_false_is_named_too(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(
        text_of(edited(lambda found: found[-1]["memory"]["savings"][0][1].__setitem__(2, 7.0), rule=MOMENTUM))
    )
    (finding,) = audit(str(path)).findings
    assert (finding.code, finding.where, finding.found) == ("PB405", "x2->h3, savings", "7.0")


def test_the_first_false_output_of_several_samples_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.piggy"
    path.write_bytes(text_of(edited(lambda found: found[-2]["outputs"][0][1].__setitem__(2, 7.0))))
    assert audit(str(path)).findings[0].where == "h3, sample 2"


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
    data.write_bytes(data_of("xor") + b"\0" * 8)
    assert [finding.code for finding in audit(str(path), data=data.read_bytes()).findings] == ["PB303"]
    missing = "NOT AUDITED: nothing cannot be read (No such file or directory); give the run's data\n"
    assert command(path, "--data", "nothing") == (2, missing)


def test_data_for_a_file_that_has_its_own_are_not_taken_for_checked(honest: Path) -> None:
    assert [finding.code for finding in audit(str(honest), data=b"\0" * 8).findings] == ["PB303"]


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


def test_many_layers_of_few_numbers_each_are_not_too_long_a_line(tmp_path: Path) -> None:
    network = Network(*[Dense(1, 1, bias=False) for _ in range(400)])
    path = Run(network, ([[0.5]], [[0.5]]), rule=SGD(0.1)).train(batches=1).save(tmp_path / "run.piggy")
    assert audit(str(path)).findings == []


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
