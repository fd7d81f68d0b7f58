"""Every number inside a receipt opens a receipt of its own, bit for bit, and the way down always ends."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from nets import same
from opening import NETS, opened, run_of

from piggybank import Dense, LedgerError, Network, Rule, Run
from piggybank.ledger.leaf_receipts import LEAVES
from piggybank.ledger.lines import IN, OUT, Line, Receipt, Ref

Figure = Callable[[str, object], None]


def dead(line: Line, receipts: dict[Ref, Receipt]) -> bool:
    """Whether a number leads nowhere, or to a receipt of another number."""
    assert line.value is not None
    return line.opens is None or not same(receipts[line.opens].value, line.value)


@pytest.mark.parametrize("name", NETS)
def test_every_number_inside_every_receipt_opens_a_receipt_of_the_same_bits(name: str, figure: Figure) -> None:
    receipts = opened(name)
    lines = [(ref, line) for ref, receipt in receipts.items() for line in receipt.lines if line.value is not None]
    wrong = [(ref, line) for ref, line in lines if dead(line, receipts)]
    figure(f"T34 dead ends inside receipts, {name}", f"{len(wrong)} of {len(lines)} numbers")
    assert wrong == []


@pytest.mark.parametrize("name", NETS)
def test_an_operand_names_what_stands_behind_it_and_a_result_names_itself(name: str) -> None:
    for receipt in opened(name).values():
        for line in receipt.lines:
            if line.value is not None and receipt.kind not in LEAVES:
                is_operand = line.operator in ("", "+", "-", "*", "/", "max", "min")
                assert (line.origin is not None) == is_operand, (receipt.title, line)
                assert (line.ref is not None) == (not is_operand), (receipt.title, line)


@pytest.mark.parametrize("name", NETS)
def test_the_last_line_of_a_known_receipt_is_the_number_that_was_opened(name: str) -> None:
    for ref, receipt in opened(name).items():
        last = receipt.lines[-1]
        if last.value is not None:
            assert same(last.value, receipt.value)
            assert last.ref is not None
            assert same(opened(name)[last.ref].value, receipt.value)
            assert last.ref == ref or "Push of" in last.label or receipt.kind == "loss", (ref, last)


@pytest.mark.parametrize("name", NETS)
def test_python_of_every_receipt_inside_a_receipt_evaluates_to_the_bits_of_its_value(name: str, figure: Figure) -> None:
    receipts = opened(name)
    inside = [ref for ref in receipts if ref.line_number or ref.is_turned or ref.part in (IN, OUT) or not ref.name]
    differing = []
    for ref in inside:
        result = eval(receipts[ref].python(), {"__builtins__": {}, "math": math})
        if not same(float(result), receipts[ref].value):
            differing.append((ref, receipts[ref].python(), receipts[ref].value))
    figure(f"P2 receipts inside receipts, {name}: evaluated", len(inside))
    assert differing == []


@pytest.mark.parametrize("function", ["exp", "tanh", "sigmoid", "cos", "floor", "abs"])
def test_what_goes_into_a_function_is_written_out_in_the_python_of_its_result(function: str) -> None:
    lines = (f"found = 1 + {function}(average / 16)", "adjustment = -0.1 * average", "after = before + adjustment")
    ledger = Run(Network(Dense(1, 1, weights=0.5)), "one coin", rule=Rule("calls", lines)).train(batches=1).ledger
    receipt = ledger.open(Ref("commit", "x1->y", 1, part="found"))
    (line,) = [line for line in receipt.lines if line.operator == function]
    assert line.opens is not None
    assert "/ 16.0" in ledger.open(line.opens).python()


def loops(receipts: dict[Ref, Receipt]) -> list[Ref]:
    """References that stand behind themselves."""
    finished: set[Ref] = set()
    found = []
    for start in receipts:
        path, on_path = [(start, iter(receipts[start].lines))], {start}
        while path:
            ref, rest = path[-1]
            following = next((line.origin for line in rest if line.origin is not None), None)
            if following is None:
                finished.add(ref)
                on_path.discard(ref)
                path.pop()
            elif following in on_path:
                found.append(following)
            elif following not in finished:
                on_path.add(following)
                path.append((following, iter(receipts[following].lines)))
    return found


@pytest.mark.parametrize("name", NETS)
def test_following_origins_always_ends_at_data_settings_or_numbers_of_a_formula(name: str) -> None:
    receipts = opened(name)
    assert loops(receipts) == []
    ends = {receipt.kind for receipt in receipts.values() if all(line.origin is None for line in receipt.lines)}
    pending = any(line.value is None for ref, receipt in receipts.items() if ref.banked for line in receipt.lines)
    assert ends - ({"commit"} if pending else set()) <= set(LEAVES)
    assert {"data", "target", "initial", "setting", "constant"} <= ends


@pytest.mark.parametrize("name", NETS)
def test_the_code_of_every_reference_reads_back_as_it(name: str) -> None:
    assert [ref for ref in opened(name) if Ref.from_code(ref.code) != ref] == []


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        (Ref("predict", "h1", 1, 1).line(99), "line 99 of the prediction of h1"),
        (Ref("predict", "h1", 1, 1).line(1), "line 1 of the prediction of h1"),
        (Ref("constant", "7", part="loss value"), "there is no 7 in the loss formula"),
        (Ref("constant", "7", part="loss slope"), "no formula at 'loss slope'; give a place such as 'loss value'"),
        (Ref("predicts", "h1", 1, 1), "did you mean 'predict'"),
        (Ref("shared", "whole", 1, 1), "the neurons of the last layer share nothing called 'whole'"),
        (
            Ref("commit", "x1->h1", 1, part="adjustmant"),
            "the rule says what 'adjustmant' is; did you mean 'adjustment'",
        ),
        (Ref("commit", "x1->h1", 1, part="total"), "no line of the rule says what 'total' is; "),
        (Ref("schedule", "learning_rate", 1), "no line of the schedule says what 'learning_rate' is$"),
        (Ref("whole", "adjustment", 1), "no line of the recipe makes one 'adjustment' of all weights"),
        (Ref("whole", "norm", 1), "no line of the recipe makes one 'norm' of all weights"),
        (Ref("commit", "x1->h9", 1), "there is no weight called 'x1->h9'; did you mean 'x1->h3'"),
    ],
)
def test_a_reference_to_nothing_is_refused_with_a_sentence(ref: Ref, words: str) -> None:
    with pytest.raises(LedgerError, match=words):
        run_of("xor 2-3-1 tanh").open(ref)
