"""Cues: where they stand, how long they last, and that the numbers in their words are the ledger's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

import pytest
from looks import caption, lesson_named, look
from sitting import each_lesson

from piggybank import Cue, LedgerError, Lesson
from piggybank.app.course import load_lesson
from piggybank.app.vocabulary import SIGNED
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.stage import digits
from piggybank.stage.regions import regions
from piggybank.stage.timeline import PHASES

Figure = Callable[[str, object], None]


def lesson_numbered(number: int) -> Lesson:
    lesson = lesson_named(f"lesson {number}") if number in (1, 2, 12) else load_lesson(number)
    lesson.ensure(0)
    return lesson


@each_lesson
def test_every_cue_stands_at_a_moment_within_the_plan_and_no_two_at_the_same(number: int) -> None:
    lesson = lesson_numbered(number)
    beats = [lesson.timeline.find(cue.at) for cue in lesson.cues]
    assert beats == sorted(set(beats))
    assert max(beats) < lesson.timeline.length(lesson.batches)


@each_lesson
def test_the_words_of_a_cue_stand_on_screen_in_at_most_three_lines(number: int, figure: Figure) -> None:
    lesson, size = lesson_numbered(number), (1024, 768)
    most = 0
    for cue in lesson.cues:
        beat = lesson.timeline.find(cue.at)
        words = caption(lesson, beat)
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
    lesson, checked = lesson_numbered(number), 0
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
        found = re.fullmatch(words, caption(lesson, lesson.timeline.find(cue.at)))
        assert found is not None, cue
        for name, text in zip(names, found.groups(), strict=True):
            assert text == digits.shown(values[name], name in SIGNED), (cue, name)
            checked += 1
    figure(f"T32 lesson {number}, numbers in its cues", checked)


def test_the_words_of_lessons_1_and_2_say_what_their_numbers_make_true() -> None:
    one, two = lesson_named("lesson 1"), lesson_named("lesson 2")
    assert caption(one, one.timeline.find("1.1.commit")).startswith(
        "The hammer flips the sign: coin −4, adjustment +0.5."
    )
    assert "Shopper 4's coin is empty" in caption(two, two.timeline.find("2.2.4.bank"))
    assert two.run.ledger.receipt("x1->y", batch=2, sample=4).value == 0


def test_words_that_name_a_weight_keep_its_numbers_whatever_is_selected() -> None:
    lesson = load_lesson(4)
    beat = lesson.timeline.find("1.1.1.bank")
    assert {caption(lesson, beat, selected) for selected in ("x1->y", "x2->y")} == {caption(lesson, beat)}
    assert "the pears' coin is 0, empty" in caption(lesson, beat)


def test_words_of_a_weight_that_there_is_not_are_refused() -> None:
    with pytest.raises(LedgerError, match="did you mean 'x2->y'"):
        replace(load_lesson(4), cues=[Cue("1.1.1.bank", "{coin}", weight="x2->z")])


@each_lesson
def test_a_cue_lasts_until_the_next_one_or_the_end_of_its_sample_or_commit(number: int) -> None:
    lesson = lesson_numbered(number)
    cues = {lesson.timeline.find(cue.at): cue for cue in lesson.cues}
    speaking = ""
    for beat in range(lesson.timeline.length(min(lesson.batches, 4))):
        moment = lesson.timeline.moment(beat)
        place = lesson.timeline.beats_per_sample
        first = moment.phase == PHASES[-1] or (beat - lesson.timeline.first_beat(moment.batch)) % place == 0
        speaking = cues[beat].says if beat in cues else "" if first else speaking
        assert bool(caption(lesson, beat)) == bool(speaking)
