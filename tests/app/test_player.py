"""The player's reducer: pure, every command of the key table, stepping, and what is open."""

from __future__ import annotations

import copy
import random
from dataclasses import asdict, replace

import pytest
from looks import fresh, lesson_named, run_of
from reducing import BATCHES, LESSON, TIMELINE, after, at, track, wait

from piggybank import Lesson
from piggybank.app.controls import COMMANDS, CONTROLS
from piggybank.app.player import PLAYING, STEPPING, STILL, Track, reduce
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Cursor, Timeline

HANDLED_BY_THE_SESSION = {"copy", "menu", "quit", "focus_next", "focus_previous", "front"}


def test_reduce_is_pure() -> None:
    numbers, state = random.Random(1), fresh(LESSON)
    arguments = {"tick": "0.3", "sample": "2.3", "commit": "3", "tab": "2", "notice": "a word", "inspect": "y"}
    for _ in range(3000):
        command = numbers.choice([*COMMANDS.values(), *arguments, "nonsense"])
        before = copy.deepcopy(state)
        first = reduce(state, command, arguments.get(command, ""), track())
        assert state == before, f"{command} changed the state it was given"
        assert reduce(state, command, arguments.get(command, ""), track()) == first
        state = first


def test_every_command_of_the_key_table_changes_the_state_somewhere() -> None:
    start = at(12, 0.5, blank=False, help=False, selected="x1->y", inspecting="x1->y")
    penguins = lesson_named("lesson 12")
    for control in CONTROLS:
        if control.command in HANDLED_BY_THE_SESSION:
            continue
        changed = [
            reduce(state, control.command, "", where) != state
            for state, where in (
                (start, track()),
                (at(12), track()),
                (replace(start, trail=(Ref("setting", "one"),)), track()),
                (fresh(penguins), track(lesson=penguins)),
                (fresh(penguins, selected="x1->y"), track(lesson=penguins)),
            )
        ]
        assert any(changed), f"{control.command} does nothing"


def test_no_key_stands_for_two_commands() -> None:
    keys = [key for control in CONTROLS for key in control.keys]
    assert len(keys) == len(set(keys)) == len(COMMANDS)


@pytest.mark.parametrize("command", ["", "nonsense", "__class__", "Forward", "tick2"])
def test_an_unknown_command_changes_nothing(command: str) -> None:
    state = at(7, 0.3, motion=PLAYING, speed=2.0, inspecting="x1->y")
    assert reduce(state, command, "1.1", track()) == state


# Stepping -------------------------------------------------------------------------------------------------------------


def test_a_step_forward_plays_one_beat_and_settles() -> None:
    state = after(at(3), "forward")
    assert (state.cursor, state.motion) == (Cursor(4, 0.0), STEPPING)
    state = wait(state, TIMELINE.seconds(4) / 2)
    assert state.cursor.beat == 4
    assert state.cursor.progress == pytest.approx(0.5)
    state = wait(state, 100)
    assert (state.cursor, state.motion) == (Cursor(4, 1.0), STILL)


@pytest.mark.parametrize("beat", range(Timeline.length(TIMELINE, BATCHES) - 1))
def test_forward_and_back_returns_to_the_settled_state(beat: int) -> None:
    state = at(beat)
    assert after(wait(after(state, "forward"), 100), "back") == state


def test_forward_in_the_middle_of_a_beat_finishes_it() -> None:
    assert after(at(5, 0.4, motion=STEPPING), "forward") == at(5)


def test_back_never_lands_in_the_middle_of_a_beat() -> None:
    for beat in range(TIMELINE.length(BATCHES)):
        for progress in (0.0, 0.2, 0.99, 1.0):
            for motion in (STILL, STEPPING, PLAYING):
                state = after(at(beat, progress, motion=motion), "back")
                expected = Cursor(beat - 1, 1.0) if beat else Cursor(0, 0.0)
                assert (state.cursor, state.motion) == (expected, STILL)


def test_nothing_goes_back_before_the_beginning() -> None:
    for command in ("back", "previous_sample", "previous_batch", "home"):
        assert after(fresh(LESSON), command).cursor == Cursor(0, 0.0)


