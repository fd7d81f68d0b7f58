"""What a trace, an epoch and shares look like in print: as a receipt does, with all digits, in columns that add up as
they stand. In a long table one line adds up the numbers that are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from piggybank.arithmetic import is_exact
from piggybank.ledger.lines import Line, digits, exactness, strip_text
from piggybank.wording import counted

if TYPE_CHECKING:
    from piggybank.ledger.lasting import Lasting
    from piggybank.ledger.lifetime import Lifetime
    from piggybank.ledger.trace import AdjustmentTrace, EpochSummary

MOST = 24
"""So many lines of a kind are printed."""
Named = tuple[str, float]
"""What a number is called, and the number."""


def batches_in_words(first: int, last: int) -> str:
    """ "batch 3", "batches 3 to 8"."""
    return f"batch {first}" if first == last else f"batches {first} to {last}"


# Sums -----------------------------------------------------------------------------------------------------------------


def added(values: Iterable[float]) -> tuple[float, bool]:
    """Left to right from +0.0, and whether nothing was rounded away."""
    total, exact = 0.0, True
    for value in values:
        before, total = total, total + value
        exact = exact and is_exact("+", before, value, total)
    return total, exact


def column(section: str, terms: Sequence[Named], result: str, exact: bool = True) -> list[Line]:
    """Terms under one another and what they come to. exact: of what was added up in them before."""
    total, all_exact = added(value for _, value in terms)
    lines = [Line(section, label, "+" if place else "", value) for place, (label, value) in enumerate(terms)]
    return [*lines, Line(section, result, "=", total, "", exact and all_exact)]


# The tables -----------------------------------------------------------------------------------------------------------


def trace_text(trace: AdjustmentTrace) -> str:
    """The weight before the first batch and after each, between them what moved it and what was in its bank."""
    rows = [("batch", "in the bank", "moved by", "weight", ""), *_trace_rows(trace)]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    lines = ["".join(f"  {text:>{width}}" for text, width in zip(row, widths, strict=False)) for row in rows]
    written = [f"  {line}  {row[4]}".rstrip() for line, row in zip(lines, rows, strict=True)]
    count = counted(len(trace.totals), "commit")
    return "\n".join([f"Adjustment trace of {trace.weight}   [{count}]", *written])


def _trace_rows(trace: AdjustmentTrace) -> Iterator[tuple[str, str, str, str, str]]:
    values, last = trace.values.tolist(), len(trace.totals)
    yield "before", "", "", digits(values[0]), ""
    exact = True
    half = MOST // 2
    gap = range(half + 1, last - half + 1) if last > MOST + 1 else range(0)
    for batch in range(1, last + 1):
        if batch in gap and batch != gap[-1]:
            continue
        before, name, bank = batch - 1, str(batch), digits(trace.totals[batch - 1])
        if batch in gap:
            before, name, bank = gap[0] - 1, f"{gap[0]} to {gap[-1]}", ""
        moved, is_whole = _moved(values[before], values[batch])
        exact = exact and is_whole
        yield name, bank, digits(moved), digits(values[batch]), exactness(is_whole)
    if last > 1:
        moved, is_whole = _moved(values[0], values[-1])
        yield "all", "", digits(moved), digits(values[-1]), exactness(is_whole and exact)


def _moved(before: float, after: float) -> tuple[float, bool]:
    moved = after - before
    return moved, is_exact("-", after, before, moved)


def epoch_text(summary: EpochSummary) -> str:
    """The mean loss of each batch, and what each row put in, the largest first."""
    losses = list(zip(summary.batches, summary.losses, strict=True))
    shown = losses if len(losses) <= MOST else [*losses[: MOST - 1], losses[-1]]
    heading = "Mean loss of each batch, with the weights that it met"
    lines = [Line(heading, f"Batch {batch}", "", loss) for batch, loss in shown]
    if len(shown) < len(losses):
        lines[-1] = lines[-1]._replace(formula=f"({len(losses) - len(shown):,} before it are left out)")
    named = zip(summary.row_names, summary.contributions.tolist(), strict=True)
    lines += _ranked("What each row put in: sizes of its coins, all weights", sorted(named, key=lambda one: -one[1]))
    right = f"; {summary.accuracy} right" if summary.accuracy else ""
    return strip_text(
        f"Epoch {summary.epoch}", f"{batches_in_words(summary.batches[0], summary.batches[-1])}{right}", lines
    )


def _ranked(section: str, terms: list[Named]) -> list[Line]:
    """The first of them, and the others added up."""
    if len(terms) <= MOST:
        return column(section, terms, "All rows")
    rest, exact = added(value for _, value in terms[MOST - 1 :])
    others = f"The other {len(terms) - MOST + 1:,} rows"
    return column(section, [*terms[: MOST - 1], (others, rest)], "All rows", exact)


def lifetime_text(shares: Lifetime) -> str:
    """The rows of the data by what they moved."""
    terms = [(share.name, share.value) for share in shares]
    what = shares.weight or "all weights, sizes added up"
    return strip_text(
        f"How far each row moved {what}", shares.when, _ranked("In its commits and all later ones", terms)
    )


def lasting_text(shares: Lasting) -> str:
    """Coin by coin; of many, the older ones as one number."""
    terms, exact = [(share.label, share.value) for share in shares], True
    if len(terms) > MOST:
        older = len(terms) - MOST + 1
        so_far, exact = added(value for _, value in terms[:older])
        terms = [(f"The {older:,} before them", so_far), *terms[older:]]
    lines = column("All coins so far, as they are in it", terms, "Final adjustment", exact)
    return strip_text(f"The coins in the adjustment of {shares.weight}, batch {shares.batch}", "final", lines)
