"""What a part of a receipt looks like: its lines, its title, its state, and its spelling in Python."""

from __future__ import annotations

import pytest
from nets import same
from opening import opened, run_of

from piggybank import Dense, Network, Run
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.lines import Line, Receipt, Ref
from piggybank.ledger.parts import python_of


def labels(receipt: Receipt) -> list[str]:
    return [f"{line.operator} {line.label}".strip() for line in receipt.lines]


def test_a_line_opens_with_only_the_lines_that_lead_to_it_and_a_title_in_words() -> None:
    ledger = run_of("xor 2-3-1 tanh")
    whole = ledger.open(Ref("predict", "h2", 2, 3))
    push, now = (next(line.ref for line in whole.lines if line.label == label) for label in ("Push of x2", "Sum now"))
    assert push is not None
    assert now is not None
    receipt = ledger.open(push)
    assert receipt.title == "Push of x2 in the prediction of h2, batch 2, sample 3"
    assert labels(receipt) == ["Input x2", "* Weight x2->h2", "= Push of x2"]
    assert labels(ledger.open(now)) == ["Input x2", "* Weight x2->h2", "= Push of x2", "+ Sum so far", "= Sum now"]
    so_far = ledger.open(now).lines[3].origin
    assert so_far is not None
    assert ledger.open(so_far).title == "Push of x1 in the prediction of h2, batch 2, sample 3"


def test_python_of_a_sum_on_the_way_writes_out_the_sums_before_it() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    sums = [line.ref for line in ledger.open(Ref("predict", "h1", 1, 1)).lines if line.label == "Sum now"]
    text = ledger.open(sums[-1]).python() if sums[-1] else ""
    assert text.count("*") == 4
    assert text.count("+") == 3
    assert "(" not in text


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [("+", "-", "1.0 - (0.1 + 0.3)"), ("*", "/", "1.0 / (0.1 * 0.3)"), ("+", "*", "1.0 * (0.1 + 0.3)"),
     ("*", "-", "1.0 - 0.1 * 0.3"), ("+", "+", "0.1 + 0.3 + 1.0")],
)  # fmt: skip
def test_python_of_a_result_has_brackets_where_the_order_needs_them(first: str, second: str, text: str) -> None:
    inner = Ref("loss", "", 1, 1).line(3)
    between = eval(f"0.1 {first} 0.3")
    lines = (
        Line("", "a", "", 0.1), Line("", "b", first, 0.3), Line("", "c", "=", between, ref=inner),
        Line("", "d", "", 1.0), Line("", "c", second, between, origin=inner), Line("", "e", "=", eval(text)),
    )  # fmt: skip
    assert python_of(lines, 6) == text


def test_a_sum_over_a_thousand_inputs_still_evaluates() -> None:
    network = Network(Dense(1000, 1), seed=1)
    ledger = Run(network, ([[0.1] * 1000], [1.0])).train().ledger
    for ref in (Ref("predict", "y", 1, 1), Ref("predict", "y", 1, 1).line(4003), Ref("blame", "y", 1, 1)):
        receipt = ledger.open(ref)
        assert same(eval(receipt.python()), receipt.value)


def test_a_formulas_number_opens_as_a_number_of_that_formula() -> None:
    ledger = run_of("xor 2-3-1 tanh")
    two = next(line for line in ledger.open(Ref("loss", "", 1, 1)).lines if line.label == "The number 2")
    one = next(line for line in ledger.open(Ref("blame", "h1", 1, 1)).lines if line.label == "The number 1")
    assert two.origin == Ref("constant", "2", part="loss value")
    assert two.origin is not None
    assert one.origin is not None
    assert ledger.open(two.origin).title == "The 2 in the loss formula of squared error"
    assert ledger.open(one.origin).title == "The 1 in the formula of tanh's slope"
    assert ledger.open(one.origin).lines[0].label == "Stands in 1 − a × a"


def test_a_rules_number_is_known_before_the_commit_and_its_results_are_not() -> None:
    lines = run_of("two jars").open(Ref("commit", "x1->h1", 2, banked=1)).lines
    known = {line.label for line in lines if line.value is not None}
    constants = {f"The number {text}" for text in ("0.9", "0.1", "0.99", "1")}
    assert {*constants, "Jar before", "Squares before", "Keep", "Before", "−Learning rate"} <= known
    assert {line.value for line in lines if line.operator in ("=", "sqrt")} == {None}
    assert all(line.opens is None for line in lines if line.value is None)


def test_a_part_of_a_pending_commit_is_pending_and_shows_no_more_than_the_commit() -> None:
    ledger = run_of("two jars")
    final = ledger.open(Ref("commit", "x1->h1", 2))
    number = next(place for place, line in enumerate(final.lines, 1) if line.operator == "sqrt")
    pending = ledger.open(Ref("commit", "x1->h1", 2, banked=1).line(number))
    assert pending.state == "pending"
    assert same(pending.value, ledger.open(Ref("commit", "x1->h1", 2).line(number)).value)
    assert pending.lines[-1].value is None


def test_a_sign_that_is_turned_shows_the_number_as_it_is_first() -> None:
    ledger, plain = run_of("xor 2-3-1 tanh"), Ref("slice", "h2->y", 1, 2)
    receipt = ledger.open(plain.turned)
    assert receipt.lines[0].origin == plain
    assert receipt.lines[1].operator == "±"
    assert same(receipt.value, -ledger.open(plain).value)
    assert plain.turned.turned == plain
    assert receipt.title.endswith("with its sign turned")


def test_a_line_called_like_a_part_of_a_reference_opens_as_itself() -> None:
    ledger = run_of("words")
    for record in ledger:
        values = commit_values(ledger, ledger.weight("h1->y"), record.batch)
        for name, _ in ledger.header.recipe.lines:
            commit = Ref("commit", "h1->y", record.batch, part=name)
            assert same(ledger.open(commit).value, values[name])
            assert same(ledger.open(commit.turned).value, -values[name])


def test_every_line_of_a_term_that_is_added_up_over_all_weights_opens_as_the_number_that_it_states() -> None:
    receipt = run_of("terms").open(Ref("commit", "h1->y", 1, part="term big"))
    inside = [line for line in receipt.lines if line.label == "2 × eased" and line.operator == "="]
    assert [line.ref for line in inside] == [Ref("commit", "h1->y", 1, part="term big").line(len(receipt.lines) - 2)]
    assert [opened("terms")[line.ref].value for line in inside if line.ref] == [line.value for line in inside]


def test_choices_and_turned_signs_of_a_rule_end_in_what_was_chosen() -> None:
    ledger = run_of("capped")
    for weight in ledger.header.weights_by_name:
        lines = ledger.open(Ref("commit", weight, 1)).lines
        step = next(line for line in lines if line.label == "Step" and line.operator == "=")
        assert step.value is not None
        assert abs(step.value) <= 0.0625
        chosen = lines[lines.index(step) - 1]
        assert chosen.operator in ("", "±", "=")
        assert chosen.value == step.value
