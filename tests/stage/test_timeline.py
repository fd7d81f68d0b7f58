"""Beats are found by arithmetic; here every answer is compared with a list of all beats, written down one by one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piggybank.stage.timeline import SECONDS, AddressError, Moment, Timeline


@dataclass(frozen=True)
class Plan:
    """As much of a header as a timeline reads."""

    layers: tuple[object, ...]
    rows: int
    batch_size: int

    @property
    def batches_per_epoch(self) -> int:
        return len(range(0, self.rows, self.batch_size))


def enumerated(plan: Plan, epochs: int) -> list[Moment]:
    """Every beat of the first epochs, one after the other."""
    beats, batch, depth = [], 0, len(plan.layers)
    for epoch in range(1, epochs + 1):
        for start in range(0, plan.rows, plan.batch_size):
            batch += 1
            samples = range(1, len(range(plan.rows)[start : start + plan.batch_size]) + 1)
            for sample in samples:
                beats += [Moment(epoch, batch, sample, "predict", layer) for layer in range(depth)]
                beats.append(Moment(epoch, batch, sample, "loss", depth - 1))
                beats += [Moment(epoch, batch, sample, "blame", layer) for layer in reversed(range(depth))]
                beats.append(Moment(epoch, batch, sample, "bank", 0))
            beats.append(Moment(epoch, batch, samples[-1], "commit", 0))
    return beats


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rows = draw(st.integers(1, 24))
    return Plan((None,) * draw(st.integers(1, 5)), rows, draw(st.integers(1, rows)))


@given(plans())
def test_every_beat_is_the_moment_that_stands_there_in_the_list(plan: Plan) -> None:
    timeline, listed = Timeline(plan), enumerated(plan, 3)
    assert [timeline.moment(beat) for beat in range(len(listed))] == listed


@given(plans())
def test_beat_is_the_inverse_of_moment(plan: Plan) -> None:
    timeline = Timeline(plan)
    for place, moment in enumerate(enumerated(plan, 3)):
        assert timeline.beat(moment.batch, moment.sample, moment.phase, moment.layer) == place


@given(plans())
def test_first_and_commit_beats_stand_where_the_list_has_them(plan: Plan) -> None:
    timeline, listed = Timeline(plan), enumerated(plan, 3)
    batches = [moment.batch for moment in listed]
    for batch in range(1, batches[-1] + 1):
        assert timeline.first_beat(batch) == batches.index(batch)
        assert timeline.commit_beat(batch) == batches.index(batch) + batches.count(batch) - 1
        assert timeline.length(batch) == len([b for b in batches if b <= batch])
        assert timeline.count(batch) == max(m.sample for m in listed if m.batch == batch)
    assert timeline.length(0) == 0


@given(plans())
def test_a_beat_belongs_to_the_batch_the_list_says(plan: Plan) -> None:
    timeline, listed = Timeline(plan), enumerated(plan, 3)
    assert [timeline.batch_of(beat) for beat in range(len(listed))] == [moment.batch for moment in listed]


@given(plans())
def test_a_beat_is_found_by_its_address_and_no_two_share_one(plan: Plan) -> None:
    timeline, many = Timeline(plan), len(enumerated(plan, 2))
    addresses = [timeline.address(beat) for beat in range(many)]
    assert [timeline.find(address) for address in addresses] == list(range(many))
    assert len(set(addresses)) == many


TWO = Timeline(Plan((None, None), 10, 4))


def test_an_address_without_a_phase_is_the_banking_and_case_and_blanks_do_not_matter() -> None:
    assert TWO.find("1.2.3") == TWO.find(" 1.2.3.BANK ") == TWO.beat(2, 3, "bank")


def test_a_phase_without_a_number_is_its_last_layer_to_be_reached() -> None:
    assert TWO.find("1.1.1.predict") == TWO.find("1.1.1.predict2") == TWO.beat(1, 1, "predict", 1)
    assert TWO.find("1.1.1.blame") == TWO.find("1.1.1.blame1") == TWO.beat(1, 1, "blame", 0)


@pytest.mark.parametrize("address", ["", "1.1", "1", "commit", "a.1.1", "1.b.1", "1.1.1.bank.1", "-1.1.1", "1..1"])
def test_what_is_no_moment_at_all_is_answered_with_the_form_expected(address: str) -> None:
    with pytest.raises(AddressError) as refused:
        TWO.find(address)
    sentence = "expected a moment such as 1.1.3, 1.1.3.blame or 1.1.commit (epoch.batch.sample), got "
    assert str(refused.value) == sentence + repr(address)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("0.1.1", "epochs count from 1, got '0.1.1'"),
        ("1.0.1", "epoch 1 has batches 1 to 3, got '1.0.1'"),
        ("1.4.1", "epoch 1 has batches 1 to 3, got '1.4.1'"),
        ("2.1.1", "epoch 2 has batches 4 to 6, counted through the run, got '2.1.1'"),
        ("1.1.0", "batch 1 has samples 1 to 4 and commit, got '1.1.0'"),
        ("1.1.5", "batch 1 has samples 1 to 4 and commit, got '1.1.5'"),
        ("1.3.3", "batch 3 has samples 1 to 2 and commit, got '1.3.3'"),
        ("1.1.commit.bank", "batch 1 has samples 1 to 4 and commit, got '1.1.commit.bank'"),
        ("1.1.1.blme", "a sample's phases are predict, loss, blame and bank, got '1.1.1.blme'"),
        ("1.1.1.commit", "a sample's phases are predict, loss, blame and bank, got '1.1.1.commit'"),
        ("1.1.1.predict3", "the network has layers 1 to 2, got '1.1.1.predict3'"),
        ("1.1.1.blame0", "the network has layers 1 to 2, got '1.1.1.blame0'"),
    ],
)
def test_a_moment_the_run_does_not_have_is_answered_with_those_it_has(address: str, sentence: str) -> None:
    with pytest.raises(AddressError) as refused:
        TWO.find(address)
    assert str(refused.value) == sentence


def test_an_epoch_of_one_batch_names_only_that_one() -> None:
    with pytest.raises(AddressError, match=r"^epoch 2 has batch 2, got '2\.1\.1'$"):
        Timeline(Plan((None,), 4, 4)).find("2.1.1")


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.bank2",
        "1.1.1.loss1",
        pytest.param("9" * 5000 + ".1.1", id="five thousand digits"),
        pytest.param("1.1.²", id="superscript"),
    ],
)
def test_odd_addresses_are_found_or_refused_in_a_sentence(address: str) -> None:
    with contextlib.suppress(AddressError):
        assert TWO.moment(TWO.find(address)).sample == 1


def counted(action: Callable[[], Any]) -> tuple[Any, int]:
    """The answer, and how many Python functions were called for it."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        answer = action()
    finally:
        sys.setprofile(before)
    return answer, calls


