"""The batch card: which samples belong together before one commit, and what is said of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from looks import SIZES, as_lesson, look, run_of

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


def listed(scene: Scene, size: tuple[int, int], text: float = 1.0) -> tuple[list[int], str]:
    """The samples on the card in their order, and all its words."""
    box = regions(size, text).batch
    labels = [label for label in scene.labels() if box.contains(label.x, label.y)]
    _, hits = card(scene)
    shown = [int(hit.argument.split(".")[1]) for hit in hits if box.contains(hit.box.cx, hit.box.cy)]
    return shown, " | ".join(label.text for label in labels)


@pytest.mark.parametrize("text", [1.0, 1.3])
@pytest.mark.parametrize("size", SIZES)
def test_four_samples_of_two_micro_batches_all_have_room(size: tuple[int, int], text: float) -> None:
    lesson = load_lesson(7)
    for address in ("1.1.1.predict", "1.1.3.bank", "1.1.4.bank", "1.1.commit"):
        scene = look(lesson, lesson.timeline.find(address), 1.0, size, look=Look(text=text))
        shown, words = listed(scene, size, text)
        assert shown == [1, 2, 3, 4]
        assert "micro-batch 1 of 2" in words
        assert "micro-batch 2 of 2" in words
        assert "…" not in words


@pytest.mark.parametrize(
    "lesson", [lambda: load_lesson(12), micro, lambda: as_lesson(run_of(1, 1, rows=40, batch_size=20), 1)]
)
@pytest.mark.parametrize("size", SIZES)
def test_samples_out_of_sight_are_counted(size: tuple[int, int], lesson: Callable[[], Lesson]) -> None:
    made, box = lesson(), regions(size).batch
    count = made.timeline.count(1)
    for sample in range(1, count + 1):
        scene = look(made, made.timeline.beat(1, sample, "bank"), 1.0, size)
        shown, words = listed(scene, size)
        assert shown == list(range(shown[0], shown[-1] + 1))
        assert sample in shown
        assert (f"… {shown[0] - 1} above" in words) == (shown[0] > 1)
        assert (f"… {count - shown[-1]} more" in words) == (shown[-1] < count)
        assert words.count("…") == (shown[0] > 1) + (shown[-1] < count)
        marks = [label for label in scene.labels() if box.contains(label.x, label.y) and label.text.startswith("…")]
        slots = [hit.box for hit in card(scene)[1] if box.contains(hit.box.cx, hit.box.cy)]
        assert all(label.y < slots[0].y or label.y > slots[-1].bottom for label in marks)


def test_eight_samples_stand_on_one_line_each_where_two_lines_would_hide_some() -> None:
    lesson = load_lesson(12)
    shown, words = listed(look(lesson, lesson.timeline.find("1.1.5.bank"), 1.0, (1920, 1080)), (1920, 1080))
    assert shown == list(range(1, 9))
    assert "…" not in words


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
