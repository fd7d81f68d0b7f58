"""Receipts of an adjustment split into all coins so far; every factor on the way has one, a commit further each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from piggybank.arithmetic import SCALAR, is_exact, literal, operate
from piggybank.ledger import bank
from piggybank.ledger.lasting import (
    DECAY,
    ROUNDED,
    LastingShare,
    Values,
    history,
    kept_part,
    lasting_shares,
    part_now,
    parts_of_batch,
    roundings,
    values_of,
)
from piggybank.ledger.lines import Receipt, Ref
from piggybank.ledger.recipe_words import word
from piggybank.ledger.records import LedgerError, Weight
from piggybank.ledger.sources import rate_ref
from piggybank.ledger.strip import Strip
from piggybank.ledger.sums import chain_of
from piggybank.ledger.ways import way_of
from piggybank.wording import quote, suggestion

if TYPE_CHECKING:
    from piggybank.ledger.ledger import Ledger

PAGE = 32
"""So many batches stand on one page; what came before them is a line."""
PART, KEPT = "part", "kept"
"""Parts of the references: what part of a coin gets through, and of what the rule saved."""
CLIP, SUM, ROUNDING, SUM_AGAIN, AGAIN = "clip", "sum", "rounding", "sum again", "rounding again"
"""What clipping left of a coin; the coins without what was rounded away, and that."""
Operand = tuple[str, str, float, Ref]
"""Operator, label, value, and the receipt behind it."""


def worked(ref: Ref, title: str, section: str, operands: list[Operand], result: str) -> Receipt:
    """A strip of operands that act on the running result one after the other."""
    strip, value, text, exact = Strip(section, ref), operands[0][2], literal(operands[0][2]), True
    for place, (sign, label, number, origin) in enumerate(operands):
        strip.put(label, sign if place else "", number, origin)
        if place:
            before, value = value, operate(sign, value, number)
            exact = exact and is_exact(sign, before, number, value)
            text = f"({text} {sign} {literal(number)})" if not (sign == "/" and number == 0) else literal(value)
    strip.result(result, value, "", exact)
    strip.name_last(ref)
    return Receipt(title, ref.kind, "final", tuple(strip.lines), value, lambda: text)


def summed(ref: Ref, title: str, section: str, terms: list[tuple[str, float, Ref]], result: str) -> Receipt:
    strip = Strip(section, ref)
    total, exact = strip.add_all(terms)
    strip.result(result, total, "((0 + s1) + s2) + …", exact)
    strip.name_last(ref)
    return Receipt(title, ref.kind, "final", tuple(strip.lines), total, lambda: chain_of(t[1] for t in terms))


# An adjustment, coin by coin ------------------------------------------------------------------------------------------


def lasting_receipt(ledger: Ledger, ref: Ref) -> Receipt:
    """batch: of the adjustment; sample: of which batch's coins, 0 for all of them; banked: the last batch of a page."""
    weight = ledger.weight(ref.name)
    _check_part(ledger, ref)
    if ref.part == PART:
        return _part(ledger, weight, ref)
    if ref.part == KEPT:
        return _kept(ledger, weight, ref)
    if ref.part == CLIP:
        return _clip(ledger, weight, ref)
    if ref.part in (ROUNDING, AGAIN):
        return _rounding(ledger, weight, ref)
    if ref.part and ref.part not in (SUM, SUM_AGAIN):
        return _coin(ledger, weight, ref)
    return _batch(ledger, weight, ref) if ref.sample else _all(ledger, ref)


def _check_part(ledger: Ledger, ref: Ref) -> None:
    """LedgerError when the adjustment, or a batch's coins in it, have no such part."""
    way, known = way_of(ledger.header), ["", SUM, ROUNDING, SUM_AGAIN, AGAIN]
    if ref.sample:
        known = ["", PART, *([KEPT] if way.memory else []), *([CLIP] if way.clip else [])]
    if ref.sample and ref.part not in known:
        shares = parts_of_batch(ledger, ledger.weight(ref.name), ref.batch, ref.sample)
        known += map(_address, shares)
    if ref.part not in known:
        where = f"batch {ref.sample}" if ref.sample else "the adjustment"
        raise LedgerError(f"{where} has no part {quote(ref.part)}; {suggestion(ref.part, known)}")


