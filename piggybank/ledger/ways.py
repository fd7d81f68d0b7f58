"""Ways in which rules pass coins on from commit to commit, and whether a run's rule is one of them.

A rule keeps one number per weight, m = keep × m + take × coin, and adjusts by give × m + now × coin, where coin is the
average coin as it is after clipping and with weight decay. SGD only has now = -rate; momentum keeps its friction, takes
1 and gives -rate; Adam gives -rate ÷ fill ÷ (root + epsilon): the numerator is split, under today's denominator.
A run's rule is known by every line that its adjustment depends on: one other factor, and these numbers would be false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from piggybank.formula import Formula
from piggybank.grammar import parse, text_of
from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.records import Header, LedgerError
from piggybank.recipe import Recipe, Reduction
from piggybank.wording import quote

Lines = tuple[tuple[str, str], ...]
"""Names and formulas, spelled in one way only."""
LONGEST = 100
NOTHING, WHOLE, RATE = Formula("0"), Formula("1"), Formula("-learning_rate")


@dataclass(frozen=True)
class Way:
    """How a rule passes coins on.

    rule: of which family; kept: all that it keeps from commit to commit; memory: the kept number that holds coins, ""
    for none. averaged: coins are divided by the count; left: what clipping leaves of them; clip: the constant that
    clips, "" for none. pulled: a house coin joins them; beside: weight decay is added to what they do.
    keep, take, give, now: the numbers of a commit, from the names of its recipe.
    """

    rule: str
    kept: tuple[str, ...] = ()
    memory: str = ""
    keep: Formula = NOTHING
    take: Formula = NOTHING
    give: Formula = NOTHING
    now: Formula = NOTHING
    beside: bool = False
    averaged: bool = True
    clip: str = ""
    left: Formula = WHOLE
    pulled: bool = False

    @property
    def numbers(self) -> tuple[Formula, Formula, Formula, Formula]:
        """keep, take, give, now."""
        return self.keep, self.take, self.give, self.now

    @property
    def whole(self) -> str:
        """What coins are before clipping."""
        return "average" if self.averaged else "total"


SAVE = ("old_savings = friction * savings", "savings = old_savings + coin")
SQUARES = "square_jar = keep_square * square_jar + (1 - keep_square) * (coin * coin)"
ROOTED = "-learning_rate * coin / (sqrt(square_jar) + epsilon)"
JARS = (
    "old_savings = keep_mean * mean_jar",
    "mean_jar = old_savings + (1 - keep_mean) * coin",
    SQUARES,
    "mean_fill = keep_mean * mean_fill + (1 - keep_mean)",
    "square_fill = keep_square * square_fill + (1 - keep_square)",
    "mean = mean_jar / mean_fill",
    "square = square_jar / square_fill",
)
CORRECTED = "-learning_rate * mean / (sqrt(square) + epsilon)"
FRICTION, AT_ONCE = Formula("friction"), Formula("-learning_rate / (sqrt(square_jar) + epsilon)")
MOMENTUM = Way("Momentum", ("savings",), "savings", keep=FRICTION, take=WHOLE, give=RATE)
ADAM = Way(
    "Adam",
    ("mean_jar", "square_jar", "mean_fill", "square_fill"),
    "mean_jar",
    keep=Formula("keep_mean"),
    take=Formula("1 - keep_mean"),
    give=Formula("-learning_rate / mean_fill / (sqrt(square) + epsilon)"),
)
FAMILIES: tuple[tuple[Way, tuple[str, ...]], ...] = (
    (Way("SGD", now=RATE), ("adjustment = -learning_rate * coin",)),
    (MOMENTUM, (*SAVE, "adjustment = -learning_rate * savings")),
    (
        replace(MOMENTUM, rule="Nesterov", give=Formula("-learning_rate * friction"), now=RATE),
        (*SAVE, "look_ahead = coin + friction * savings", "adjustment = -learning_rate * look_ahead"),
    ),
    (
        Way("AdaGrad", ("square_jar",), now=AT_ONCE),
        ("square_jar = square_jar + coin * coin", f"adjustment = {ROOTED}"),
    ),
    (Way("RMSProp", ("square_jar",), now=AT_ONCE), (SQUARES, f"adjustment = {ROOTED}")),
    (ADAM, (*JARS, f"adjustment = {CORRECTED}")),
    (
        replace(ADAM, rule="AdamW", beside=True),
        (*JARS, "house = -learning_rate * weight_decay * before", f"move = {CORRECTED}", "adjustment = house + move"),
    ),
)
"""Each with the lines that make it, in which "coin" stands for the prepared coin."""
CLIPS = {
    "": (),
    "clip_value": ("clipped = min(clip_value, max(-clip_value, average))",),
    "clip_norm": (
        "sum_of_squares = sum(average * average)",
        "norm = sqrt(sum_of_squares)",
        "shrink = min(1, clip_norm / norm)",
        "clipped = average * shrink",
    ),
}


def way_of(header: Header) -> Way:
    """How the run's rule passes coins on; LedgerError for a rule of which that is not known, and for a fault."""
    way, why = _found(header)
    if way is None:
        raise LedgerError(why)
    return way


