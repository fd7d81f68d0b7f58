"""The lessons: every table of the curriculum row by row, what their comments promise, and the words on screen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from looks import lesson_named, look

from piggybank import SGD, Cue, Dense, LedgerError, Lesson, Network, Run, load
from piggybank.app.course import course, load_lesson
from piggybank.app.vocabulary import SIGNED
from piggybank.ledger import bank
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.receipt import commit_values
from piggybank.stage import digits
from piggybank.stage.regions import regions
from piggybank.stage.timeline import PHASES

Figure = Callable[[str, object], None]
each_lesson = pytest.mark.parametrize("number", [entry.number for entry in course()])


def weights_of(run: Run) -> list[float]:
    """The first weight before the first and after every batch."""
    return run.ledger.trace(run.ledger.header.weights[0].name).values.tolist()


def variant(number: int, batches: int, **changes: object) -> Run:
    """The lesson's run with some settings changed, trained so far."""
    settings: dict[int, dict[str, object]] = {
        1: {"weights": 0.5, "data": "one coin", "rule": SGD(1 / 8), "batch_size": 1},
        2: {"weights": 1, "data": "frozen", "rule": SGD(1 / 8), "batch_size": 4},
    }
    wanted = {**settings[number], **changes}
    network = Network(Dense(1, 1, weights=wanted.pop("weights"), bias=False))
    return Run(network, **wanted).train(batches=batches)  # type: ignore[arg-type]


# Lesson 1 -------------------------------------------------------------------------------------------------------------

ONE_COIN = [
    (1, 0.5, 1, -2, -4, 0.5, 1, 2),
    (2, 1, 2, -1, -2, 0.25, 1.25, 0.5),
    (3, 1.25, 2.5, -0.5, -1, 0.125, 1.375, 0.125),
    (4, 1.375, 2.75, -0.25, -0.5, 0.0625, 1.4375, 0.03125),
]
"""Commit, w, prediction, error, coin, adjustment, new w, loss: CURRICULUM, L1."""


@pytest.mark.parametrize("row", ONE_COIN, ids=lambda row: f"commit {row[0]}")
def test_lesson_1_is_its_table(row: tuple[float, ...]) -> None:
    ledger = lesson_named("lesson 1").run.ledger
    weight, batch = ledger.weight("x1->y"), int(row[0])
    record, values = ledger.batch(batch), commit_values(ledger, weight, batch)
    assert row[1:] == (
        values["before"],
        record.outputs[-1][0, 0],
        record.outputs[-1][0, 0] - ledger.header.targets[0, 0],
        bank.slices(ledger.header, record, weight)[0],
        values["adjustment"],
        values["after"],
        ledger.batch_loss(batch),
    )


def test_lesson_1_is_exact_for_52_commits_and_rounds_at_the_53rd(figure: Figure) -> None:
    run = load_lesson(1).run
    run.ensure(60)
    exact, weights = Fraction(1, 2), weights_of(run)
    agrees, said = [], []
    for batch in range(1, 61):
        exact -= Fraction(1, 8) * 2 * (2 * exact - 3)
        agrees.append(Fraction(weights[batch]) == exact)
        receipt = run.ledger.receipt("x1->y", batch=batch, sample=1)
        neuron = run.ledger.receipt("y", batch=batch, sample=1)
        said.append(all(line.exact for line in (*receipt.lines, *neuron.lines)))
    assert agrees[:53] == [True] * 52 + [False]
    assert said[:53] == [True] * 52 + [False]
    figure("T8 lesson 1, first rounded commit", agrees.index(False) + 1)


@pytest.mark.parametrize(
    ("rate", "weights"),
    [
        (1 / 4, [0.5, 1.5, 1.5, 1.5]),
        (1 / 2, [0.5, 2.5, 0.5, 2.5, 0.5, 2.5]),
        (1, [0.5, 4.5, -7.5, 28.5, -79.5]),
    ],
)
def test_lesson_1_modified_does_what_its_comment_says(rate: float, weights: list[float]) -> None:
    assert weights_of(variant(1, len(weights) - 1, rule=SGD(rate))) == weights


def test_lesson_1_halves_the_distance_with_every_commit() -> None:
    weights = weights_of(variant(1, 50))
    assert all(1.5 - after == (1.5 - before) / 2 for before, after in pairwise(weights))


