"""What cannot be meant is refused where it is made, in one sentence: what was expected, what came, what to try."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from one_sentence import refuses
from refusing import AFTER, MOVE, any_of, fork, rule, run

from piggybank import (
    SGD,
    Adam,
    AdamW,
    Cosine,
    DataError,
    Dataset,
    Dense,
    LedgerError,
    Network,
    RMSProp,
    Rule,
    Run,
    Schedule,
    Step,
    WarmUp,
    load,
)
from piggybank.engine.losses import Loss, huber, loss_named
from piggybank.formula import Formula

TREND = ("trend = 0.5 * trend + average", "adjustment = -0.1 * trend", AFTER)
ROWS = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.25, 0.0]]
Refusals = Iterator[tuple[Callable[[], object], list[str]]]


def classes(targets: Any, outputs: int = 3) -> Run:
    return Run(Network(Dense(2, outputs, "softmax")), (ROWS, targets), loss="cross-entropy")


def long(name: str) -> Schedule:
    return Schedule(name, (*(f"{name}{k} = 1" for k in range(100)), f"{name} = 1 / epoch"))


def of_rules() -> Refusals:
    yield lambda: Rule("mine", any_of(MOVE)), ["the rule 'mine' expects a list of lines, got one text", "brackets"]
    yield lambda: Rule("mine", any_of(3)), ["the rule 'mine' expects a list of lines, got 3;"]
    yield lambda: rule(MOVE, "after"), ["line 2 of the rule 'mine'", "with a name and =", "got 'after'"]
    yield lambda: rule(MOVE, AFTER, ""), ["line 3 of the rule 'mine'", "got ''"]
    yield lambda: rule(3, AFTER), ["line 1 of the rule 'mine'", "got 3"]
    yield lambda: rule("x = (1 +\n1)", MOVE, AFTER), ["line 1 of the rule 'mine'", r"got 'x = (1 +\n1)'"]
    yield lambda: rule(MOVE + "  " * 1000 + "* 1", AFTER), ["line 1", "2,030 characters long, expected at most 2,000"]
    yield lambda: rule(*(f"x{k} = 1" for k in range(149)), MOVE, AFTER), ["151 lines, expected at most 150"]
    yield lambda: rule("2x = 3", MOVE, AFTER), ["line 1 of the rule 'mine' should begin with a name", "got '2x'"]
    yield lambda: rule("if = 3", MOVE, AFTER), ["should begin with a name", "got 'if'"]
    yield lambda: rule("été = 3", MOVE, AFTER), ["letters a to z", "got 'été'"]
    yield lambda: rule("_x = 3", MOVE, AFTER), ["should begin with a name", "got '_x'"]
    yield lambda: rule("adjustment -= average", AFTER), ["got 'adjustment -'"]
    yield lambda: rule("sqrt = 3", MOVE, AFTER), ["a name of your own, got 'sqrt', which is a function; try 'sqrt_1'"]
    yield lambda: rule("sum = sum(average)", MOVE, AFTER), ["got 'sum', which is a function"]
    yield lambda: rule("adjustment == -average", AFTER), ["with ==, expected one =; try 'adjustment = -average'"]
    yield lambda: rule(MOVE, "after = before +"), ["line 2 of the rule 'mine': expected a formula", "got 'before +'"]
    yield lambda: rule("adjustment = -average ** 2", AFTER), ["line 1 of the rule 'mine'", "uses 'average ** 2'"]
    yield lambda: rule("adjustment = 2 * sum(average)", AFTER), ["line 1 of the rule 'mine'", "stands alone on a line"]
    yield lambda: rule(MOVE), ["never says what 'after' becomes", "'after = before + adjustment'"]
    yield lambda: rule(AFTER), ["never says what 'adjustment' becomes", "'adjustment = -0.1 * average'"]
    yield (
        lambda: rule(AFTER, constants={"learning_rate": 0.1}),
        ["never says what 'adjustment' becomes", "'adjustment = -learning_rate * average'"],
    )
    yield lambda: rule(AFTER, MOVE), ["uses 'adjustment' above the line that says what it is; put that line further up"]
    yield lambda: rule(*TREND), ["uses 'trend' in the line that says what it is; add memory=('trend',)"]
    yield (
        lambda: rule("adjustment = -learning_rate * average", AFTER),
        ["uses 'learning_rate'", "add it to the constants, {'learning_rate': 0.1}"],
    )
    yield lambda: rule(*TREND, memory="trend"), ["memory= of the rule 'mine'", "list of names", "memory=('trend',)"]
    yield lambda: rule(*TREND, memory=3), ["memory= of the rule 'mine' should be a list of names, got 3"]
    yield lambda: rule(*TREND, memory=None), ["memory= of the rule 'mine' should be a list of names, got None"]
    yield lambda: rule(*TREND, memory=(3,)), ["memory= of the rule 'mine' should hold a name", "got 3"]
    yield lambda: rule(*TREND, memory=("trend", "trend")), ["two meanings for 'trend'"]
    yield lambda: rule(*TREND, shared_memory="trend"), ["shared_memory= of the rule 'mine'", "shared_memory=('trend',)"]
    yield (
        lambda: rule(*TREND, shared_memory=("trend",)),
        ["'trend' as one number for all weights", "move it to memory="],
    )
    yield (
        lambda: rule("pull = average * 2", "t = t + pull", MOVE, AFTER, shared_memory=("t",)),
        ["'t' as one number for all weights"],
    )
    yield (
        lambda: rule("t = sum(average)", MOVE, AFTER, memory=("t",)),
        ["makes 't' one number for all weights", "give the sum a line and a name"],
    )
    yield lambda: rule(MOVE, "after = largest(before)"), ["makes 'after' one number for all weights", "the largest"]
    yield lambda: rule(MOVE, AFTER, memory=("after",)), ["keeps 'after', which is the weight itself", "use 'before'"]
    yield lambda: rule(MOVE, AFTER, constants={"x": "y"}), ["the constant 'x' of the rule 'mine'", "got 'y'; try 0.1"]
    yield lambda: rule(MOVE, AFTER, constants={"x": math.nan}), ["the constant 'x'", "finite number, got nan"]
    yield lambda: rule(MOVE, AFTER, constants={"x": -math.inf}), ["the constant 'x'", "finite number, got -inf"]
    yield lambda: rule(MOVE, AFTER, constants={"x": True}), ["the constant 'x'", "got True"]
    yield lambda: rule(MOVE, AFTER, constants={"x": 10**400}), ["the constant 'x'", "finite number, got 1000"]
    yield lambda: rule(MOVE, AFTER, constants={"x y": 1.0}), ["a constant of the rule 'mine'", "got 'x y'"]
    yield lambda: rule(MOVE, AFTER, constants={3: 1.0}), ["a constant of the rule 'mine'", "got 3"]
    yield lambda: rule(MOVE, AFTER, constants=0.1), ["constants by name, got 0.1; try {'learning_rate': 0.1}"]
    yield lambda: rule(MOVE, AFTER, house={"adjustment": 3}), ["house= of the rule 'mine'", "'adjustment', got 3"]
    yield lambda: rule(MOVE, AFTER, house={"adjustment": "two\nlines"}), ["words for 'adjustment'", r"got 'two\nlines'"]
    yield lambda: rule(MOVE, AFTER, house={"nothing": "x"}), ["names 'nothing', which none of its lines says"]
    yield lambda: rule(MOVE, AFTER, house=["adjustment"]), ["words by line, got ['adjustment']"]
    yield lambda: Rule(any_of(3), (MOVE, AFTER)), ["a rule should have a name, one line of text, got 3; try 'mine'"]
    yield lambda: Rule(" ", (MOVE, AFTER)), ["a rule should have a name", "got ' '"]
    yield lambda: Rule("two\nlines", (MOVE, AFTER)), ["a rule should have a name", r"got 'two\nlines'"]
    yield lambda: SGD(0.1, schedule=any_of("cosine")), ["one or a list of schedules, got 'cosine'; try Cosine"]
    yield lambda: SGD(0.1, schedule=any_of(Cosine)), ["schedules, got Cosine itself; try Cosine(epochs=10)"]
    yield lambda: SGD(0.1, schedule=any_of({})), ["one or a list of schedules, got {}"]
    yield lambda: SGD(0.1, schedule=any_of([Step(2), "step"])), ["one or a list of schedules, got 'step'"]
    yield lambda: SGD(0.1, schedule=[long("a"), long("b")]), ["the schedules of the rule 'SGD' have 203 lines"]
    yield lambda: SGD(10**400), ["learning_rate should be a finite number, got 1000"]
    yield lambda: SGD(any_of([0.1])), ["learning_rate", "got [0.1]"]
    yield lambda: Adam(0.1, keep_mean=1.0), ["keep_mean", "from 0 to 1, 1 itself left out, got 1.0; try 0.9"]
    yield lambda: Adam(0.1, keep_square=1), ["keep_square", "1 itself left out, got 1;"]
    yield lambda: AdamW(0.1, keep_mean=1 - 1e-17), ["keep_mean", "1 itself left out"]
    yield lambda: RMSProp(0.1, keep_square=1.0), ["keep_square", "1 itself left out"]
    yield lambda: RMSProp(0.1, keep_square=-0.1), ["keep_square", "got -0.1"]


def of_schedules() -> Refusals:
    yield lambda: Schedule("x", any_of("x = 1 / epoch")), ["the schedule 'x' expects a list of lines, got one text"]
    yield lambda: Schedule("x", any_of(None)), ["the schedule 'x' expects a list of lines, got None"]
    yield lambda: Schedule("x", ("x",)), ["line 1 of the schedule 'x'", "got 'x'"]
    yield lambda: Schedule("x", ("x = 1 + (",)), ["line 1 of the schedule 'x': expected a formula", "got '1 + ('"]
    yield lambda: Schedule("x", ("x = sum(epoch)",)), ["the schedule 'x' uses 'sum(epoch)'", "one number of everything"]
    yield lambda: Schedule("x y", ("x y = 1",)), ["line 1 of the schedule 'x y' should begin with a name", "got 'x y'"]
    yield lambda: Schedule("x", ("x = k",), {"k": any_of("v")}), ["the constant 'k' of the schedule 'x'", "got 'v'"]
    yield lambda: Schedule("x", ("x = k",), {"k": math.nan}), ["the constant 'k' of the schedule 'x'", "got nan"]
    yield lambda: Schedule("x", ("x = epoch",), {"epoch": 2.0}), ["the schedule 'x' has two meanings for 'epoch'"]
    yield lambda: Schedule("x", ("epoch = 2", "x = epoch")), ["the schedule 'x' says twice what 'epoch' is"]
    yield lambda: Schedule("x", ("x = 1", "x = x + 1")), ["the schedule 'x' says twice what 'x' is"]
    yield lambda: Schedule(any_of(3), ("x = 1",)), ["a schedule should have a name, one line of text, got 3"]
    yield lambda: Step(10**400), ["Step expects epochs from 2", "got 1000"]
    yield lambda: Step(any_of([10, 20])), ["Step expects epochs from 2", "got [10, 20]; try Step(10, 20)"]
    yield lambda: Step(*range(2, 43)), ["Step expects at most 40 epochs, got 41; try Cosine(epochs=42)"]
    yield lambda: Cosine(10**400), ["a whole number of epochs, at most 1,000,000,000", "try Cosine(10)"]
    yield lambda: WarmUp(10**10), ["commits, at most 1,000,000,000, got 10000000000"]


def of_networks() -> Refusals:
    yield lambda: Network(any_of("x")), ["Dense layers one after the other, got 'x'; try Network(Dense("]
    yield lambda: Network(any_of([Dense(2, 1)])), ["Dense layers one after the other, got [Dense(2, 1"]
    yield lambda: Network(any_of(Dense)), ["got Dense itself"]
    yield lambda: Network(Dense(2, 1), any_of("batch_norm")), ["mix the samples of a batch"]
    yield lambda: Network(Dense(2, 1), seed=any_of("7")), ["seed should be a whole number", "got '7'; try seed=7"]
    yield lambda: Dense(10**9, 10**9), ["weights, expected at most 100,000,000"]
    yield lambda: Dense(2, 3, any_of(math.tanh)), ["there is no activation called tanh itself"]
    yield lambda: Run(any_of("net"), "xor"), ["network should be a Network, got 'net'"]
    yield lambda: Run(any_of(Dense(2, 1)), "xor"), ["network should be a Network, got Dense(2, 1"]
    yield lambda: Dense(2, 1, weights=[10**400, 1]), ["shape (2, 1)", "not a table of numbers"]
    yield lambda: Loss(any_of(3), Formula("a"), Formula("1")), ["a loss should have a name", "got 3"]
    yield lambda: loss_named("BCEWithLogitsLoss"), ["here it is loss='binary cross-entropy'"]
    yield lambda: loss_named("mse"), ["there is no loss called 'mse'; here it is loss='squared error'"]
    yield lambda: loss_named("L1Loss"), ["no loss called 'L1Loss'", "loss='absolute error'"]
    yield lambda: loss_named("BCE_loss"), ["no loss called 'BCE_loss'", "loss='binary cross-entropy'"]
    yield lambda: loss_named(any_of(huber)), ["there is no loss called huber itself"]
    yield (
        lambda: Loss("odd", any_of("a - t"), Formula("1")),
        ["the value of the loss 'odd'", "got 'a - t'; try Formula("],
    )
    yield (
        lambda: run(loss=Loss("odd", Formula("a - tt"), Formula("1"))),
        ["the loss 'odd' uses 'tt', which nothing gives it; did you mean 't'?"],
    )
    yield (
        lambda: run(loss="cross-entropy"),
        ["expects a last layer with activation 'softmax', got 'linear'; try Dense(2, 2, 'softmax')", "after a sigmoid"],
    )
    yield lambda: Run(Network(Dense(2, 2, "softmax")), "xor"), ["expects the loss 'cross-entropy', got 'squared error'"]
    yield (
        lambda: Run(Network(Dense(2, 1, "sigmoid")), (ROWS, [0, 1, 5, 1]), loss="binary cross-entropy"),
        ["targets, row 3: binary cross-entropy expects 0, 1 or a share", "found 5", "or take another loss"],
    )
    yield lambda: Run(Network(Dense(2, 1)), (ROWS, np.eye(4))), ["gives 1 output, 'your data' has 4 targets a row"]
    yield lambda: Run(Network(Dense(1, 1)), "xor"), ["expects 1 input, 'xor' has 2"]


def of_data() -> Refusals:
    yield lambda: classes(["a", "b", "c", "d"]), ["words that come again", "give classes that several rows have"]
    yield lambda: classes(["owl"] * 4), ["every row says 'owl'", "so give classes that several rows have"]
    yield (
        lambda: classes(["owl", "ant", "owl", "ant"]),
        ["'your data' has 2 classes ('owl', 'ant'), the network gives 3 outputs; give the last layer as many"],
    )
    yield lambda: Run(Network(Dense(2, 1)), (ROWS, ["a", 1, "b", 2])), ["targets: expected real numbers", "text 'a'"]
    yield lambda: Dataset("d", any_of(ROWS), any_of([1.0] * 4), any_of(3)), ["input names in a list, but found 3"]
    yield lambda: Dataset("d", any_of(ROWS), any_of([1.0] * 4), any_of(None)), ["input names in a list", "None"]
    for what, word in (("classes", "class names"), ("scaling", "scalings")):
        for given in (3, "ab"):
            parts: dict[str, Any] = {what: given}
            yield lambda parts=parts: Dataset("d", any_of(ROWS), any_of([1.0] * 4), **parts), [f"{word} in a list"]
    yield (
        lambda: Dataset("d", any_of(ROWS), any_of([0.0, 1.0, 2.0, 0.0]), classes=("owl", "ant")),
        ["targets, row 3: expected the number of a class, from 0 to 1", "2 class names", "found 2;"],
    )
    yield lambda: Run(Network(Dense(1, 1)), ([10**400], [1.0])), ["values of type object, such as 1000"]
    yield lambda: Run(Network(Dense(1, 1)), "one coin", validation=0.5), ["at least 2 rows to divide, got 1"]
    yield lambda: run(validation="x"), ["a share of the rows between 0 and 1, got 'x'"]


def of_runs() -> Refusals:
    yield lambda: run(shuffle="x"), ["shuffle should be True, or a whole number as its seed, got 'x'; try shuffle=3"]
    yield lambda: run(shuffle=None), ["shuffle", "got None"]
    yield lambda: run(shuffle=2.5), ["shuffle", "got 2.5"]
    yield lambda: run(shuffle=math.nan), ["shuffle", "got nan"]
    yield lambda: run(fault=None), ["there is no fault called None; known: 'forgot-to-empty'"]
    yield lambda: run(rule=SGD), ["rule should be a rule such as SGD(learning_rate=0.1), got SGD itself"]
    yield lambda: run(accumulate=10**10), ["micro-batches, at most 1,000,000,000", "try accumulate=2"]
    yield lambda: run(accumulate=2, batch_size=4, fault="average-of-averages"), ["several micro-batches in a commit"]
    yield (
        lambda: run(
            rule=rule("most = largest(average)", MOVE, AFTER, shared_memory=("most",)),
            batch_size=3,
            fault="stale-last-batch",
        ),
        [
            "'stale-last-batch' cannot be made of the rule 'mine'",
            "keeps or moves by a sum(…) or largest(…)",
            "try SGD(0.1)",
        ],
    )
    yield lambda: run(batch_size=3, accumulate=2, fault="stale-last-batch"), ["a last batch that is shorter"]
    yield lambda: run().train(epochs=True), ["a whole number of epochs, got True; try train(epochs=10)"]
    yield lambda: run().train(batches=2.0), ["a whole number of batches, got 2.0; try train(batches=10)"]
    yield (
        lambda: run().train(epochs=10**20),
        ["train expects at most 1,000,000,000 epochs, got 1000", "train(epochs=10)"],
    )
    yield lambda: run().train(batches=10**20), ["train expects at most 1,000,000,000 batches, got 1000"]
    yield lambda: fork(without=2), ["without expects a list of rows, got 2; try without=[2]"]
    yield lambda: fork(without=None), ["without expects a list of rows, got None; try without=[2]"]
    yield lambda: fork(without="row 2"), ["without expects a list of rows, got 'row 2'; try without=['row 2']"]
    yield lambda: fork(without=[True]), ["rows from 1 to 4, or their names, got True"]
    yield lambda: fork(rule="adam"), ["rule should be a rule such as SGD(learning_rate=0.1), got 'adam'"]
    yield lambda: fork(rule=3, learning_rate=0.1), ["rule should be a rule", "got 3"]
    yield lambda: fork(learning_rate=10**400), ["learning_rate should be a finite number, got 1000"]
    yield lambda: fork("2"), ["a batch from 1 to 3, got '2'; try fork(1)"]
    yield lambda: fork(0), ["a batch from 1 to 3, got 0; try fork(1)"]


@pytest.mark.parametrize(("build", "parts"), [*of_rules(), *of_schedules(), *of_networks(), *of_data(), *of_runs()])
def test_what_cannot_be_meant_is_refused_in_one_sentence(build: Callable[[], object], parts: list[str]) -> None:
    refuses(DataError, build, parts)


@pytest.mark.parametrize(
    ("build", "parts"),
    [
        (lambda: run(save=3), ["save expects the path of a file, got 3; try 'run.piggy'"]),
        (lambda: run().save(any_of(None)), ["save expects the path of a file, got None"]),
        (lambda: run(validation=0.25).validation_at(any_of("x")), ["holds no batch yet, got batch 'x'"]),
        (lambda: run().train().ledger.weights_at(any_of(1.5)), ["batches 0 to 2, got batch 1.5; try batch 1"]),
        (lambda: run().train().ledger.batch(any_of("1")), ["batches 1 to 2, got batch '1'; try batch 1"]),
        (lambda: run().train().ledger.batch(True), ["batches 1 to 2, got batch True; try batch 1"]),
        (lambda: run().train().ledger.weights_at(-1), ["batches 0 to 2, got batch -1; try batch 0"]),
        (lambda: run().train().ledger.batch(3), ["got batch 3; train further or ask for an earlier one"]),
        (lambda: run().train().ledger.epoch(any_of("1")), ["epochs 1 to 1, got epoch '1'; try epoch 1"]),
        (lambda: run().train().ledger.epoch(True), ["got epoch True; try epoch 1"]),
        (lambda: run().train().ledger.epoch(2), ["got epoch 2; train further or ask for an earlier one"]),
        (lambda: run().train().ledger.receipt("y", batch=1, sample=True), ["samples 1 to 2, got sample True"]),
        (
            lambda: run().train().predict([[0, 0]], measured=any_of("no")),
            ["measured should be True or False, got 'no'"],
        ),
    ],
)
def test_what_a_ledger_cannot_give_or_write_is_refused_in_one_sentence(
    build: Callable[[], object], parts: list[str]
) -> None:
    refuses(LedgerError, build, parts)


@pytest.mark.parametrize("names", [3, object()])
def test_columns_that_are_no_names_are_refused_with_the_names_there_are(names: Any, tmp_path: Path) -> None:
    path = tmp_path / "fruit.csv"
    path.write_text("apples,cost\n1,2\n2,4\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"expected target to name a column, got .*; name one of 'apples', 'cost'"):
        load(path, target=names)
