"""One sample at a time: Predict, Blame, Adjust, and nothing is ever pending."""

from __future__ import annotations

from functools import cache

import pytest
from looks import SIZES, as_lesson, look, run_of

from piggybank import Lesson
from piggybank.ledger.lines import Ref
from piggybank.stage.known import known_at
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin, Scene
from piggybank.stage.timeline import Cursor

PROGRESS = (0.0, 0.3, 0.5, 0.75, 0.9, 1.0)


@cache
def single() -> Lesson:
    return as_lesson(run_of(2, 3, 1, rows=5, batch_size=1), 8)


@cache
def batched() -> Lesson:
    return as_lesson(run_of(2, 3, 1, rows=5, batch_size=2), 8)


def texts(lesson: Lesson, address: str, progress: float = 1.0, **open_: object) -> list[str]:
    scene = look(lesson, lesson.timeline.find(address), progress, **open_)
    return [label.text for label in scene.labels()]


def test_the_pipeline_has_three_phases_and_batches_have_four() -> None:
    assert {"Predict", "Blame", "Adjust"} <= set(texts(single(), "1.2.1"))
    assert not {"Adjust: bank it", "Adjust: commit"} & set(texts(single(), "1.2.1"))
    assert {"Adjust: bank it", "Adjust: commit"} <= set(texts(batched(), "1.2.1"))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_says_pending_at_any_moment(size: tuple[int, int]) -> None:
    lesson = single()
    for beat in range(lesson.timeline.length(2)):
        for progress in PROGRESS:
            for inspecting in ("", "x1->h1"):
                for label in look(lesson, beat, progress, size, inspecting=inspecting).labels():
                    assert "pending" not in label.text.lower()
                    assert "every sample" not in label.text


def test_the_table_shows_slice_adjustment_and_the_weight_after() -> None:
    lesson = single()
    scene = look(lesson, lesson.timeline.commit_beat(3))
    box = regions((1280, 720)).trace
    table = {label.ref for label in scene.labels() if label.x >= box.x}
    for weight in lesson.run.ledger.header.weights:
        assert Ref("slice", weight.name, 3, 1) in table
        assert Ref("commit", weight.name, 3, part="adjustment") in table
        assert Ref("commit", weight.name, 3) in table
        assert Ref("bank", weight.name, 3, 1) not in table


def refs_of(scene: Scene) -> set[Ref]:
    return {label.ref for label in scene.labels() if label.ref is not None}


def test_adjustment_and_after_stay_blank_until_the_weight_has_moved() -> None:
    lesson = single()
    for progress in (0.0, 0.3, 0.5, 0.7):
        scene = look(lesson, lesson.timeline.commit_beat(3), progress)
        assert not {ref for ref in refs_of(scene) if (ref.kind, ref.batch, ref.part) == ("commit", 3, "")}


def test_the_card_lists_the_samples_of_the_epoch_and_counts_them() -> None:
    lesson = single()
    words = texts(lesson, "1.3.1.blame")
    assert "This epoch" in words
    assert "This batch" not in words
    assert words.count("adjusted") == 2
    assert words.count("waiting") == 2
    assert "2 of 5 done" in words
    assert "3 / 5" in words
    assert "3 of 5 done" in texts(lesson, "1.3.commit")


def test_a_new_epoch_begins_its_count_again() -> None:
    lesson = single()
    known = known_at(lesson.timeline, Cursor(lesson.timeline.find("2.7.1"), 1.0))
    assert (known.place, known.number(1)) == (2, 2)
    assert "2 / 5" in texts(lesson, "2.7.1")


def test_coins_carry_the_samples_place_in_the_epoch() -> None:
    lesson = single()
    scene = look(lesson, lesson.timeline.find("1.4.1"), 0.4)
    flying = {item.sample for item in scene.moving if isinstance(item, Coin)}
    assert flying == {4}


def test_the_inspector_shows_the_slice_and_the_adjustment_and_no_bank() -> None:
    lesson = single()
    before = texts(lesson, "1.3.1.bank", inspecting="h1->y")
    after = texts(lesson, "1.3.commit", inspecting="h1->y")
    assert {"Adjustment", "NEXT", "THIS SAMPLE", "Blame slice"} <= set(before)
    assert {"Adjustment", "ADJUSTED", "made by this sample alone"} <= set(after)
    assert "In the bank now" not in after
    assert "Who put in how much" not in after


def test_a_fork_within_an_epoch_goes_on_counting_its_samples_and_lists_those_it_has() -> None:
    fork = as_lesson(single().run.fork(3), 8)
    words = texts(fork, "1.1.commit")
    assert {"3 / 5", "3 of 5 done"} <= set(words)
    assert words.count("adjusted") == 1
    assert words.count("waiting") == 2
    assert "1 / 5" in texts(fork, "2.4.1")
    targets = {hit.argument for hit in look(fork, fork.timeline.find("1.1.1"), 1.0).hits if hit.command == "sample"}
    assert all(int(target.split(".")[0]) >= 1 for target in targets)


def test_the_loss_is_that_of_a_commit_as_the_header_counts_them_and_in_batches_of_a_batch() -> None:
    for lesson, word, other in ((single(), "commit", "batch"), (batched(), "batch", "commit")):
        found = texts(lesson, "1.2.commit")
        assert word in found
        assert f"loss per {word}" in found
        assert f"loss per {other}" not in found
