"""Runs in step: the moment of another run with as many samples banked, compared with a walk through all beats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piggybank import SGD, Dense, Network, Run
from piggybank.ledger.cut import Cut
from piggybank.stage.in_step import in_step
from piggybank.stage.known import LANDED, known_at
from piggybank.stage.timeline import BANK, COMMIT, PHASES, Cursor, Timeline

Figure = Callable[[str, object], None]
BEATS = 160


@dataclass(frozen=True)
class Beat:
    """What a walk through the beats finds: banked samples of the whole run and commits, once the beat has settled."""

    phase: str
    layer: int
    sample: int
    banked: int
    commits: int


def walked(timeline: Timeline, beats: int = BEATS) -> list[Beat]:
    """The first beats, counted one after the other."""
    found, banked, commits = [], 0, 0
    for beat in range(beats):
        moment = timeline.moment(beat)
        banked += moment.phase == BANK
        commits += moment.phase == COMMIT
        sample = banked if moment.phase in (BANK, COMMIT) else banked + 1
        found.append(Beat(moment.phase, moment.layer, sample, banked, commits))
    return found


def timeline(rows: int, size: int, layers: int = 2) -> Timeline:
    return Timeline(SimpleNamespace(layers=(None,) * layers, rows=rows, batch_size=size))


def pairs(rows: int, layers: int = 2) -> Iterator[tuple[Timeline, Timeline]]:
    """One by one, by fours with a short last batch, all at once, and each beside each."""
    made = [timeline(rows, size, layers) for size in sorted({1, 4, rows})]
    return ((front, other) for front in made for other in made)


def banked(run: Timeline, cursor: Cursor) -> int:
    """Of the whole run, added up batch by batch."""
    known = known_at(run, cursor)
    return sum(run.count(batch) for batch in range(1, known.batch)) + known.banked


@pytest.mark.parametrize("rows", [4, 6, 8, 10])
def test_as_many_samples_are_banked_as_in_front_at_every_settled_moment(rows: int, figure: Figure) -> None:
    moments = 0
    for front, other in pairs(rows):
        for beat, here in enumerate(walked(front)):
            there = in_step(front, Cursor(beat, 1.0), other)
            assert there.progress == 1.0
            assert banked(other, there) == here.banked
            moments += 1
    figure(f"in step, settled moments of {rows} rows", moments)


@pytest.mark.parametrize("rows", [4, 6, 8, 10])
def test_a_run_has_made_every_commit_that_its_samples_fill_and_no_other(rows: int) -> None:
    for front, other in pairs(rows):
        ends = [beat.banked for beat in walked(other, 2 * BEATS) if beat.phase == COMMIT]
        for beat, here in enumerate(walked(front)):
            there = in_step(front, Cursor(beat, 1.0), other)
            waits = here.phase == BANK and front.moment(beat).sample == front.count(front.moment(beat).batch)
            known = known_at(other, there)
            commits = known.batch if known.committed else known.batch - 1
            assert commits == sum(end < here.banked if waits else end <= here.banked for end in ends)


@pytest.mark.parametrize("rows", [6, 8])
def test_what_a_sample_goes_through_it_goes_through_everywhere_at_once(rows: int) -> None:
    for front, other in pairs(rows):
        for beat, here in enumerate(walked(front)):
            for progress in (0.0, 0.3, 0.65, 1.0):
                there = in_step(front, Cursor(beat, progress), other)
                if here.phase not in (BANK, COMMIT):
                    moment = other.moment(there.beat)
                    assert (moment.phase, moment.layer, there.progress) == (here.phase, here.layer, progress)
                    assert other.seen_before(moment.batch) + moment.sample == here.sample


def test_a_coin_lands_everywhere_at_once_and_a_bank_breaks_after_that() -> None:
    front, other = timeline(8, 8), timeline(8, 4)
    beat = front.beat(1, 4, BANK)
    for progress in (0.1, LANDED - 0.01, LANDED):
        assert in_step(front, Cursor(beat, progress), other) == Cursor(other.beat(1, 4, BANK), progress)
    stages = [known_at(other, in_step(front, Cursor(beat, 0.7 + part * 0.3), other)).stage for part in (0.3, 0.5, 1.0)]
    assert stages == ["struck", "total", "moved"]


def test_where_both_commit_both_break_at_once() -> None:
    front, other = timeline(8, 2), timeline(8, 4)
    for progress in (0.0, 0.25, 0.5, 1.0):
        there = in_step(front, Cursor(front.commit_beat(2), progress), other)
        assert there == Cursor(other.commit_beat(1), progress)


def test_a_bank_waits_settled_while_the_one_in_front_breaks() -> None:
    front, other = timeline(8, 1), timeline(8, 4)
    for progress in (0.0, 0.25, 1.0):
        there = in_step(front, Cursor(front.commit_beat(3), progress), other)
        assert there == Cursor(other.beat(1, 3, BANK), 1.0)


@pytest.mark.parametrize("rows", [1, 4, 6, 10])
def test_the_first_moment_is_the_first_everywhere_and_an_epoch_ends_everywhere_at_once(rows: int) -> None:
    for front, other in pairs(rows):
        assert in_step(front, Cursor(), other) == Cursor()
        for epoch in (1, 2):
            end = Cursor(front.length(epoch * front.batches_per_epoch) - 1, 1.0)
            there = in_step(front, end, other)
            assert there == Cursor(other.length(epoch * other.batches_per_epoch) - 1, 1.0)


@pytest.mark.parametrize("rows", [4, 6, 10])
def test_there_and_back_is_the_same_moment_unless_only_one_of_the_two_commits(rows: int, figure: Figure) -> None:
    same = 0
    for front, other in pairs(rows):
        ends = [{beat.banked for beat in walked(run, 2 * BEATS) if beat.phase == COMMIT} for run in (front, other)]
        for beat, here in enumerate(walked(front)):
            for progress in (0.25, 0.5, 1.0):
                there = in_step(front, Cursor(beat, progress), other)
                back = in_step(other, there, front)
                if here.phase not in (BANK, COMMIT) or (here.banked in ends[0]) == (here.banked in ends[1]):
                    assert back == Cursor(beat, progress)
                    same += 1
                elif progress == 1.0:
                    assert banked(front, back) == here.banked
                    assert in_step(front, back, other) == in_step(front, in_step(other, there, front), other)
    figure(f"in step, there and back the same moment, {rows} rows", same)


def test_a_moment_found_from_another_run_leads_to_itself() -> None:
    """What is brought to the front and back again stays where it is."""
    for front, other in pairs(10):
        for beat in range(60):
            there = in_step(front, Cursor(beat, 1.0), other)
            here = in_step(other, there, front)
            assert in_step(other, in_step(front, here, other), front) == here


@given(st.integers(1, 24), st.integers(1, 24), st.integers(1, 24), st.integers(1, 24), st.integers(0, 400))
def test_runs_over_other_numbers_of_rows_are_in_step_too(
    rows: int, others: int, size: int, other_size: int, beat: int
) -> None:
    front, other = timeline(rows, min(size, rows)), timeline(others, min(other_size, others))
    assert banked(other, in_step(front, Cursor(beat, 1.0), other)) == banked(front, Cursor(beat, 1.0))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 59), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_networks_of_other_depths_go_through_a_sample_in_the_same_phases(
    layers: int, others: int, beat: int, progress: float
) -> None:
    front, other = timeline(6, 4, layers), timeline(6, 4, others)
    moment, there = front.moment(beat), in_step(front, Cursor(beat, progress), other)
    found = other.moment(there.beat)
    assert (found.phase, found.batch, found.sample) == (moment.phase, moment.batch, moment.sample)
    assert 0.0 <= there.progress <= 1.0
    last = layers - 1 if moment.phase == "predict" else 0
    if moment.phase in ("predict", "blame") and moment.layer == last and progress == 1.0:
        assert (found.layer, there.progress) == (others - 1 if moment.phase == "predict" else 0, 1.0)


@cache
def real(batch_size: int, accumulate: int = 1) -> Timeline:
    rows = [[k / 8] for k in range(10)]
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    run = Run(network, (rows, rows), rule=SGD(1 / 8), batch_size=batch_size, accumulate=accumulate)
    return Timeline(run.ledger.header)


def test_micro_batches_commit_after_all_of_their_samples() -> None:
    front, other = real(1), real(2, accumulate=2)
    commits = [front.moment(beat).batch for beat in range(BEATS) if _commits(front, beat, other)]
    assert commits[:5] == [4, 8, 10, 14, 18]


def _commits(front: Timeline, beat: int, other: Timeline) -> bool:
    """Whether the other's bank has just broken at the settled end of a commit in front."""
    there = in_step(front, Cursor(beat, 1.0), other)
    return front.moment(beat).phase == COMMIT and other.moment(there.beat).phase == COMMIT


@given(st.integers(2, 12), st.integers(1, 12), st.sets(st.integers(0, 14), max_size=4), st.integers(0, 3))
def test_samples_are_counted_where_rows_were_lifted_out_too(rows: int, size: int, empty: set[int], skip: int) -> None:
    cut = Cut(rows, size, tuple(sorted(empty)))
    if not cut.is_sound or skip >= cut.batches:
        return
    run = Timeline(SimpleNamespace(layers=(None,), rows=rows, batch_size=size, cut=cut, skip=skip))
    number = 0
    for batch in range(1, 3 * cut.batches):
        assert run.seen_before(batch) == number
        for sample in range(1, run.count(batch) + 1):
            number += 1
            assert run.place_of(number) == (batch, sample)


def test_every_phase_has_its_place() -> None:
    front, other = timeline(6, 3), timeline(6, 2)
    phases = {other.moment(in_step(front, Cursor(beat, 1.0), other).beat).phase for beat in range(60)}
    assert phases == set(PHASES)
