"""Every number inside a receipt opens a receipt of its own, bit for bit, and the way down always ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
from nets import RUNS, bits

from piggybank import SGD, Dense, Ledger, LedgerError, Network, RMSProp, Run
from piggybank.engine.rules import Rule
from piggybank.ledger.class_names import named
from piggybank.ledger.leaf_receipts import LEAVES
from piggybank.ledger.lines import CANCELLED, IN, OUT, Line, Receipt, Ref
from piggybank.ledger.measured import data_loss
from piggybank.ledger.parts import spelled

Figure = Callable[[str, object], None]

MOMENTUM = Rule(
    "Momentum",
    ("savings = friction * savings + average", "adjustment = -learning_rate * savings", "after = before + adjustment"),
    {"learning_rate": 0.125, "friction": 0.5},
    ("savings",),
)
ADAM = Rule(
    "two jars",
    (
        "fading = 0.9 + fading * 0.1",
        "jar = keep * jar + (1 - keep) * average",
        "squares = 0.99 * squares + (1 - 0.99) * (average * average)",
        "adjustment = -learning_rate * (jar / fading) / (sqrt(squares) + 1e-08)",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.125, "keep": 0.75},
    ("fading", "jar", "squares"),
)
CAPPED = Rule(
    "capped",
    (
        "wanted = average",
        "eased = (wanted if wanted < cap else cap) / 2 + -(cap if wanted < cap else wanted)",
        "step = cap if wanted > cap else -cap if wanted * 2 < -cap * 2 else wanted",
        "limited = min(max(step, -1), 1)",
        "adjustment = -(learning_rate * limited)",
        "drawn = --limited",
        "kind = 3 if drawn > 0 else -3",
        "after = before + adjustment",
    ),
    {"learning_rate": 0.125, "cap": 0.0625},
)
DIVIDED = Rule(
    "divided",
    ("share = average / nothing + 1", "adjustment = -learning_rate * average", "after = before + adjustment"),
    {"learning_rate": 0.125, "nothing": 0.0},
)
EXTRA: dict[str, Callable[[], Run]] = {
    "momentum": lambda: Run(Network(Dense(2, 2, "relu"), Dense(2, 1), seed=2), "xor", rule=MOMENTUM, batch_size=2),
    "two jars": lambda: Run(Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=2), "xor", rule=ADAM, batch_size=2),
    "capped": lambda: Run(Network(Dense(2, 2, "leaky relu"), Dense(2, 1), seed=2), "xor", rule=CAPPED, batch_size=2),
    "minus zero": lambda: Run(Network(Dense(1, 1, weights=-1.0, bias=False)), ([0.0, -1.0], [1.0, 1.0])),
    "divided by zero": lambda: Run(
        Network(Dense(1, 1, weights=0.5, bias=False)), ([1.0, 2.0], [1.0, 1.0]), rule=DIVIDED, batch_size=1
    ),
    "nothing by nothing": lambda: Run(
        Network(Dense(2, 1, weights=[0.5, 0.5], bias=False)), ([[1.0, 0.0]], [3.0]), rule=RMSProp(0.1, epsilon=0.0)
    ),
    "overflow": lambda: Run(Network(Dense(1, 1, weights=1e300, bias=False)), ([1e300], [1]), rule=SGD(1.0)),
}
NETS = {**RUNS, **EXTRA}


@cache
def run_of(name: str) -> Ledger:
    return NETS[name]().train(epochs=2, past_trouble=True).ledger


def starts(ledger: Ledger) -> Iterator[Ref]:
    """Every number that is recorded of two epochs, and what is derived from them over a batch and an epoch."""
    header = ledger.header
    for record in ledger:
        for sample in range(1, record.count + 1):
            yield from (Ref("loss", "", record.batch, sample), Ref("loss", "", record.batch, 0))
            yield from (
                Ref(kind, name, record.batch, sample) for name in header.neurons for kind in ("predict", "blame")
            )
            for weight in header.weights_by_name:
                yield from (Ref("slice", weight, record.batch, sample), Ref("slice", weight, record.batch, sample, 1))
                yield from (Ref("bank", weight, record.batch, sample, part=part) for part in ("", IN, OUT))
        for weight in header.weights_by_name:
            yield from (Ref("commit", weight, record.batch), Ref("commit", weight, record.batch, banked=1))
            yield from (Ref("commit", weight, record.batch, part=name) for name, _ in header.recipe.lines[:-1])
    for weight in header.weights_by_name:
        yield from (Ref("share", weight, 1, 0, part=part) for part in (IN, OUT))
        if all(ledger.open(Ref("share", weight, 1, 0, part=part)).value for part in (IN, OUT)):
            yield Ref("share", weight, 1, 0, part=CANCELLED)
        yield from (Ref("share", weight, 1, row) for row in range(1, header.rows + 1))
    yield from (Ref("share", "", 1, row) for row in range(1, header.rows + 1))
    yield Ref("loss", "", -len(ledger) - 1, 0)


@cache
def opened(name: str) -> dict[Ref, Receipt]:
    """All receipts that can be reached from `starts` by opening the numbers inside, each once."""
    ledger, found = run_of(name), {}
    waiting = list(starts(ledger))
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found[ref] = ledger.open(ref)
            waiting += [line.opens for line in found[ref].lines if line.opens is not None]
    return found


def same(a: float, b: float) -> bool:
    return bits(a) == bits(b) or (math.isnan(a) and math.isnan(b))


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


# What a part looks like -----------------------------------------------------------------------------------------------


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
    assert spelled(lines, 6) == text


def test_a_sum_over_a_thousand_inputs_still_evaluates() -> None:
    network = Network(Dense(1000, 1), seed=1)
    ledger = Run(network, ([[0.1] * 1000], [1.0])).train().ledger
    for ref in (Ref("predict", "y", 1, 1), Ref("predict", "y", 1, 1).line(4003), Ref("blame", "y", 1, 1)):
        receipt = ledger.open(ref)
        assert same(eval(receipt.python()), receipt.value)


def test_a_formulas_number_opens_as_a_number_of_that_formula() -> None:
    ledger = run_of("xor 2-3-1 tanh")
    two = next(line for line in ledger.open(Ref("loss", "", 1, 1)).lines if line.label == "2")
    one = next(line for line in ledger.open(Ref("blame", "h1", 1, 1)).lines if line.label == "1")
    assert two.origin == Ref("constant", "2", part="loss value")
    assert two.origin is not None
    assert one.origin is not None
    assert ledger.open(two.origin).title == "The 2 in the loss formula of squared error"
    assert ledger.open(one.origin).title == "The 1 in the formula of tanh's slope"
    assert ledger.open(one.origin).lines[0].label == "Stands in 1 − a × a"


def test_a_rules_number_is_known_before_the_commit_and_its_results_are_not() -> None:
    lines = run_of("two jars").open(Ref("commit", "x1->h1", 2, banked=1)).lines
    known = {line.label for line in lines if line.value is not None}
    assert {"0.9", "0.1", "0.99", "1", "Jar", "Squares", "Keep", "Before", "−Learning rate"} <= known
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


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        (Ref("predict", "h1", 1, 1).line(99), "line 99 of the prediction of h1"),
        (Ref("predict", "h1", 1, 1).line(1), "line 1 of the prediction of h1"),
        (Ref("constant", "7", part="loss value"), "there is no 7 in the loss formula"),
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


# Cancelling and shares ------------------------------------------------------------------------------------------------


def test_what_was_put_in_and_what_was_taken_out_are_the_coins_of_one_sign_added_in_order() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    for weight in ledger.header.weights_by_name:
        coins = [ledger.open(Ref("slice", weight, 2, sample)).value for sample in (1, 2, 3, 4)]
        for part, wanted in ((IN, [c for c in coins if c > 0]), (OUT, [c for c in coins if c < 0])):
            total = 0.0
            for coin in wanted:
                total += coin
            receipt = ledger.open(Ref("bank", weight, 2, 4, part=part))
            assert same(receipt.value, total)
            assert [line.value for line in receipt.lines if line.operator == "+"] == wanted


@pytest.mark.parametrize("where", [Ref("bank", "x1->h1", 1, 4), Ref("share", "x2->h3", 1, 0, 3)])
def test_cancelled_is_how_much_of_the_larger_side_the_smaller_took_back(where: Ref) -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    put_in, taken = (ledger.open(where.of_part(part)).value for part in (IN, OUT))
    assert put_in > 0 > taken
    receipt = ledger.open(where.of_part(CANCELLED))
    assert same(receipt.value, min(put_in, -taken) / max(put_in, -taken) * 100)
    assert same(eval(receipt.python()), receipt.value)
    origins = {line.origin for line in receipt.lines if line.origin}
    assert origins == {where.of_part(IN), where.of_part(OUT).turned, Ref("setting", "percent")}


def test_an_epochs_side_is_its_batches_sides_added_in_order() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    receipt = ledger.open(Ref("share", "h2->y1", 1, 0, 2, IN))
    parts = [line for line in receipt.lines if line.operator == "+"]
    assert [line.origin for line in parts] == [Ref("bank", "h2->y1", batch, 4, part=IN) for batch in (1, 2)]
    assert same(receipt.value, sum((line.value or 0.0) for line in parts))


def test_what_a_row_put_into_all_weights_is_the_size_of_each_of_its_coins_once() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    contributions = ledger.epoch(1).contributions
    for row in range(1, ledger.header.rows + 1):
        receipt = ledger.open(Ref("share", "", 1, row))
        terms = [line for line in receipt.lines if line.operator == "+"]
        assert len(terms) == len(ledger.header.weights)
        assert len({line.origin and line.origin.name for line in terms}) == len(ledger.header.weights)
        assert all(line.value is not None and line.value >= 0 for line in terms)
        assert same(receipt.value, contributions[row - 1].item())


def test_a_row_that_is_not_committed_yet_has_put_in_nothing() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    first = ledger.batch(1).rows
    for row in range(1, ledger.header.rows + 1):
        receipt = ledger.open(replace(Ref("share", "", 1, row), banked=1))
        assert (receipt.value > 0) == (row - 1 in first)


# All rows at one moment -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETS)
def test_the_loss_of_all_rows_is_what_the_receipts_of_every_row_add_up_to(name: str) -> None:
    ledger = run_of(name)
    rows = range(1, ledger.header.rows + 1)
    for batch in range(1, len(ledger) + 2):
        receipt = ledger.open(Ref("loss", "", -batch, 0))
        assert same(data_loss(ledger, batch), receipt.value)
        assert [line.origin for line in receipt.lines[1:-2]] == [Ref("loss", "", -batch, row) for row in rows]
        assert same(eval(receipt.python(), {"math": math}), receipt.value)


@pytest.mark.parametrize("name", RUNS)
def test_a_row_of_the_batch_that_follows_is_measured_as_the_batch_measured_it(name: str) -> None:
    ledger = run_of(name)
    for record in ledger:
        for sample, row in enumerate(record.rows, 1):
            for neuron in ledger.header.neurons:
                ours = ledger.open(Ref("predict", neuron, -record.batch, row + 1))
                theirs = ledger.open(Ref("predict", neuron, record.batch, sample))
                assert same(ours.value, theirs.value)
                called = named(ledger.header, neuron)
                assert ours.title == f"Prediction of {called}, row {row + 1}, weights before batch {record.batch}"
            assert same(
                ledger.open(Ref("loss", "", -record.batch, row + 1)).value,
                ledger.open(Ref("loss", "", record.batch, sample)).value,
            )


def test_no_row_can_be_measured_with_weights_that_are_still_to_come() -> None:
    ledger = run_of("momentum")
    with pytest.raises(LedgerError, match="batches 0 to 4"):
        data_loss(ledger, len(ledger) + 2)
    with pytest.raises(LedgerError, match="counted from 1"):
        data_loss(ledger, 0)
