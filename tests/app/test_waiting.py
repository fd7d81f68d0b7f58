"""How playing waits: at the phases a lesson stops at, and while its words are read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from looks import caption
from opened import SIZE

from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson
from piggybank.app.player import PLAYING, STILL, Track, reduce, start
from piggybank.app.screen import screen
from piggybank.stage.scene import Label
from piggybank.stage.timeline import Cursor


def track_of(lesson: Lesson) -> Track:
    lesson.ensure(0)
    ledger = lesson.run.ledger
    return Track(
        lesson.timeline,
        ledger.header,
        len(ledger),
        lesson.batches,
        stops=frozenset(lesson.stops),
        reading=lesson.reading,
    )


def test_playing_waits_after_the_phases_a_lesson_stops_at() -> None:
    lesson = load_lesson(2)
    track, state = track_of(lesson), start(lesson.run.ledger.header)
    stops = []
    for _ in range(5):
        state = reduce(state, "toggle", "", track)
        assert state.motion == PLAYING
        state = reduce(state, "tick", "1000", track)
        assert state.motion == STILL
        stops.append(lesson.timeline.address(state.cursor.beat))
    assert stops == ["1.1.1.bank", "1.1.2.bank", "1.1.3.bank", "1.1.4.bank", "1.1.commit"]


def test_playing_stays_on_a_settled_beat_while_its_words_are_read_and_stepping_does_not() -> None:
    lesson = load_lesson(1)
    track = track_of(lesson)
    assert lesson.reading(0) == len(lesson.cues[0].says.split()) / 4
    state = replace(start(lesson.run.ledger.header), motion=PLAYING)
    played = lesson.timeline.seconds(0)
    almost = reduce(state, "tick", str(played + lesson.reading(0) * 0.9), track)
    assert almost.cursor == Cursor(0, 1.0)
    on = reduce(almost, "tick", str(lesson.reading(0) * 0.2), track)
    assert on.cursor.beat == 1
    stepped = reduce(replace(state, motion="stepping"), "tick", "1000", track)
    assert (stepped.cursor, stepped.motion) == (Cursor(0, 1.0), STILL)


@pytest.mark.parametrize(("address", "early", "late"), [("1.1.3.bank", 0.5, 1.0), ("1.1.commit", 0.7, 0.9)])
def test_words_have_gaps_until_their_numbers_are_known(address: str, early: float, late: float) -> None:
    lesson = load_lesson(2)
    beat = lesson.timeline.find(address)
    lesson.ensure(beat)
    state = start(lesson.run.ledger.header)
    with_numbers, with_gaps = caption(lesson, beat), caption(lesson, beat, revealed=False)
    ahead = {"1.1.3.bank": ("−6", "−14"), "1.1.commit": ("is −4", "+0.5")}[address]
    assert all(text in with_numbers and text not in with_gaps for text in ahead)
    assert with_gaps.count("…") == 2

    def says(words: str, progress: float) -> bool:
        scene = screen(lesson, replace(state, cursor=Cursor(beat, progress)), SIZE)
        return words.replace(" ", "") in "".join(
            label.text for label in scene.step if isinstance(label, Label)
        ).replace(" ", "")

    assert says(with_gaps, early)
    assert not says(with_numbers, early)
    assert says(with_numbers, late)
    assert not says(with_gaps, late)
