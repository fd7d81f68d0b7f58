"""References to numbers that a run does not have are refused in one sentence, whatever is wrong with them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opening import run_of, starts

from piggybank import Adam, Dense, Ledger, LedgerError, Momentum, Network, Run
from piggybank.ledger.lines import IN, Ref

Figure = Callable[[str, object], None]


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        (Ref("slice", "x1->h1", 1, 0), "batch 1 has samples 1 to 4, got sample 0"),
        (Ref("slice", "x1->h1", 1, -1), "batch 1 has samples 1 to 4, got sample -1"),
        (Ref("slice", "x1->h1", 3, 1), "the ledger holds batches 1 to 2, got batch 3"),
        (Ref("slice", "x1->h1", 1, 1, 5), "the bank holds samples 0 to 4, got sample 5"),
        (Ref("slice", "x1->h1", 1, 1, part="half"), "a number of the kind 'slice' has no part 'half'; try ''"),
        (Ref("slice", "h1", 1, 1), "there is no weight called 'h1'; known: 'x1->h1'"),
        (Ref("bank", "x1->h1", 1, 9), "batch 1 has samples 0 to 4, got sample 9"),
        (Ref("kept", "x1->h1", 1, 4), "the banks of this run are emptied in every commit, so that nothing is kept"),
        (Ref("bank", "x1->h1", 1, 4, part="half"), "a number of the kind 'bank' has no part 'half'; try 'cancelled'"),
        (Ref("data", "x1", 0, 5), "the data has rows 1 to 4, got row 5"),
        (Ref("data", "h1", 0, 1), "there is no input called 'h1'; "),
        (Ref("target", "y", 0, 0), "the data has rows 1 to 4, got row 0"),
        (Ref("target", "h1", 0, 1), "there is no output called 'h1'; "),
        (Ref("loss", "", 1, 9), "batch 1 has samples 0 to 4, got sample 9"),
        (Ref("loss", "", 0, 0), "the ledger holds batches 1 to 2, got batch 0"),
        (Ref("loss", "", -4, 0), "all rows can be measured with the weights before batches 1 to 3, got batch 4"),
        (Ref("predict", "y", -1, 5), "the data has rows 1 to 4, got row 5"),
        (Ref("predict", "z", 1, 1), "there is no neuron called 'z'; "),
        (Ref("blame", "y", -1, 1), "the ledger holds batches 1 to 2, got batch -1"),
        (Ref("commit", "x1->h1", 0), "the ledger holds batches 1 to 2, got batch 0"),
        (Ref("micro", "x1->h1", 1, 9), "batch 1 has micro-batches 0 to 1, got micro-batch 9"),
        (Ref("setting", "micro_count", 1, 2), "batch 1 has micro-batches 1 to 1, got micro-batch 2"),
        (Ref("setting", "commit", 3), "the ledger holds batches 1 to 2, got batch 3"),
        (Ref("setting", "count", 3), "samples are counted in batches -3 to 2, got batch 3"),
        (Ref("setting", "slop"), "there is no setting called 'slop'; did you mean 'slope'"),
        (Ref("initial", "x1->h1", part="jar"), "the run began with nothing kept as 'jar'; memory is empty at first"),
        (Ref("share", "x1->h1", 9, 1), "coins are added up over epochs 0 to 2, got epoch 9"),
        (Ref("share", "x1->h1", 1, 9), "the data has rows 0 to 4, got row 9"),
        (Ref("share", "", 1, 0), "the data has rows 1 to 4, got row 0"),
        (Ref("share", "x1->h1", 1, 1, part=IN), "what a row put in is all of its coins, and a part is of all rows"),
        (Ref("share", "x1->h1", 1, 1, 3), "the ledger holds batches 0 to 2, got batch 3"),
        (Ref("lasting", "x1->h1", 1, 2), "batch 1 follows batches 0 to 1, got batch 2"),
        (Ref("lasting", "x1->h1", 1, 1, part="coin 5"), "batch 1 has no part 'coin 5'; did you mean 'coin"),
        (Ref("lasting", "x1->h1", 1, 1, part="clip"), "batch 1 has no part 'clip'; "),
        (Ref("lasting", "x1->h1", 1, part="part"), "the adjustment has no part 'part'; "),
        (Ref("whole", "norm", 1, 2), "all weights stand on pages 0 to 1, got page 2"),
        (Ref("slice", "x1->h1", 1.5, 1), "batches and samples are counted by whole numbers, got 1.5; try 1"),  # type: ignore[arg-type]
    ],
    ids=lambda value: value.code if isinstance(value, Ref) else "",
)  # fmt: skip
def test_a_reference_to_what_a_run_does_not_have_is_refused(ref: Ref, says: str) -> None:
    for mine in (ref, ref.turned, ref.line(3)):
        with pytest.raises(LedgerError) as caught:
            run_of("xor 2-3-1 tanh").open(mine)
        assert str(caught.value).startswith(says)
        assert "\n" not in str(caught.value)


def test_a_run_without_a_batch_has_no_number_of_one() -> None:
    ledger = Run(Network(Dense(2, 1)), "xor").ledger
    with pytest.raises(LedgerError, match=r"^the ledger holds no batch yet, got batch 1$"):
        ledger.open(Ref("commit", "x1->y", 1))
    with pytest.raises(LedgerError, match=r"^the ledger holds no batch yet, got epoch 1; train further"):
        ledger.epoch(1)


@pytest.mark.parametrize("epoch", ["1", 1.0, None, 0, -3, 3])
def test_an_epoch_is_asked_for_by_its_number(epoch: Any) -> None:
    advice = "train further" if epoch == 3 else "try epoch 1"
    with pytest.raises(LedgerError, match=f"^the ledger holds epochs 1 to 2, got epoch {epoch!r}; {advice}"):
        run_of("xor 2-3-1 tanh").epoch(epoch)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"sample": "1"}, "batch 1 has samples 1 to 4, got sample '1'"),
        ({"sample": 1, "banked": 5}, "batch 1 has samples 1 to 4, got banked 5"),
        ({"banked": -1}, "batch 1 has samples 1 to 4, got banked -1"),
    ],
)
def test_a_receipt_is_asked_for_by_a_sample_of_its_batch(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(LedgerError) as caught:
        run_of("xor 2-3-1 tanh").receipt("x1->h1", batch=1, **asked)
    assert str(caught.value) == says


@pytest.mark.parametrize("odd", [["x1"], {"x1": 1}, {1}], ids=lambda odd: type(odd).__name__)
def test_what_is_no_name_is_refused_in_a_sentence_wherever_a_name_is_asked_for(odd: Any) -> None:
    ledger = run_of("xor 2-3-1 tanh")
    for asked in (
        lambda: ledger.receipt(odd, batch=1),
        lambda: ledger.receipt(odd, batch=1, sample=1),
        lambda: ledger.weight(odd),
        lambda: ledger.trace(odd),
        lambda: ledger.lasting(odd, batch=1),
        lambda: ledger.lifetime(odd),
    ):
        with pytest.raises(LedgerError, match=r"there is no weight (or neuron )?called .*; known: 'x1->h1'"):
            asked()


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("slice", "a number is opened by its reference, such as a line's origin, got 'slice'"),
        (("slice", "x1->h1", 1, 1), "a number is opened by its reference, such as a line's origin, got ('slice'"),
        (None, "a number is opened by its reference, such as a line's origin, got None"),
        (Ref(["slice"], "x1->h1", 1, 1), "the kind of a reference is a text, got ['slice']"),  # type: ignore[arg-type]
        (Ref("commit", ["x1"], 1), "the name of a reference is a text, got ['x1']"),  # type: ignore[arg-type]
        (Ref("commit", "x1->h1", 1, part=["after"]), "the part of a reference is a text, got ['after']"),  # type: ignore[arg-type]
        (Ref("slice", "x1->h1", 1, [1]), "batches and samples are counted by whole numbers, got [1]; try 1"),  # type: ignore[arg-type]
        (Ref("commit", "x1->h1", [1]), "batches and samples are counted by whole numbers, got [1]; try 1"),  # type: ignore[arg-type]
        (Ref("slice", "x1->h1", 1, 1, [1]), "batches and samples are counted by whole numbers, got [1]; try 1"),  # type: ignore[arg-type]
        (Ref("commit", "x1->h1", 1, line_number="3"), "batches and samples are counted by whole numbers, got '3'"),  # type: ignore[arg-type]
        (Ref("commit", "x1->h1", 1, line_number=1.5), "batches and samples are counted by whole numbers, got 1.5"),  # type: ignore[arg-type]
        (Ref("slice", "x1->h1", 1, 10**5000), "batch 1 has samples 1 to 4, got sample a number of too many digits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_reference_is_refused_in_a_sentence(ref: Any, says: str) -> None:
    with pytest.raises(LedgerError) as caught:
        run_of("xor 2-3-1 tanh").open(ref)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("batch", [["1"], "1", None, 1.5])
def test_the_rows_of_what_is_no_batch_are_refused_in_a_sentence(batch: Any) -> None:
    with pytest.raises(LedgerError, match="the ledger holds batches 1 to 2, got batch "):
        run_of("xor 2-3-1 tanh").rows_of(batch)


# Anything -------------------------------------------------------------------------------------------------------------


WORDS = (
    "", "sum", IN, "part", "kept", "clip", "rounding", "sum again", "coin 0", "coin 9", "coin x", "coin", "savings",
    "x1", "h1", "y", "after", "term norm", "later", "measured", "loss value", "rule adjustment", "x1->h1", "count",
)  # fmt: skip
NUMBERS = (-9, -3, -1, 0, 1, 2, 3, 5, 99)


def asked_of() -> Iterator[tuple[Ledger, list[Ref]]]:
    """Runs with all kinds of numbers (memory, clipping, micro-batches, a fork, a softmax), and references to some."""
    xor = Network(Dense(2, 2, "tanh"), Dense(2, 1), seed=3)
    run = Run(xor, "xor", rule=Momentum(0.125, weight_decay=0.25), batch_size=3).train(epochs=2)
    clipped = Run(xor, "xor", rule=Adam(0.125, clip_norm=0.5), batch_size=2, accumulate=2).train(epochs=2)
    more = [Ref(kind, "x1->h1", 2, 1) for kind in ("lasting", "lifetime", "micro", "whole", "schedule", "accuracy")]
    for ledger in (run.ledger, clipped.ledger, run.fork(2).train(batches=2).ledger, run_of("4-3-3 gelu, softmax")):
        yield ledger, [*starts(ledger), *more * 20]


def test_a_reference_with_parts_exchanged_opens_or_is_refused(figure: Figure) -> None:
    numbers, runs, opens = random.Random(5), list(asked_of()), 0
    for _ in range(1500):
        ledger, refs = numbers.choice(runs)
        ref = numbers.choice(refs)
        for place in numbers.choices(Ref._fields[1:-1], k=numbers.randint(1, 2)):
            choices = WORDS if isinstance(getattr(ref, place), str) else NUMBERS
            ref = ref._replace(**{place: numbers.choice(choices)})
        try:
            ledger.open(ref)
        except LedgerError:
            continue
        opens += 1
    figure("P2 references with parts exchanged: opened, refused", f"{opens}, {1500 - opens}")
    assert 200 < opens < 1300
