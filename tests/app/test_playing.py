"""Playing: how it goes on, waits for words, stops, and what time and speed do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from looks import fresh
from reducing import BATCHES, LESSON, TIMELINE, after, at, track, wait

from piggybank.app.controls import SPEEDS
from piggybank.app.player import PLAYING, STILL, PlayerState, Track
from piggybank.stage.timeline import Cursor

TINY = 1e-9


def play_out(state: PlayerState, on: Track) -> PlayerState:
    for _ in range(10_000):
        if state.motion == STILL:
            return state
        state = wait(state, 0.5, on)
    raise AssertionError("playing never ends")


def test_playing_stops_at_the_planned_end_and_plays_on_from_there() -> None:
    on = track()
    state = play_out(after(fresh(LESSON), "toggle", on=on), on)
    last = TIMELINE.length(BATCHES) - 1
    assert state.cursor == Cursor(last, 1.0)
    state = wait(after(state, "toggle", on=on), 3 * TIMELINE.seconds(0), on)
    assert state.motion == PLAYING
    assert state.cursor.beat > last


def test_playing_without_a_plan_goes_on() -> None:
    on = track(planned=0)
    state = wait(after(fresh(LESSON), "toggle", on=on), 1000, on)
    assert state.motion == PLAYING
    assert state.cursor.beat > TIMELINE.length(20)


def test_a_stage_that_does_not_grow_stops_at_its_end_with_a_notice() -> None:
    on = track(planned=0, grows=False)
    last = TIMELINE.length(BATCHES) - 1
    state = play_out(after(fresh(LESSON), "toggle", on=on), on)
    assert state.cursor == Cursor(last, 1.0)
    assert state.notice == ""
    state = after(state, "toggle", on=on)
    assert (state.cursor, state.motion) == (Cursor(last, 1.0), STILL)
    assert "end of the recording" in state.notice
    for command in ("forward", "next_sample", "next_batch", "end", "commit 99", "sample 50.1"):
        assert after(state, command, on=on).cursor == Cursor(last, 1.0), command


def test_a_plan_beyond_the_recording_stops_at_the_recording() -> None:
    on = track(planned=BATCHES + 3, grows=False)
    assert play_out(after(fresh(LESSON), "toggle", on=on), on).cursor == Cursor(TIMELINE.length(BATCHES) - 1, 1.0)


def test_pausing_keeps_the_moment_and_playing_on_starts_there() -> None:
    state = wait(after(fresh(LESSON), "toggle"), 0.25)
    paused = after(state, "toggle")
    assert (paused.cursor, paused.motion) == (state.cursor, STILL)
    assert wait(paused, 10) == paused
    assert after(paused, "toggle") == state


@pytest.mark.parametrize("parts", [2, 7, 100, 1000])
def test_many_small_ticks_are_one_big_tick(parts: int) -> None:
    start = replace(fresh(LESSON), motion=PLAYING)
    whole, state = wait(start, 11.3), start
    for _ in range(parts):
        state = wait(state, 11.3 / parts)
    assert state.cursor.beat == whole.cursor.beat
    assert state.cursor.progress == pytest.approx(whole.cursor.progress, abs=1e-6)
    assert replace(state, cursor=whole.cursor) == whole


def test_time_only_goes_forward_and_every_beat_lasts_as_long_as_its_phase() -> None:
    state, seconds = replace(fresh(LESSON), motion=PLAYING), 0.0
    cursors = [state.cursor]
    for beat in range(30):
        seconds += TIMELINE.seconds(beat)
        state = wait(state, TIMELINE.seconds(beat) - TINY if beat == 0 else TIMELINE.seconds(beat))
        cursors.append(state.cursor)
        assert state.cursor.beat == beat
        assert state.cursor.progress == pytest.approx(1.0, abs=1e-6)
    assert all((a.beat, a.progress) < (b.beat, b.progress) for a, b in pairwise(cursors))


def test_a_tick_moves_nothing_that_is_still_and_keeps_the_notice() -> None:
    state = at(5, 0.4, notice="a word")
    assert wait(state, 5) == state
    assert after(state, "help").notice == ""


def test_speed_stretches_time_and_stays_within_its_steps() -> None:
    for speed in SPEEDS:
        start = replace(fresh(LESSON), motion=PLAYING, speed=speed)
        expected = wait(replace(start, speed=1.0), 2.0 * speed)
        assert wait(start, 2.0).cursor == expected.cursor
    fast, slow = fresh(LESSON), fresh(LESSON)
    seen = []
    for _ in range(10):
        fast, slow = after(fast, "faster"), after(slow, "slower")
        seen += [fast.speed, slow.speed]
    assert set(seen) | {1.0} == set(SPEEDS)
    assert (fast.speed, slow.speed) == (max(SPEEDS), min(SPEEDS))