def _all(ledger: Ledger, ref: Ref) -> Receipt:
    today, way = ref.batch, way_of(ledger.header)
    last = today if ref.banked is None else ref.banked
    shares = [share for share in lasting_shares(ledger, ref.name, today) if share.what != ROUNDED]
    inside = [share for share in shares if share.batch and share.what != DECAY]
    batches = sorted({share.batch for share in inside if share.batch <= last})[-PAGE:]
    earlier = [share for share in shares if share.batch < batches[0]]
    weight = ledger.weight(ref.name)
    terms: list[tuple[str, float, Ref]] = []
    if batches[0] > 1 and way.memory:
        before = ref._replace(banked=batches[0] - 1)
        terms.append((f"Batches up to {batches[0] - 1}", _all(ledger, before).value, before))
    terms += [
        (share.what, share.value, Ref("initial", ref.name, part=way.memory))
        for share in earlier
        if not share.batch and batches[0] == 1
    ]
    for batch in batches:
        here = Ref("lasting", ref.name, today, batch)
        terms.append((f"Coins of batch {batch}", _batch(ledger, weight, here).value, here))
    title = f"The coins in the adjustment of {ref.name}, batch {today}"
    if last < today:
        return summed(ref, f"{title}: batches up to {last}", "Coins so far", terms, f"Batches up to {last}")
    values = values_of(ledger, weight, today)
    if way.beside:
        house = Ref("commit", ref.name, today, part="house")
        terms.append((word(ledger.header, "house"), values["house"], house))
    rests = roundings(summed(ref, title, "", terms, "").value, values["adjustment"])
    rests = rests[: {SUM: 0, SUM_AGAIN: 1}.get(ref.part)]
    terms += [(ROUNDED, rest, ref.of_part(part)) for rest, part in zip(rests, (ROUNDING, AGAIN), strict=False)]
    if ref.part:
        return summed(ref, f"{title}, before rounding", "Coins so far", terms, "All together")
    return summed(ref, title, "Coins so far", terms, word(ledger.header, "adjustment"))


def _rounding(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    """What is missing to the adjustment: every operation on the way rounds once, and not at the same places."""
    so_far = ref.of_part(SUM if ref.part == ROUNDING else SUM_AGAIN)
    together = _all(ledger, so_far).value
    wanted = values_of(ledger, weight, ref.batch)["adjustment"]
    rest = wanted - together
    strip = Strip("Rounding", ref)
    strip.put(word(ledger.header, "adjustment"), "", wanted, Ref("commit", ref.name, ref.batch, part="adjustment"))
    strip.put("All coins together", "-", together, so_far)
    strip.result(ROUNDED, rest, "", is_exact("-", wanted, together, rest))
    strip.name_last(ref)
    title = f"What was rounded away in the adjustment of {ref.name}, batch {ref.batch}"
    return Receipt(title, ref.kind, "final", tuple(strip.lines), rest, lambda: literal(rest))


def _clip(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    values, commit = values_of(ledger, weight, ref.sample), Ref("commit", weight.name, ref.sample)
    whole = way_of(ledger.header).whole
    origin = commit.of_part(whole) if whole == "average" else Ref("bank", weight.name, ref.sample, int(values["count"]))
    operands: list[Operand] = [
        ("", word(ledger.header, "clipped"), values["clipped"], commit.of_part("clipped")),
        ("/", word(ledger.header, whole), values[whole], origin),
    ]
    title = f"What clipping left of the coins for {ref.name}, batch {ref.sample}"
    return worked(ref, title, "Clipped", operands, "Left by clipping")


def _batch(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    shares = parts_of_batch(ledger, weight, ref.batch, ref.sample)
    terms = [(_named(share), share.value, ref.of_part(_address(share))) for share in shares]
    title = f"Coins of batch {ref.sample} in the adjustment of {ref.name}, batch {ref.batch}"
    return summed(ref, title, f"Batch {ref.sample}", terms, f"Coins of batch {ref.sample}")


def _named(share: LastingShare) -> str:
    return f"{share.what}, sample {share.sample}" if share.sample else f"{share.what} of batch {share.batch}"


def _address(share: LastingShare) -> str:
    return f"coin {share.sample}"


def _coin(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
    """The part "coin s" of a batch: what one coin, or its house coin (0), has in the adjustment."""
    sample, batch = int(ref.part.split()[1]), ref.sample
    part = (
        "*",
        f"Gets through to batch {ref.batch}",
        part_now(ledger, weight, ref.batch, batch),
        ref.of_part(PART),
    )
    operands = [*in_average(ledger, weight, batch, sample), part]
    title = f"Batch {batch}, sample {sample} in the adjustment of {ref.name}, batch {ref.batch}"
    return worked(ref, title, "One coin", operands, "In the adjustment")


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


def _part(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
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


def _kept(ledger: Ledger, weight: Weight, ref: Ref) -> Receipt:
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
