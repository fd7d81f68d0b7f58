"""The batch card: which samples belong together before one commit, and what is said of each."""

from __future__ import annotations

import pytest
from looks import SIZES, as_lesson, look

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.course import load_lesson
from piggybank.stage.look import Look
from piggybank.stage.regions import regions
from piggybank.stage.scene import Coin, Hit, Label, Scene


def micro(accumulate: int = 3) -> Lesson:
    """Twelve of 24 rows a commit."""
    network = Network(Dense(2, 1, "sigmoid"))
    size = 12 // accumulate
    return as_lesson(Run(network, "penguins", rule=SGD(0.5), batch_size=size, accumulate=accumulate), 2)


def card(scene: Scene) -> tuple[list[Label], list[Hit]]:
    """The words over micro-batches, and the places of samples."""
    heads = [item for item in scene.step if isinstance(item, Label) and item.text.startswith("micro-batch")]
    return heads, [hit for hit in scene.hits if hit.command == "sample" and hit.tip.startswith("go to sample")]


@pytest.mark.parametrize("text", [1.0, 1.3])
@pytest.mark.parametrize("size", SIZES)
def test_samples_stand_under_the_words_of_their_micro_batch(size: tuple[int, int], text: float) -> None:
    lesson, area = micro(), regions(size, text).batch
    seen = set()
    for sample in range(1, 13):
        scene = look(lesson, lesson.timeline.beat(2, sample, "bank"), 1.0, size, look=Look(text=text))
        heads, hits = card(scene)
        slots = [hit for hit in hits if area.contains(hit.box.cx, hit.box.cy)]
        for slot in slots:
            number = int(slot.argument.split(".")[1])
            above = max((head for head in heads if head.y < slot.box.cy), key=lambda head: head.y)
            assert above.text == f"micro-batch {(number - 1) // 4 + 1} of 3"
            assert not any(slot.box.contains(head.x + 1, head.y) for head in heads)
        assert max(slot.box.bottom for slot in slots) <= area.bottom
        seen |= {int(slot.argument.split(".")[1]) for slot in slots}
    assert seen == set(range(1, 13))


def test_without_micro_batches_there_are_no_such_words() -> None:
    lesson = micro(1)
    heads, _ = card(look(lesson, lesson.timeline.beat(1, 3, "bank")))
    assert heads == []


def test_a_low_card_has_room_for_a_sample_s_row_whatever_it_is_at() -> None:
    lesson, size = load_lesson(4), (1024, 768)
    box = regions(size).batch
    for phase in ("predict", "loss", "blame", "bank"):
        beat = lesson.timeline.find(f"1.1.2.{phase}")
        for progress in (0.1, 1.0):
            scene = look(lesson, beat, progress, size)
            line = "".join(label.text for label in scene.labels() if box.contains(label.x, label.y))
            assert "(0, 2) → 4" in line


def test_a_low_card_that_has_no_room_for_a_name_and_a_row_leaves_out_every_name_and_no_row() -> None:
    lesson, size = load_lesson(12), (1024, 768)
    box, header = regions(size).batch, lesson.run.ledger.header
    scene = look(lesson, lesson.timeline.find("1.1.commit"), 1.0, size)
    texts = [label.text for label in scene.labels() if box.contains(label.x, label.y)]
    numbers = [int(hit.argument.split(".")[1]) for hit in scene.hits if hit.tip.startswith("go to sample")]
    shown = sorted(
        {number for number in numbers if header.row_names[lesson.run.ledger.rows_of(1)[number - 1]] in texts}
    )
    coins = [item.sample for item in scene.step if isinstance(item, Coin) and box.contains(item.x, item.y)]
    assert shown == sorted(coins)
    assert not [text for text in texts if text.startswith("sample ")]
