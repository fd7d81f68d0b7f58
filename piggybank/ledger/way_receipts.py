"""Receipts of a coin's way into an adjustment: what it is of its batch's average, and what part of that gets through to
a later commit, a commit further each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import SCALAR, operate
from piggybank.ledger import bank
from piggybank.ledger.lasting import Values, history, kept_part, values_of
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.recipe_words import word
from piggybank.ledger.records import Weight
from piggybank.ledger.sources import rate_ref
from piggybank.ledger.ways import way_of
from piggybank.ledger.worked import Operand, worked

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

PART, KEPT, CLIP = "part", "kept", "clip"
"""Parts of the references: what of a coin gets through, what of what the rule saved; what clipping left of a coin."""


# Into the average -----------------------------------------------------------------------------------------------------


def in_average(ledger: Ledger, weight: Weight, batch: int, sample: int) -> list[Operand]:
    """A coin on its way into the average: divided by the count, clipped."""
    values, commit, way = values_of(ledger, weight, batch), Ref("commit", weight.name, batch), way_of(ledger.header)
    if not sample:
        return [("", word(ledger.header, "house"), values["house"], commit.of_part("house"))]
    coin = float(bank.slices(ledger.header, ledger.batch(batch), weight)[sample - 1])
    operands: list[Operand] = [("", "The coin", coin, Ref("slice", weight.name, batch, sample))]
    if way.averaged:
        operands.append(("/", "Samples in the batch", values["count"], Ref("setting", "count", batch)))
    if way.clip == "clip_norm":
        operands.append(("*", word(ledger.header, "shrink"), values["shrink"], commit.of_part("shrink")))
    elif way.clip == "clip_value" and values[way.whole]:
        share = operate("/", values["clipped"], values[way.whole])
        operands.append(("*", "Left by clipping", share, Ref("lasting", weight.name, batch, batch, part=CLIP)))
    return operands


def clip_receipt(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    values, commit = values_of(ledger, weight, ref.sample), Ref("commit", weight.name, ref.sample)
    whole = way_of(ledger.header).whole
    origin = commit.of_part(whole) if whole == "average" else Ref("bank", weight.name, ref.sample, int(values["count"]))
    operands: list[Operand] = [
        ("", word(ledger.header, "clipped"), values["clipped"], commit.of_part("clipped")),
        ("/", word(ledger.header, whole), values[whole], origin),
    ]
    title = f"What clipping left of the coins for {ref.name}, batch {ref.sample}"
    return worked(ref, title, "Clipped", operands, "Left by clipping")


# Through later commits ------------------------------------------------------------------------------------------------


def part_receipt(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    today, batch, way = ref.batch, ref.sample, way_of(ledger.header)
    title = f"What part of a coin of batch {batch} gets through to batch {today}, {ref.name}"
    found = history(ledger, weight, today)
    if not way.memory:
        return worked(ref, title, "Gets through", now_steps(ledger, weight, today), "Gets through")
    kept = ("", "Gets through of what is saved", kept_part(ledger, weight, today, batch), ref.of_part(KEPT))
    operands: list[Operand] = [kept]
    if way.memory == "mean_jar":
        jar = Ref("commit", weight.name, batch, part="mean_jar")
        operands.append(("*", "Of a coin goes into the jar", found.take[batch], jar))
    if batch == today and found.now[today]:
        operands.append(("+", "And at once, −learning rate", found.now[today], rate_ref(ledger, today).turned))
    return worked(ref, title, "Gets through", operands, "Gets through")


def now_steps(ledger: Ledger, weight: Weight, today: int) -> list[Operand]:
    values = values_of(ledger, weight, today)
    operands: list[Operand] = [("", "−Learning rate", -values["learning_rate"], rate_ref(ledger, today).turned)]
    if "square_jar" in way_of(ledger.header).now.names:
        operands.append(_divisor(weight, today, values, "square_jar"))
    return operands


def _divisor(weight: Weight, today: int, values: Values, name: str) -> Operand:
    root = float(SCALAR["sqrt"](values[name])) + values["epsilon"]
    return "/", "Root and epsilon", root, Ref("commit", weight.name, today, part="adjustment")


def kept_part_receipt(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    today, batch, way = ref.batch, ref.sample, way_of(ledger.header)
    title = f"What gets through to batch {today} of what was saved in batch {batch}, {ref.name}"
    if batch < today:
        later = ref._replace(sample=batch + 1)
        keep = history(ledger, weight, today).keep[batch + 1]
        operands: list[Operand] = [
            ("", f"From batch {batch + 1} on", kept_part(ledger, weight, today, batch + 1), later),
            ("*", word(ledger.header, way.keep.text), keep, Ref("setting", way.keep.text)),
        ]
        return worked(ref, title, "Kept", operands, "Gets through of what is saved")
    return worked(ref, title, "Spent", give_steps(ledger, weight, today), "Gets through of what is saved")


def give_steps(ledger: Ledger, weight: Weight, today: int) -> list[Operand]:
    values, header = values_of(ledger, weight, today), ledger.header
    used = way_of(header).give.names
    operands: list[Operand] = [("", "−Learning rate", -values["learning_rate"], rate_ref(ledger, today).turned)]
    if "friction" in used:
        operands.append(("*", word(header, "friction"), values["friction"], Ref("setting", "friction")))
    if "mean_fill" in used:
        fill = Ref("commit", weight.name, today, part="mean_fill")
        operands.append(("/", word(header, "mean_fill"), values["mean_fill"], fill))
        operands.append(_divisor(weight, today, values, "square"))
    return operands