def test_lesson_1_a_row_of_ones_own_lands_in_one_commit_at_one_over_sixteen() -> None:
    assert weights_of(variant(1, 1, data=([[4]], [[6]]), rule=SGD(1 / 16))) == [0.5, 1.5]


# Lesson 2 -------------------------------------------------------------------------------------------------------------

FROZEN = [
    (1, (1, -5, -3, -1), (2, -10, -6, -2), -16, -4, 0.5, 1.5, 4.5),
    (2, (2, -4, -2, 0), (4, -8, -4, 0), -8, -2, 0.25, 1.75, 3),
    (3, (2.5, -3.5, -1.5, 0.5), (5, -7, -3, 1), -4, -1, 0.125, 1.875, 2.625),
    (4, (2.75, -3.25, -1.25, 0.75), (5.5, -6.5, -2.5, 1.5), -2, -0.5, 0.0625, 1.9375, 2.53125),
]
"""Commit, errors, coins, total, average, adjustment, new w, mean loss: CURRICULUM, L2."""


@pytest.mark.parametrize("row", FROZEN, ids=lambda row: f"commit {row[0]}")
def test_lesson_2_is_its_table(row: tuple[object, ...]) -> None:
    ledger = lesson_named("lesson 2").run.ledger
    weight, batch = ledger.weight("x1->y"), int(row[0])  # type: ignore[call-overload]
    record, values = ledger.batch(batch), commit_values(ledger, weight, batch)
    errors = record.outputs[-1][:, 0] - ledger.header.targets[list(record.rows), 0]
    coins = bank.slices(ledger.header, record, weight)
    names = ("total", "average", "adjustment", "after")
    found = (tuple(errors.tolist()), tuple(coins.tolist()), *(values[name] for name in names), ledger.batch_loss(batch))
    assert row[1:] == found


def test_lesson_2_rounds_first_where_the_receipt_says_so(figure: Figure) -> None:
    run = load_lesson(2).run
    run.ensure(60)
    exact, agrees, said = Fraction(1), [], []
    for batch in range(1, 61):
        exact -= Fraction(1, 8) * sum(2 * (2 * exact - y) for y in (1, 7, 5, 3)) / 4
        agrees.append(Fraction(run.ledger.weights_at(batch)[0][0, 0].item()) == exact)
        receipts = [run.ledger.receipt("x1->y", batch=batch, sample=sample) for sample in (1, 2, 3, 4)]
        neurons = [run.ledger.receipt("y", batch=batch, sample=sample) for sample in (1, 2, 3, 4)]
        said.append(all(line.exact for receipt in (*receipts, *neurons) for line in receipt.lines))
    first = agrees.index(False)
    assert agrees[:first] == [True] * first
    figure("T8 lesson 2, first commit whose weight is rounded", first + 1)
    figure("T8 lesson 2, first commit with a rounded line", said.index(False) + 1)
    assert said.index(False) <= first, "a weight is rounded before a receipt says so"
    assert _first_rounding(60) == said.index(False) + 1


def _first_rounding(batches: int) -> int:
    """The first commit at which any of its operations rounds, each done in fractions beside the floats."""
    w = 1.0
    for batch in range(1, batches + 1):
        exact, total = True, 0.0
        for y in (1.0, 7.0, 5.0, 3.0):
            prediction, error = 2 * w, 2 * w - y
            exact &= Fraction(prediction) == 2 * Fraction(w) and Fraction(error) == Fraction(prediction) - Fraction(y)
            coin = 2 * error
            exact &= Fraction(total) + Fraction(coin) == Fraction(total + coin)
            total += coin
        adjustment = -0.125 * (total / 4)
        exact &= Fraction(w) + Fraction(adjustment) == Fraction(w + adjustment)
        w += adjustment
        if not exact:
            return batch
    return 0


def test_lesson_2_with_batches_of_one_moves_after_every_coin() -> None:
    run = variant(2, 4, batch_size=1)
    assert weights_of(run) == [1, 0.75, 2.125, 2.3125, 1.90625]
    weight = run.ledger.weight("x1->y")
    coins = [bank.slices(run.ledger.header, record, weight)[0] for record in run.ledger]
    assert coins == [2, -11, -1.5, 3.25]


