"""What Python echoes of a run and its parts, and the tables they print: short, true, and adding up as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from nets import bits, trained

from piggybank import SGD, Adam, Dense, LedgerError, Momentum, Network, Rule, Run, Step, load, open_ledger

PENGUINS = "penguins 2-1 sigmoid"


def run_of(rule: Rule, batches: int, **settings: Any) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule, batch_size=3, **settings).train(batches=batches)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def strip(text: str) -> tuple[list[tuple[str, float]], tuple[str, float, str]]:
    """Of a printed sum its terms, and the result with its number and what stands beside it."""
    rows = [
        re.match(r"    (.)  (.+?)\s{2,}(−?[\d.einf+-]+)(?:  (exact|≈ rounded))?", line) for line in text.splitlines()
    ]
    found = [row.groups() for row in rows if row]
    terms = [(label, number(value)) for _, label, value, _ in found[:-1]]
    sign, label, value, exact = found[-1]
    assert sign == "="
    return terms, (label, number(value), exact)


def left_to_right(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total = total + value
    return total


# What Python echoes ---------------------------------------------------------------------------------------------------


def test_a_rule_is_echoed_by_its_settings_and_prints_the_lines_that_run() -> None:
    rule = Momentum(0.5, friction=0.25, schedule=Step(10))
    shown = "learning_rate 0.5, friction 0.25, step_factor 0.5"
    assert repr(rule) == f"<Rule Momentum: {shown}; print() shows its {len(rule.lines)} lines>"
    printed = str(rule).splitlines()
    assert printed[0] == "Momentum   [keeps savings]"
    assert [line.strip() for line in printed[-len(rule.lines) :]] == list(rule.lines)
    assert "  learning_rate = learning_rate * step" in printed


def test_what_stays_at_hand_with_a_ledger_is_offered_by_no_completion() -> None:
    ledger = run_of(SGD(0.5), 4).ledger
    offered = [name for name in dir(ledger) if not name.startswith("_")]
    ledger.lifetime("h2->y")
    assert [name for name in dir(ledger) if not name.startswith("_")] == offered
    assert all(name.isidentifier() for name in offered)


def test_a_run_is_echoed_in_one_line_that_says_what_learns_from_what_and_how_far_it_is() -> None:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1)), "xor", rule=SGD(0.5))
    assert repr(run) == "<Run: xor, 2-3-1, SGD, batches of 1; no commit yet>"
    said = repr(run.train(epochs=2))
    assert said.startswith("<Run: xor, 2-3-1, SGD, batches of 1; 8 commits, epoch 2; loss of the last ")
    loss = float(said.rpartition(" ")[2].removesuffix(">"))
    assert loss == float(f"{run.ledger.batch_loss(8):.6g}")


def test_a_run_in_trouble_and_one_that_is_not_being_saved_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    blown = Run(Network(Dense(2, 1)), "xor", rule=SGD(1e200)).train(epochs=9)
    assert blown.trouble is not None
    assert repr(blown).endswith("; in trouble, see its trouble>")
    monkeypatch.setattr(Run, "save_problem", "the disk is full")
    assert repr(blown).endswith("; in trouble, see its trouble; not being saved, see its save_problem>")


def test_a_fault_on_purpose_is_echoed() -> None:
    assert ", batches of 3, fault forgot-to-empty; 2 commits" in repr(run_of(SGD(0.1), 2, fault="forgot-to-empty"))


def test_a_ledger_is_echoed_likewise_and_also_when_it_is_closed_or_cut_off(tmp_path: Path) -> None:
    run = run_of(SGD(0.5), 4)
    assert repr(run.ledger) == "<Ledger: xor, 2-3-1, SGD, batches of 3; 4 commits, epoch 2>"
    path = run.save(tmp_path / "a.piggy")
    with open_ledger(path) as ledger:
        assert repr(ledger) == repr(run.ledger)
    assert repr(ledger) == repr(run.ledger)
    path.write_bytes(path.read_bytes()[:-40] + b"x" * 39 + b"\n")
    with open_ledger(path) as ledger:
        assert repr(ledger) == "<Ledger: xor, 2-3-1, SGD, batches of 3; 3 commits, epoch 2; not whole, see its problem>"


def test_a_data_set_is_echoed_by_its_name_and_sizes() -> None:
    assert repr(load("xor")) == "<Dataset xor: 4 rows, 2 inputs, 1 target>"


@pytest.mark.parametrize(
    "layer",
    [
        Dense(2, 3, "tanh"),
        Dense(2, 1, bias=False),
        Dense(1, 1, weights=0.5, bias=0.25),
        Dense(2, 2, weights=[[0.1, 2], [3, 4]]),
    ],
    ids=repr,
)
def test_what_a_layer_is_echoed_as_makes_the_same_layer(layer: Dense) -> None:
    again = eval(repr(layer))
    assert repr(again) == repr(layer)
    first, second = (Network(one, seed=3).initial_weights()[0] for one in (layer, again))
    assert first.shape == second.shape
    assert bits(first) == bits(second) if first.size == 1 else (first == second).all()


def test_a_layer_with_many_initial_weights_says_that_it_has_some() -> None:
    assert repr(Dense(4, 4, weights=[[0.5] * 4] * 4)) == "Dense(4, 4, 'linear', weights=…)"


def test_a_receipt_is_echoed_by_its_title_state_and_value() -> None:
    receipt = trained(PENGUINS).ledger.receipt("x1->y", batch=2, sample=3)
    assert repr(receipt).startswith(f"<Receipt: {receipt.title}, final, {receipt.value!r}; ")
    assert f" {len(receipt.lines)} lines" in repr(receipt)
    assert repr(trained("xor 2-3-1 tanh").ledger.receipt("x1", batch=1, sample=1)).endswith("print() shows its 1 line>")


def test_what_a_trace_an_epoch_and_shares_are_echoed_as_is_one_line_that_says_print() -> None:
    ledger = run_of(Adam(0.1), 6).ledger
    echoed = [ledger.trace("h1->y"), ledger.epoch(2), ledger.lasting("h1->y", batch=5), ledger.lifetime("h1->y")]
    said = [repr(thing) for thing in echoed]
    first, last = (float(ledger.weights_at(batch)[1][0, 0]) for batch in (0, 6))
    assert said[0].startswith(f"<AdjustmentTrace of h1->y: from {first!r} to {last!r} in 6 commits;")
    assert said[1].startswith("<EpochSummary of epoch 2: batches 3 to 4, loss ")
    assert said[2].startswith("<11 coins in the adjustment of h1->y, batch 5;")
    assert said[3].startswith("<4 rows by what they moved h1->y, batches 1 to 6;")
    assert all("\n" not in words and "print()" in words and len(words) < 120 for words in said)


# Tables ---------------------------------------------------------------------------------------------------------------


def trace_rows(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()[2:]]


@pytest.mark.parametrize("batches", [1, 2, 25, 26, 60])
def test_a_printed_trace_leads_from_the_first_weight_to_the_last_row_by_row(batches: int) -> None:
    trace = run_of(SGD(0.5), batches).ledger.trace("x1->h2")
    text = str(trace)
    first, *rows = trace_rows(text)
    rows, whole = (rows[:-1], rows[-1]) if batches > 1 else (rows, None)
    before = number(first[-1])
    assert bits(before) == bits(float(trace.values[0]))
    exact = []
    for row in rows:
        moved, after, beside = number(row[-3]), number(row[-2]), row[-1]
        assert moved == after - before
        exact.append(beside == "exact")
        assert before + moved == after or not exact[-1]
        before = after
    assert bits(before) == bits(float(trace.values[-1]))
    if whole:
        assert number(whole[1]) == float(trace.values[-1]) - float(trace.values[0])
        assert (whole[-1] == "exact") <= all(exact)
    numbers = [row[0] for row in rows]
    assert len(numbers) <= 25
    assert " to ".join(numbers).split(" to ")[-1] == str(batches)


def test_a_printed_trace_has_the_bank_of_each_batch_it_lists() -> None:
    trace = run_of(SGD(0.5), 60).ledger.trace("x1->h2")
    listed = [row for row in trace_rows(str(trace))[1:-1] if " to " not in row[0]]
    assert len(listed) == 24
    assert all(bits(number(row[1])) == bits(float(trace.totals[int(row[0]) - 1])) for row in listed)


def test_a_printed_row_of_a_trace_is_exact_only_where_the_difference_has_no_rounding() -> None:
    trace = run_of(SGD(0.5), 40).ledger.trace("h1->y")
    beside = {row[-1] for row in trace_rows(str(trace))[1:]}
    assert beside <= {"exact", "≈ rounded"}
    tiny = Run(Network(Dense(1, 1, weights=1e-20, bias=False)), "one coin", rule=SGD(0.3)).train(batches=1)
    assert trace_rows(str(tiny.ledger.trace("x1->y")))[1][-1] == "≈ rounded"


def test_a_printed_epoch_lists_losses_and_rows_whose_numbers_add_up_as_they_stand() -> None:
    ledger = trained(PENGUINS).ledger
    summary = ledger.epoch(2)
    text = str(summary)
    assert text.startswith(f"Epoch 2   [batches 4 to 6; {summary.accuracy} right]\n")
    for batch, loss in zip(summary.batches, summary.losses, strict=True):
        assert re.search(rf"Batch {batch} +{loss!r}\n", text)
    terms, (label, total, exact) = strip(text.partition("What each row put in")[2])
    assert dict(terms) == dict(zip(ledger.header.row_names, summary.contributions.tolist(), strict=True))
    assert [value for _, value in terms] == sorted(summary.contributions.tolist(), reverse=True)
    assert (label, bits(total)) == ("All rows", bits(left_to_right([value for _, value in terms])))
    assert exact == "≈ rounded"


def test_a_printed_epoch_of_many_rows_and_batches_says_what_it_leaves_out_and_still_adds_up() -> None:
    rows = [[k / 8, k % 5 / 4] for k in range(60)], [[k % 3 / 2] for k in range(60)]
    ledger = Run(Network(Dense(2, 1)), rows, rule=SGD(0.01)).train(epochs=1).ledger
    text = str(ledger.epoch(1))
    assert "(36 before it are left out)" in text
    assert text.count("Batch ") == 24
    terms, (_, total, _) = strip(text.partition("What each row put in")[2])
    assert len(terms) == 24
    assert terms[-1][0] == "The other 37 rows"
    assert total == left_to_right([value for _, value in terms])


def test_exact_stands_beside_a_printed_sum_of_which_nothing_was_rounded_away() -> None:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    summary = Run(network, ([[1], [2]], [[1], [2]]), batch_size=2).train(batches=1).ledger.epoch(1)
    assert strip(str(summary).partition("What each row put in")[2])[1][2] == "exact"


@pytest.mark.parametrize("batch", [2, 40])
@pytest.mark.parametrize("rule", [SGD(0.3), Momentum(0.1, weight_decay=0.01), Adam(0.1)], ids=["SGD", "decay", "Adam"])
def test_printed_lasting_coins_add_up_to_the_adjustment_bit_for_bit(rule: Rule, batch: int) -> None:
    ledger = run_of(rule, 40).ledger
    shares = ledger.lasting("h2->y", batch=batch)
    terms, (label, total, _) = strip(str(shares))
    assert len(terms) <= 24
    assert label == "Final adjustment"
    assert bits(total) == bits(left_to_right([value for _, value in terms]))
    assert bits(total) == bits(ledger.commit_at(batch)["adjustment"][10])
    if len(shares) > 24:
        assert terms[0][0] == f"The {len(shares) - 23} before them"


def test_printed_lasting_coins_say_whose_they_are() -> None:
    ledger = run_of(Momentum(0.1, weight_decay=0.01), 2).ledger
    labels = [label for label, _ in strip(str(ledger.lasting("h2->y", batch=2)))[0]]
    assert labels[:4] == [f"Batch 1, sample {k} (row {k})" for k in (1, 2, 3)] + ["House coin of batch 1"]
    assert labels[-1] == "Rounded away"


@pytest.mark.parametrize("weight", ["", "h2->y"])
def test_printed_rows_of_a_lifetime_add_up(weight: str) -> None:
    shares = run_of(Adam(0.1), 5).ledger.lifetime(weight, batch=4)
    text = str(shares)
    assert text.splitlines()[0].endswith("[batches 1 to 4]")
    assert (weight or "all weights") in text.splitlines()[0]
    terms, (_, total, _) = strip(text)
    assert terms == [(share.name, share.value) for share in shares]
    assert total == left_to_right([share.value for share in shares])


def test_a_lifetime_before_the_first_batch_has_no_batch() -> None:
    assert "no batch yet" in repr(run_of(SGD(0.1), 1).ledger.lifetime("h2->y", batch=0))


def test_shares_are_still_lists_of_shares() -> None:
    ledger = run_of(SGD(0.1), 2).ledger
    assert ledger.lasting("h2->y", batch=2)[:1] == list(ledger.lasting("h2->y", batch=2))[:1]
    with pytest.raises(LedgerError):
        ledger.lasting("h2->y", batch=3)