def test_the_next_sample_is_its_settled_banking_and_after_the_last_comes_the_commit() -> None:
    state, visited = fresh(LESSON), []
    for _ in range(10):
        state = after(state, "next_sample")
        assert (state.cursor.progress, state.motion) == (1.0, STILL)
        visited.append(TIMELINE.address(state.cursor.beat))
    first = ["1.1.1.bank", "1.1.2.bank", "1.1.3.bank", "1.1.4.bank", "1.1.commit"]
    assert visited == [*first, *(address.replace("1.1", "2.2", 1) for address in first)]
    back = []
    for _ in range(10):
        state = after(state, "previous_sample")
        back.append((state.cursor, TIMELINE.address(state.cursor.beat)))
    assert [address for _, address in back[:-1]] == visited[-2::-1]
    assert back[-1][0] == Cursor(0, 0.0)


def test_the_next_batch_is_its_settled_commit_and_back_again() -> None:
    commits = [TIMELINE.commit_beat(batch) for batch in (1, 2, 3)]
    state, visited = fresh(LESSON), []
    for command in ("next_batch",) * 3 + ("previous_batch",) * 3:
        state = after(state, command)
        visited.append(state.cursor)
    assert visited == [*(Cursor(b, 1.0) for b in (*commits, commits[1], commits[0])), Cursor(0, 0.0)]


def test_home_and_end() -> None:
    assert after(at(9, 0.3, motion=PLAYING), "home") == at(0, 0.0)
    assert after(at(9), "end").cursor == Cursor(TIMELINE.commit_beat(BATCHES), 1.0)


def test_a_click_on_a_sample_or_a_commit_goes_there() -> None:
    assert after(at(0), "sample 3.2").cursor == Cursor(TIMELINE.find("3.3.2"), 1.0)
    assert after(at(0), "commit 2").cursor == Cursor(TIMELINE.find("2.2.commit"), 1.0)


# What is open ---------------------------------------------------------------------------------------------------------


def test_closing_takes_the_topmost_first_and_never_anything_else() -> None:
    state = at(6, inspecting="x1->y", help=True, blank=True, fullscreen=True, tab=2)
    gone = []
    for _ in range(6):
        before, state = asdict(state), after(state, "close")
        gone.append({name for name, value in asdict(state).items() if value != before[name]})
    assert gone == [{"blank"}, {"help"}, {"inspecting", "tab"}, {"fullscreen"}, set(), set()]
    assert state == at(6)


def test_the_selected_weight_moves_with_up_and_down_and_stops_at_the_ends() -> None:
    lesson = lesson_named("xor 2-3-1")
    names = [weight.name for weight in lesson.run.ledger.header.weights]
    on, state, seen = track(lesson=lesson), fresh(lesson), []
    for _ in range(len(names) + 2):
        seen.append(state.selected)
        state = after(state, "weight_down", on=on)
    assert seen == [*names, names[-1], names[-1]]
    for _ in range(len(names) + 2):
        state = after(state, "weight_up", on=on)
    assert state.selected == names[0]


def test_an_open_inspector_follows_the_selected_weight() -> None:
    lesson = lesson_named("xor 2-3-1")
    on = track(lesson=lesson)
    state = after(fresh(lesson), "inspect", "weight_down", on=on)
    assert state.inspecting == state.selected == "x2->h1"


def test_inspecting_a_neuron_keeps_the_selected_weight() -> None:
    state = after(at(3), "inspect y")
    assert (state.inspecting, state.selected) == ("y", "x1->y")


def test_a_tab_shows_a_sample_until_the_next_move() -> None:
    state = after(at(20), "inspect", "tab 2")
    assert state.tab == 2
    assert after(state, "back").tab == 0
    assert wait(after(state, "forward"), 100).tab == 0


def test_all_digits_opens_the_inspector_and_then_switches() -> None:
    state = after(at(3), "exact")
    assert (state.exact, state.inspecting) == (True, "x1->y")
    assert after(state, "exact").exact is False


def test_a_blank_screen_stops_what_plays() -> None:
    state = after(at(3, 0.5, motion=PLAYING), "blank")
    assert (state.blank, state.motion) == (True, STILL)


def test_a_deep_network_steps_through_the_beats_of_its_own_timeline() -> None:
    lesson = Lesson(None, "deep", run_of(2, 2, 2, 1, rows=5, batch_size=2), batches=3)
    lesson.ensure(0)
    on = Track(lesson.timeline, lesson.run.ledger.header, 3, 3)
    state = fresh(lesson)
    for beat in range(lesson.timeline.length(3)):
        state = wait(after(state, "forward", on=on), 100, on)
        assert state.cursor == Cursor(beat, 1.0)