def test_lesson_2_with_batches_of_two_ends_the_first_epoch_at_1_75() -> None:
    assert weights_of(variant(2, 2, batch_size=2)) == [1, 1.5, 1.75]


def test_lesson_2_loss_settles_at_two_and_a_half() -> None:
    assert variant(2, 80).ledger.batch_loss(80) == 2.5


# Lesson 4 -------------------------------------------------------------------------------------------------------------

TWO_PIGGIES = [
    ((0, 0), (-8, -4, -12, 0), (-16, 0, -24, 0), (0, -8, -24, 0), (-10, -8), (2.5, 2), (2.5, 2)),
    ((2.5, 2), (-3, 0, -3, 0), (-6, 0, -6, 0), (0, 0, -6, 0), (-3, -1.5), (0.75, 0.375), (3.25, 2.375)),
    ((3.25, 2.375), (-1.5, 0.75, -0.75, 0), (-3, 0, -1.5, 0), (0, 1.5, -1.5, 0), (-1.125, 0), (0.28125, 0),
     (3.53125, 2.375)),
]  # fmt: skip
"""Weights, errors, coins of w1, coins of w2, averages, adjustments, new weights: CURRICULUM, L4."""


@pytest.mark.parametrize("commit", range(1, 4))
def test_lesson_4_is_its_table(commit: int) -> None:
    lesson = load_lesson(4)
    lesson.ensure(0)
    ledger, row = lesson.run.ledger, TWO_PIGGIES[commit - 1]
    record = ledger.batch(commit)
    weights = ledger.header.weights
    values = [commit_values(ledger, weight, commit) for weight in weights]
    targets = ledger.header.targets[list(record.rows), 0]
    found = (
        tuple(v["before"] for v in values),
        tuple((record.outputs[-1][:, 0] - targets).tolist()),
        *(tuple(bank.slices(ledger.header, record, weight).tolist()) for weight in weights),
        tuple(v["average"] for v in values),
        tuple(v["adjustment"] for v in values),
        tuple(v["after"] for v in values),
    )
    assert found == row


def test_lesson_4_is_exact_up_to_commit_26(figure: Figure) -> None:
    run = load_lesson(4).run.train(batches=30)
    rows = [[Fraction(v) for v in row] for row in run.dataset.inputs.tolist()]
    targets = [Fraction(v[0]) for v in run.dataset.targets.tolist()]
    weights, first = [Fraction(0), Fraction(0)], 0
    for commit in range(1, 31):
        errors = [sum((w * x for w, x in zip(weights, row, strict=True)), Fraction(0)) - t
                  for row, t in zip(rows, targets, strict=True)]  # fmt: skip
        for place in (0, 1):
            total = sum((e * row[place] for e, row in zip(errors, rows, strict=True)), Fraction(0))
            weights[place] -= total / 4 / 4
        ours = run.ledger.weights_at(commit)[0][:, 0].tolist()
        if not first and [Fraction(value) for value in ours] != weights:
            first = commit
    figure("T8 lesson 4, first rounded commit", first)
    assert first == 27


def test_lesson_4_returned_apples_have_an_error_of_8_and_a_coin_of_minus_16() -> None:
    data = ([[-2, 0], [0, 2], [2, 2], [0, 0]], [-8, 4, 12, 0])
    network = Network(Dense(2, 1, weights=[0, 0], bias=False))
    run = Run(network, data, rule=SGD(1 / 4), batch_size=4).train(batches=1)
    record = run.ledger.batch(1)
    assert record.outputs[-1][0, 0] - run.dataset.targets[0, 0] == 8
    assert bank.slices(run.ledger.header, record, run.ledger.weight("x1->y"))[0] == -16


# Lesson 12 ------------------------------------------------------------------------------------------------------------


def penguins(flipped: int | None = None) -> Run:
    data = load("penguins")
    targets = np.array(data.targets)
    if flipped is not None:
        targets[flipped] = 1 - targets[flipped]
    network = Network(Dense(2, 1, "sigmoid", weights=[0, 0]))
    settings = {"rule": SGD(1 / 2), "loss": "binary cross-entropy", "batch_size": 8}
    return Run(network, (data.inputs, targets), **settings).train(epochs=6)  # type: ignore[arg-type]