def known_ways() -> Iterator[tuple[Way, Lines]]:
    """Every rule with every choice of its options, and the lines of its recipe."""
    for (family, own), clip, pulled, averaged in product(FAMILIES, CLIPS, (False, True), (True, False)):
        coin = "clipped" if clip else "average"
        before = CLIPS[clip]
        if pulled:
            before, coin = (*before, "house = weight_decay * before", f"pull = {coin} + house"), "pull"
        lines = [*before, *(re.sub(r"\bcoin\b", coin, line) for line in own), "after = before + adjustment"]
        if averaged:
            lines = ["average = total / count", *lines]
        else:
            lines = [re.sub(r"\baverage\b", "total", line) for line in lines]
        way = replace(family, averaged=averaged, clip=clip, pulled=pulled)
        if clip:
            left = "shrink" if clip == "clip_norm" else f"1 if {way.whole} == 0 else clipped / {way.whole}"
            way = replace(way, left=Formula(left))
        if not (family.beside and pulled):  # both say what "house" is
            yield way, _spelled(Recipe.of(lines))


@lru_cache(maxsize=1)
def _table() -> dict[Lines, Way]:
    return {lines: way for way, lines in known_ways()}


@at_hand(1)
def _found(header: Header) -> tuple[Way | None, str]:
    """The way, or why there is none."""
    lines = _that_count(header.recipe)
    way = _table().get(lines)
    keeps = {*header.memory, *header.shared_memory}
    used = _names(lines)
    given = keeps & used
    changing = sorted({name for name, _ in header.schedule.lines} & used - {"learning_rate"})
    if way is not None and given == set(way.kept) and not changing and not header.fault:
        return way, ""
    if header.fault:
        what = f"this run makes the mistake {quote(header.fault)} on purpose"
    elif changing:
        what = f"this run's schedule changes {quote(changing[0])} on the way"
    else:
        what = f"the rule {quote(header.rule_name)} {_difference(lines, given)}"
    families = ", ".join(family.rule for family, _ in FAMILIES)
    return None, (
        f"coins can be followed from commit to commit under the lines of one of {families}, with any of their options; "
        f"{what}; look at one commit at a time, as in ledger.receipt(weight, batch=1)"
    )


def _spelled(recipe: Recipe) -> Lines:
    return tuple((name, _text(line)) for name, line in recipe.lines)


def _text(line: Formula | Reduction) -> str:
    if isinstance(line, Reduction):
        return f"{line.function}({text_of(parse(line.inner.text))})"
    return text_of(parse(line.text))


def _names(lines: Lines) -> set[str]:
    return {name for line in Recipe.of(f"{name} = {text}" for name, text in lines).lines for name in line[1].names}


def _that_count(recipe: Recipe) -> Lines:
    """The lines that the adjustment, and the weight after it, depend on: in this commit, or through what is kept."""
    needed, lines = {"adjustment", "after"}, dict(recipe.lines)
    waiting = list(needed)
    while waiting:
        line = lines.get(waiting.pop())
        found = set(line.names if line is not None else ()) - needed
        needed |= found
        waiting += found
    return tuple((name, text) for name, text in _spelled(recipe) if name in needed)


def _difference(lines: Lines, kept: set[str]) -> str:
    """What sets a rule apart from the known one that it has most lines in common with."""
    mine = dict(lines)
    theirs, nearest = max(_table().items(), key=lambda known: _in_common(known[0], lines))
    other = dict(theirs)
    for name, text in lines:
        if name not in other:
            return f"has a line {_line(name, text)}, which {nearest.rule} has not"
        if other[name] != text:
            return f"has {_line(name, text)} where {nearest.rule} has {_line(name, other[name])}"
    missing = [name for name in other if name not in mine]
    if missing:
        return f"has no line {_line(missing[0], other[missing[0]])}, which {nearest.rule} has"
    apart = sorted(kept ^ set(nearest.kept))
    if apart:
        return f"{'keeps' if apart[0] in kept else 'does not keep'} {quote(apart[0])}, unlike {nearest.rule}"
    return f"has the lines of {nearest.rule} in another order"


def _in_common(theirs: Lines, mine: Lines) -> tuple[int, int]:
    """So many lines are the same, and of so many names there is a line in both but not more."""
    names, others = {name for name, _ in theirs}, {name for name, _ in mine}
    return len(set(theirs) & set(mine)), -len(names ^ others)


def _line(name: str, text: str) -> str:
    whole = f"{name} = {text}"
    return repr(whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…")
