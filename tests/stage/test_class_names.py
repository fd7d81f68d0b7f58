"""Classes have names on screen, and it is said what the network gets right."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from looks import as_lesson, look, table

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.engine.dataset import Dataset
from piggybank.ledger.lines import Ref
from piggybank.stage.classes import right_of
from piggybank.stage.measure import shortened_alike, text_width
from piggybank.stage.palette import BLAME_INK, GREEN_INK
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Label

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
    words = [label.text for label in labels(lesson, "1.1.commit", "batch")]
    said = [f"{one} {next_}" for one, next_ in pairwise(words) if one == "banked ·"]
    assert said == [f"banked · {'right' if one else 'wrong'}" for one in right]
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


# Names of rows and of classes that are long ---------------------------------------------------------------------------


SIZES = ((1024, 768), (1280, 720), (1920, 1080), (3840, 2160))
LONG = ("Iris setosa", "Iris versicolor", "Iris virginica", "Iris sibirica grandiflora")


@cache
def named_lesson(classes: tuple[str, ...], *widths: int) -> Lesson:
    """Rows called after their classes and a number of three digits."""
    many = len(classes)
    targets = np.eye(many)[[place % many for place in range(24)]]
    names = tuple(f"{classes[place % many]} {place + 301}" for place in range(24))
    data = Dataset("named", np.array(table(24, widths[0], 4)), targets, (), classes, names, "", classes)
    layers = [Dense(a, b, "tanh") for a, b in pairwise(widths)]
    network = Network(*layers, Dense(widths[-1], many, "softmax"), seed=2)
    return as_lesson(Run(network, data, rule=SGD(0.5), loss="cross-entropy", batch_size=8), 3, "Named")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("classes", [SPECIES, LONG], ids=["penguins", "irises"])
def test_every_sample_of_the_batch_s_card_has_its_row_s_name_or_none_has(
    classes: tuple[str, ...], size: tuple[int, int]
) -> None:
    lesson, box = named_lesson(classes, 4, 3), regions(size).batch
    for address in ("1.1.1.predict", "1.1.4.blame", "1.2.8.bank", "1.2.commit"):
        scene = look(lesson, lesson.timeline.find(address), 1.0, size)
        inside = [x for x in scene.labels() if box.contains(x.x - 1, x.y)]
        coins = [x for x in scene if isinstance(x, Coin) and box.contains(x.x, x.y)]
        names = [x for x in inside if any(x.text.endswith(f" {place + 301}") for place in range(24))]
        assert len(names) == len(coins) > 0
        assert len({(x.font, x.anchor, x.x) for x in names}) == 1, "all in the same place"
        assert all(text_width(x.text, x.size, x.font) <= box.w - 59 for x in names)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("classes", [SPECIES, LONG], ids=["penguins", "irises"])
def test_every_column_of_the_wall_has_its_class_s_name_or_none_has(
    classes: tuple[str, ...], size: tuple[int, int]
) -> None:
    lesson, box = named_lesson(classes, 4, 8), regions(size).network
    scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size)
    heads = [x for x in scene.labels() if x.colour == GREEN_INK and x.anchor == "centre" and box.contains(x.x, x.y)]
    begins = [any(name.startswith(x.text.rstrip("…")) for name in classes) for x in heads]
    assert len(heads) == len(classes)
    assert all(begins) or not any(begins)
    if size != (1024, 768):
        assert all(begins)
    places = [(x.x - text_width(x.text, x.size, x.font) / 2, x) for x in heads]
    for left, label in places:
        others = [other for other in heads if other.x > label.x and other.y == label.y]
        right = label.x + (label.x - left)
        assert all(right < other.x - text_width(other.text, other.size, other.font) / 2 for other in others)


def test_a_name_in_the_middle_of_three_columns_has_a_line_of_its_own() -> None:
    lesson = named_lesson(SPECIES, 4, 8)
    scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, (1280, 720))
    found = {x.text: x for x in scene.labels() if x.text in SPECIES}
    assert set(found) == set(SPECIES)
    assert found["Adelie"].y == found["Gentoo"].y > found["Chinstrap"].y


def test_the_outputs_of_a_vault_stand_with_their_class() -> None:
    lesson = named_lesson(SPECIES, 20, 24)
    for size in SIZES[1:]:
        box = regions(size).network
        scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size)
        assert set(SPECIES) <= {x.text for x in scene.labels() if box.contains(x.x, x.y)}
        assert "y₂ Chinstrap: its 25 banks" in {hit.tip for hit in scene.hits}
        opened = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size, neuron="y2")
        assert "Chinstrap" in {x.text for x in opened.labels() if box.contains(x.x, x.y)}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_however_small_its_number_is_no_output_of_a_vault_is_written_over_its_class(size: tuple[int, int]) -> None:
    shifts = np.zeros((25, 3))
    shifts[-1] = [0, -8.4, -8.3]
    last = Dense(24, 3, "softmax", weights=shifts[:-1], bias=shifts[-1])
    data = Dataset("species", np.ones((3, 20)), np.eye(3), classes=SPECIES)
    lesson = as_lesson(Run(Network(Dense(20, 24, "tanh"), last, seed=1), data, loss="cross-entropy", batch_size=3))
    scene = look(lesson, lesson.timeline.find("1.1.1.bank"), 1.0, size)
    named = {x.text: x for x in scene.labels() if x.text in SPECIES and regions(size).network.contains(x.x, x.y)}
    small = [x for x in scene.labels() if "0.0002" in x.text and regions(size).network.contains(x.x, x.y)]
    assert len(small) >= 2
    for number in small:
        for name in named.values():
            if abs(name.y - number.y) < name.size:
                assert name.x + text_width(name.text, name.size) < number.x - min(
                    number.room, text_width(number.text, number.size)
                )


def test_names_that_stand_together_are_shortened_alike_and_keep_their_numbers() -> None:
    names = ["Chinstrap 192", "Gentoo 254", "Adelie 7"]
    assert shortened_alike(names, 1000, 22) == names
    wanted = ["Chin… 192", "Gent… 254", "Adel… 7"]
    assert shortened_alike(names, max(text_width(name, 22) for name in wanted), 22) == wanted


def test_names_that_could_not_be_told_apart_any_more_are_left_out_for_all() -> None:
    assert shortened_alike(["Iris setosa", "Iris versicolor"], text_width("Iris…", 22) + 1, 22) == ["", ""]
    assert shortened_alike(["setosa", "virginica"], 10, 22) == ["", ""]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_numbers_side_by_side_in_the_trace_have_air_between_them(size: tuple[int, int]) -> None:
    lesson, box = named_lesson(SPECIES, 4, 8), regions(size).trace
    scene = look(lesson, lesson.timeline.find("1.1.commit"), 1.0, size)
    rows: dict[float, list[Label]] = {}
    for label in scene.labels():
        if label.ref is not None and label.anchor == "right" and box.contains(label.x - 1, label.y):
            rows.setdefault(label.y, []).append(label)
    assert len(rows) > 10
    for labels_ in rows.values():
        for left, right in pairwise(sorted(labels_, key=lambda x: x.x)):
            wide = min(right.room, text_width(right.text, right.size, right.font))
            assert right.x - wide - left.x >= (4 if size == (1024, 768) else 8)


@pytest.mark.parametrize("inspected", ["x1->y2", "y2"])
def test_the_inspector_names_the_row_of_the_sample_it_is_about(inspected: str) -> None:
    lesson = lesson_of()
    scene = look(lesson, lesson.timeline.find("1.2.2.bank"), 1.0, SIZE, inspecting=inspected)
    row = lesson.run.ledger.header.row_names[lesson.run.ledger.batch(2).rows[1]]
    assert any(x.text.endswith(f"batch 2 · sample 2: {row}") for x in scene.over if isinstance(x, Label))
    if inspected == "y2":
        assert "y₂ Chinstrap" in [x.text for x in scene.over if isinstance(x, Label)]


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768)])
def test_a_wrong_class_is_not_said_in_the_green_of_a_right_one(size: tuple[int, int]) -> None:
    lesson, box = lesson_of(), regions(size).batch
    scene = look(lesson, lesson.timeline.find("1.1.commit"), 1.0, size)
    found = [label for label in scene.labels() if box.contains(label.x, label.y)]
    inks = {label.text: label.colour for label in found if label.text in ("right", "wrong")}
    assert inks == {"right": GREEN_INK, "wrong": BLAME_INK}