def total_coins(run: Run) -> list[float]:
    """Per row the sum of its coins' sizes over all epochs, from the ledger's inputs and blame."""
    header, totals = run.ledger.header, [0.0] * run.ledger.header.rows
    for record in run.ledger:
        for place, row in enumerate(record.rows):
            blame = abs(record.blame[0][place, 0].item())
            totals[row] += sum(abs(x) * blame for x in header.inputs[row].tolist()) + blame
    return totals


def test_lesson_12_gets_24_of_24_right_after_six_epochs(figure: Figure) -> None:
    lesson = lesson_named("lesson 12")
    header = lesson.run.ledger.header
    w1, w2, b = lesson.run.ledger.weights_at(lesson.batches)[0][:, 0].tolist()
    right = sum(
        (x1 * w1 + x2 * w2 + b > 0) == (target == 1)
        for (x1, x2), (target,) in zip(header.inputs.tolist(), header.targets.tolist(), strict=True)
    )
    figure("T32 lesson 12, rows right after six epochs", f"{right} of {header.rows}")
    assert (right, header.rows, lesson.batches) == (24, 24, 18)


def test_lesson_12_a_flipped_row_puts_in_most_for_21_of_24_flips(figure: Figure) -> None:
    found = 0
    for row in range(24):
        totals = total_coins(penguins(flipped=row))
        found += totals.index(max(totals)) == row
    figure("T32 lesson 12, flips found by the largest coins", f"{found} of 24")
    assert found == 21


def test_lesson_12_the_summary_of_epochs_adds_up_to_the_same_totals() -> None:
    run = penguins(flipped=5)
    summed = sum(run.ledger.epoch(epoch).contributions for epoch in range(1, 7))
    assert summed == pytest.approx(total_coins(run), rel=1e-12)


# Scripts --------------------------------------------------------------------------------------------------------------


def test_the_course_has_the_lessons_of_the_folder_in_order() -> None:
    entries = course()
    assert [entry.number for entry in entries] == sorted(entry.number for entry in entries)
    assert {1, 2, 12} <= {entry.number for entry in entries}
    for entry in entries:
        lesson = load_lesson(entry.number)
        assert (lesson.number, lesson.title) == (entry.number, entry.title)


@each_lesson
def test_a_script_is_at_most_60_lines_and_reads_in_the_five_steps(number: int) -> None:
    text = next(entry.path for entry in course() if entry.number == number).read_text("utf-8")
    assert len(text.splitlines()) <= 60
    steps = re.findall(r"^# (PREDICT|RUN|INVESTIGATE|MODIFY|MAKE)\b", text, re.MULTILINE)
    assert steps == ["PREDICT", "RUN", "INVESTIGATE", "MODIFY", "MAKE"]


