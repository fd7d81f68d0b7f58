"""Classes have names on screen, and it is said what the network gets right."""

from __future__ import annotations

import numpy as np
import pytest
from looks import as_lesson, look, table

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.ledger.lines import Ref
from piggybank.stage.classes import right_of
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Label

SIZE = (1920, 1080)
SPECIES = ("Adelie", "Chinstrap", "Gentoo")


def lesson_of(*inside: int) -> Lesson:
    rows = table(9, 2, 4)
    layers = [Dense(a, b, "tanh") for a, b in zip((2, *inside), inside, strict=False)]
    network = Network(*layers, Dense((2, *inside)[-1], 3, "softmax"), seed=2)
    data = rows, [SPECIES[place % 3] for place in range(9)]
    return as_lesson(Run(network, data, rule=SGD(0.5), loss="cross-entropy", batch_size=3), 3, "Species")


def labels(lesson: Lesson, address: str, area: str) -> list[Label]:
    box: Box = getattr(regions(SIZE), area)
    scene = look(lesson, lesson.timeline.find(address), 1.0, SIZE)
    return [label for label in scene.labels() if box.contains(label.x - 1, label.y)]


def test_the_sample_s_card_names_its_class_and_each_output_s() -> None:
    found = {label.text for label in labels(lesson_of(), "1.1.2.bank", "sample")}
    assert {"target Chinstrap", "y₁ Adelie", "y₂ Chinstrap", "y₃ Gentoo"} <= found


@pytest.mark.parametrize("inside", [(), (4,)], ids=["pigs", "wall"])
def test_the_outputs_of_the_network_stand_with_their_class(inside: tuple[int, ...]) -> None:
    found = {label.text for label in labels(lesson_of(*inside), "1.1.2.bank", "network")}
    assert set(SPECIES) <= found


def test_the_row_of_the_loss_takes_the_output_of_the_sample_s_own_class() -> None:
    refs = [label.ref for label in labels(lesson_of(), "1.1.3.loss", "caption") if label.ref is not None]
    assert Ref("predict", "y3", 1, 3) in refs
    assert Ref("target", "y3", 0, 3) in refs


def test_beside_the_loss_and_at_each_sample_stands_what_is_right() -> None:
    lesson = lesson_of()
    record, targets = lesson.run.ledger.batch(1), lesson.run.ledger.header.targets
    right = [
        int(np.argmax(out)) == int(np.argmax(targets[row]))
        for out, row in zip(record.outputs[-1], record.rows, strict=True)
    ]
    assert right_of(lesson.run.ledger, 1) == tuple(right)
    assert len(set(right)) == 2, "the run should get some right and some wrong"
    words = [label.text for label in labels(lesson, "1.1.commit", "batch") if label.text.startswith("banked")]
    assert words == [f"banked · {'right' if one else 'wrong'}" for one in right]
    beside = labels(lesson, "1.1.commit", "strip")
    assert [label.text for label in beside if label.ref == Ref("accuracy", "", 1)] == [str(sum(right))]
    assert "of 3 right" in [label.text for label in beside]


def test_a_narrow_window_says_what_is_right_in_place_of_how_to_get_help() -> None:
    lesson = lesson_of()
    for size in ((1024, 768), (900, 1600)):
        box = regions(size).strip
        found = {}
        for address in ("1.1.1.bank", "1.1.commit"):
            scene = look(lesson, lesson.timeline.find(address), 1.0, size)
            found[address] = [label.text for label in scene.labels() if box.contains(label.x - 1, label.y)]
        assert "H  help" in found["1.1.1.bank"]
        assert "of 3 right" in found["1.1.commit"]
        assert "H  help" not in found["1.1.commit"]


def test_nothing_is_said_to_be_right_before_it_is_banked() -> None:
    found = " ".join(label.text for label in labels(lesson_of(), "1.1.1.predict", "batch"))
    assert "right" not in found
    assert "wrong" not in found


def test_targets_that_are_no_classes_are_neither_right_nor_wrong() -> None:
    run = Run(Network(Dense(2, 1), seed=3), (table(4, 2, 1), table(4, 1, 2)), rule=SGD(0.5), batch_size=4)
    run.train(epochs=1)
    assert right_of(run.ledger, 1) == ()


def test_an_accuracy_is_shown_wherever_the_ledger_counts_one() -> None:
    network = Network(Dense(2, 2, "tanh"), Dense(2, 1, "sigmoid"), seed=7)
    run = Run(network, "xor", rule=SGD(0.5), loss="binary cross-entropy", batch_size=4).train(epochs=2)
    assert sum(right_of(run.ledger, 2)) == run.ledger.accuracy(2).right
    linear = Run(Network(Dense(2, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(epochs=1)
    assert right_of(linear.ledger, 1) == ()
