"""What a lesson's run really does, for the tests of what its script tells."""

from __future__ import annotations

from piggybank import Lesson, Run
from piggybank.ledger.lines import Ref


def walk(run: Run, batches: int, weight: str = "x1->y") -> list[float]:
    """A weight before the first and after every batch."""
    run.ensure(batches)
    found: list[float] = run.ledger.trace(weight).values.tolist()
    return found[: batches + 1]


def coins(run: Run, batch: int, weight: str = "x1->y") -> list[float]:
    """What each sample of a batch put into the weight's bank."""
    count = run.ledger.batch(batch).count
    return [run.ledger.open(Ref("slice", weight, batch, sample)).value for sample in range(1, count + 1)]


def answers(lesson: Lesson) -> dict[str, str]:
    """For every gate the right answer as it is shown; each has exactly one right choice, if it has choices."""
    found = {}
    for beat, (at, _) in lesson.asking.items():
        asked = lesson.asked(beat)
        assert asked is not None
        assert [option.right for option in asked.options].count(True) == (1 if asked.options else 0)
        found[at] = asked.text
    return found