@each_lesson
def test_a_script_runs_unmodified_from_another_folder_and_says_where_it_drew(number: int, tmp_path: Path) -> None:
    import os

    path = next(entry.path for entry in course() if entry.number == number)
    environment = {**os.environ, "PYTHONPATH": str(path.parent.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    drawn = list(tmp_path.glob("*.gif"))
    assert [path.name for path in drawn] == [f"piggybank-lesson-{number}.gif"]
    assert str(drawn[0].resolve()) in done.stdout


# Cues -----------------------------------------------------------------------------------------------------------------


def settings_of(number: int) -> Lesson:
    lesson = lesson_named(f"lesson {number}") if number in (1, 2, 12) else load_lesson(number)
    lesson.ensure(0)
    return lesson


@each_lesson
def test_every_cue_stands_at_a_moment_within_the_plan_and_no_two_at_the_same(number: int) -> None:
    lesson = settings_of(number)
    beats = [lesson.timeline.find(cue.at) for cue in lesson.cues]
    assert beats == sorted(set(beats))
    assert max(beats) < lesson.timeline.length(lesson.batches)


@each_lesson
def test_the_words_of_a_cue_stand_on_screen_in_at_most_three_lines(number: int, figure: Figure) -> None:
    lesson, size = settings_of(number), (1024, 768)
    most = 0
    for cue in lesson.cues:
        beat = lesson.timeline.find(cue.at)
        words = lesson.caption(beat)
        assert not set("{}") & set(words)
        labels = [a for a in look(lesson, beat, 1.0, size).labels() if regions(size).caption.contains(a.x, a.y)]
        said = list(accumulate(label.text.replace(" ", "") for label in labels))
        assert words.replace(" ", "") in said
        lines = {label.y for label in labels[: said.index(words.replace(" ", "")) + 1]}
        assert len(lines) <= 3, words
        most = max(most, len(lines))
    figure(f"T32 lesson {number}, lines of its longest cue at 1024x768", most)


@each_lesson
def test_the_numbers_in_a_cues_words_are_the_ledgers(number: int, figure: Figure) -> None:
    lesson, checked = settings_of(number), 0
    ledger = lesson.run.ledger
    weight = ledger.weight(lesson.selected or ledger.header.weights[0].name)
    for cue in lesson.cues:
        moment = lesson.timeline.moment(lesson.timeline.find(cue.at))
        record, sample = ledger.batch(moment.batch), moment.sample - 1
        row, commit = record.rows[sample], commit_values(ledger, weight, moment.batch)
        slices = bank.slices(ledger.header, record, weight).tolist()
        held = 0.0
        for coin in slices[: moment.sample]:
            held += coin
        prediction, target = record.outputs[-1][sample, 0].item(), ledger.header.targets[row, 0].item()
        values = {
            **commit,
            "input": bank.layer_inputs(ledger.header, record, weight.layer)[sample, weight.row].item(),
            "blame": record.blame[weight.layer][sample, weight.column].item(),
            "coin": slices[sample],
            "bank": held,
            "prediction": prediction,
            "target": target,
            "error": prediction - target,
            "loss": sample_loss(ledger, moment.batch, moment.sample),
        }
        words = re.escape(cue.says)
        names = re.findall(r"\{(\w+)\}", cue.says)
        for name in names:
            words = words.replace(re.escape("{" + name + "}"), r"(\S+?)", 1)
        found = re.fullmatch(words, lesson.caption(lesson.timeline.find(cue.at)))
        assert found is not None, cue
        for name, text in zip(names, found.groups(), strict=True):
            assert text == digits.shown(values[name], name in SIGNED), (cue, name)
            checked += 1
    figure(f"T32 lesson {number}, numbers in its cues", checked)


def test_the_words_of_lessons_1_and_2_say_what_their_numbers_make_true() -> None:
    one, two = lesson_named("lesson 1"), lesson_named("lesson 2")
    assert one.caption(one.timeline.find("1.1.commit")).startswith(
        "The hammer flips the sign: coin −4, adjustment +0.5."
    )
    assert "Shopper 4's coin is empty" in two.caption(two.timeline.find("2.2.4.bank"))
    assert FROZEN[1][2][3] == 0  # type: ignore[index]


def test_words_that_name_a_weight_keep_its_numbers_whatever_is_selected() -> None:
    lesson = load_lesson(4)
    beat = lesson.timeline.find("1.1.1.bank")
    assert {lesson.caption(beat, selected) for selected in ("x1->y", "x2->y")} == {lesson.caption(beat)}
    assert "the pears' coin is 0, empty" in lesson.caption(beat)


def test_words_of_a_weight_that_there_is_not_are_refused() -> None:
    with pytest.raises(LedgerError, match="did you mean 'x2->y'"):
        replace(load_lesson(4), cues=[Cue("1.1.1.bank", "{coin}", weight="x2->z")])


@each_lesson
def test_a_cue_lasts_until_the_next_one_or_the_end_of_its_sample_or_commit(number: int) -> None:
    lesson = settings_of(number)
    cues = {lesson.timeline.find(cue.at): cue for cue in lesson.cues}
    speaking = ""
    for beat in range(lesson.timeline.length(min(lesson.batches, 4))):
        moment = lesson.timeline.moment(beat)
        place = lesson.timeline.beats_per_sample
        first = moment.phase == PHASES[-1] or (beat - lesson.timeline.first_beat(moment.batch)) % place == 0
        speaking = cues[beat].says if beat in cues else "" if first else speaking
        assert bool(lesson.caption(beat)) == bool(speaking)
