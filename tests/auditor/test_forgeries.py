"""T7: every forged ledger is rejected, by the code that names what was done and by no other."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from derive import derive
from forged_forks import fork
from forged_formulas import RULES, start
from forgeries import FORGERIES
from forging import ADAM, CLIPPED, DECAYED, MOMENTUM, SGD_RULE, WARMED, Forgery, header, ledger, order, rule_line
from nets import RUNS, trained
from piggy import Record, audit, records_of, text_of
from random_runs import random_run

from piggybank import Run
from piggybank.auditor import CODES, Audit

Figure = Callable[[str, object], None]


def audited(text: bytes, folder: Path, **options: object) -> Audit:
    path = folder / "ledger.piggy"
    path.write_bytes(text)
    return audit(str(path), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.what)
def test_a_forged_ledger_is_rejected_by_the_right_code(forgery: Forgery, tmp_path: Path) -> None:
    report = audited(forgery.make(), tmp_path, **forgery.options)
    assert {finding.code for finding in report.findings} == forgery.codes
    assert str(report).startswith("NOT INTACT")


@pytest.mark.parametrize("rule", [SGD_RULE, MOMENTUM, ADAM, CLIPPED, DECAYED, WARMED], ids=lambda rule: rule["name"])
@pytest.mark.parametrize("name", ["xor", "relu", "labels", "classes"])
def test_the_ledgers_that_were_forged_are_intact_before(name: str, rule: Record, tmp_path: Path) -> None:
    assert audited(text_of(ledger(name, rule)), tmp_path, tier="strict").findings == []


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_ledgers_of_further_rules_are_intact_before(rule: Record, tmp_path: Path) -> None:
    assert audited(text_of(ledger("xor", rule)), tmp_path, tier="strict").findings == []


@pytest.mark.parametrize("loss", ["squared error", "huber", "absolute error"])
@pytest.mark.parametrize("hidden", ["tanh", "softsign", "elu", "gelu", "softplus"])
def test_the_ledgers_of_further_activations_and_losses_are_intact_before(
    hidden: str, loss: str, tmp_path: Path
) -> None:
    found = start(hidden, loss)
    assert audited(text_of(derive(found, order(found))), tmp_path, tier="strict").findings == []


@pytest.mark.parametrize("name", ["xor", "relu"])
def test_a_run_that_goes_on_from_another_is_intact(name: str, tmp_path: Path) -> None:
    left = {"seal": "0123-4567-89ab", "batch": 1, "without": [], "empty": [], "commits": 1, "epochs": 0}
    start = header(name, MOMENTUM, skip=1, parent=left)
    start["initial_memory"] = {"savings": copy.deepcopy(start["initial"])}
    report = audited(text_of(derive(start, order(start)[1:])), tmp_path, tier="strict")
    assert report.findings == []
    started_anew = audited(text_of(derive(start, order(start))), tmp_path)
    assert "PB203" in {finding.code for finding in started_anew.findings}


@pytest.mark.parametrize("without", [[], [2], [1, 4]])
def test_a_fork_is_intact_before_it_is_forged(without: list[int], tmp_path: Path) -> None:
    assert audited(text_of(records_of(fork(without))), tmp_path, tier="strict").findings == []


def test_a_large_ledger_is_intact_before_it_is_forged(tmp_path: Path) -> None:
    assert audited(text_of(ledger("large")), tmp_path).findings == []


def test_digests_of_weights_that_are_no_longer_numbers_are_intact(tmp_path: Path) -> None:
    nothing = rule_line(SGD_RULE, "after", "(before - before) / (total - total)")
    report = audited(text_of(ledger("large", nothing)), tmp_path)
    assert report.findings == []
    assert all(math.isnan(weight) for weight in report.state["after"])


def test_a_rule_without_a_learning_rate_lacks_no_number(tmp_path: Path) -> None:
    step = rule_line(SGD_RULE, "adjustment", "-step * average") | {"name": "mine", "constants": {"step": 0.25}}
    assert audited(text_of(ledger("xor", step)), tmp_path, tier="strict").findings == []


def test_every_code_has_a_forgery_that_it_alone_catches() -> None:
    alone = {code for forgery in FORGERIES for code in forgery.codes if len(forgery.codes) == 1}
    assert alone == set(CODES)


def test_there_are_forgeries_enough_and_no_two_are_the_same(figure: Figure) -> None:
    texts = {(forgery.make(), forgery.options.get("seal", "")) for forgery in FORGERIES}
    figure("T7 forged ledgers, all rejected by the right code", len(texts))
    assert len(texts) == len(FORGERIES) >= 40


@pytest.mark.parametrize("name", RUNS)
def test_the_tests_writers_and_the_package_s_write_the_same_file(name: str, tmp_path: Path) -> None:
    run, path = trained(name), tmp_path / "run.piggy"
    run.save(path)
    assert_written_alike(run, path)


@pytest.mark.parametrize("seed", range(60))
def test_they_write_the_same_file_for_random_runs(seed: int, tmp_path: Path) -> None:
    run, path = random_run(seed).train(epochs=2), tmp_path / "run.piggy"
    run.save(path)
    assert_written_alike(run, path)


def assert_written_alike(run: Run, path: Path) -> None:
    records = records_of(run)
    assert text_of(records) == path.read_bytes()
    assert text_of(derive(records[0], [record["rows"] for record in records[1:]])) == path.read_bytes()