@given(plans(), st.data())
def test_batch_ten_to_the_twelve_is_found_exactly(plan: Plan, data: st.DataObject) -> None:
    timeline, epoch_beats = Timeline(plan), len(enumerated(plan, 1))
    epochs = 10**12 // plan.batches_per_epoch
    near = data.draw(st.sampled_from(enumerated(plan, 1)))
    beat = timeline.beat(near.batch, near.sample, near.phase, near.layer)
    far = Moment(near.epoch + epochs, near.batch + epochs * plan.batches_per_epoch, *_rest(near))
    assert timeline.moment(beat + epochs * epoch_beats) == far
    assert timeline.beat(far.batch, far.sample, far.phase, far.layer) == beat + epochs * epoch_beats
    assert timeline.find(timeline.address(beat + epochs * epoch_beats)) == beat + epochs * epoch_beats


def _rest(moment: Moment) -> tuple[int, str, int]:
    return moment.sample, moment.phase, moment.layer


def test_seeking_batch_ten_to_the_twelve_takes_no_more_steps_than_the_first(
    figure: Callable[[str, object], None],
) -> None:
    near, few = counted(lambda: TWO.moment(TWO.find("1.1.2.blame")))
    epoch = 10**12
    far, many = counted(lambda: TWO.moment(TWO.find(f"{epoch}.{3 * epoch - 2}.2.blame")))
    assert (far.sample, far.phase, far.batch) == (near.sample, near.phase, 3 * epoch - 2)
    assert many == few
    figure("T13 seeking batch 10^12, function calls more than for batch 1", many - few)


def test_a_beat_lasts_as_long_as_its_phase() -> None:
    lengths = {"predict": 0.6, "loss": 0.5, "blame": 0.6, "bank": 0.9, "commit": 1.6}
    assert lengths == SECONDS
    for place, moment in enumerate(enumerated(Plan((None, None), 10, 4), 2)):
        assert TWO.seconds(place) == lengths[moment.phase]
