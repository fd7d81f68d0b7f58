"""Where nobody empties the banks: the old coins stay in the pig and in its number, and the arithmetic adds up."""

from __future__ import annotations

from functools import cache

import pytest
from looks import SIZES, as_lesson, look, run_of
from readable import agrees

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.course import load_lesson
from piggybank.ledger.lines import Ref
from piggybank.ledger.records import LedgerError
from piggybank.stage import digits
from piggybank.stage.regions import regions
from piggybank.stage.scene import NOBODY, Coin, Hit, Label, Scene

HELD = {1: -4.0, 2: -6.0, 3: -5.0, 4: -1.5}
"""What lesson 6's bank holds when it breaks."""


@cache
def lesson_6() -> Lesson:
    lesson = load_lesson(6)
    lesson.ensure(lesson.timeline.commit_beat(8))
    return lesson


@cache
def pairs() -> Lesson:
    """Two samples a batch, many weights, and nobody empties."""
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return as_lesson(Run(network, "xor", rule=SGD(0.5), batch_size=2, fault="forgot-to-empty"), 4)


def at(lesson: Lesson, address: str, progress: float = 1.0, size: tuple[int, int] = (1280, 720)) -> Scene:
    return look(lesson, lesson.timeline.find(address), progress, size, selected="x1->y" if lesson is lesson_6() else "")


def row(scene: Scene, size: tuple[int, int] = (1280, 720)) -> str:
    """The line of arithmetic."""
    box = regions(size).caption
    found = [label for label in scene.step if isinstance(label, Label) and box.contains(label.x, label.y)]
    y = max(label.y for label in found)
    return " ".join(label.text for label in found if label.y == y)


def coins(scene: Scene) -> list[Coin]:
    """Those on the stage."""
    box = regions((1280, 720)).stage
    return [item for item in scene if isinstance(item, Coin) and box.contains(item.x, item.y)]


def pill(scene: Scene, name: str = "x1->y") -> list[Label]:
    """The numbers on the stage that say what a bank holds."""
    box, found = regions((1280, 720)).network, []
    for label in scene.labels():
        ref = label.ref
        if ref and ref.name == name and (ref.kind in ("bank", "kept") or (ref.kind == "commit" and ref.part)):
            found += [label] if box.contains(label.x, label.y) else []
    return found


@pytest.mark.parametrize("batch", [2, 3, 4])
def test_a_bank_that_nobody_emptied_still_says_what_it_held(batch: int) -> None:
    before = at(lesson_6(), f"{batch}.{batch}.1.predict")
    assert [digits.reads_as(label.text) for label in pill(before)] == [HELD[batch - 1]]
    assert [digits.reads_as(label.text) for label in pill(at(lesson_6(), f"{batch}.{batch}.1.bank"))] == [HELD[batch]]


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_old_coins_stay_in_the_pig_grey_and_without_a_number(batch: int) -> None:
    for phase, new in (("1.predict", 0), ("1.bank", 1), ("commit", 1)):
        found = coins(at(lesson_6(), f"{batch}.{batch}.{phase}"))
        old = [coin for coin in found if coin.sample == NOBODY]
        assert len(old) == batch - 1
        assert len(found) - len(old) == new
        assert not any(coin.numbered for coin in old)
    mending = coins(at(lesson_6(), f"{batch}.{batch}.commit", 0.78))
    assert len(mending) == batch


def test_where_banks_are_emptied_no_old_coin_is_drawn() -> None:
    assert coins(at(load_lesson(1), "2.2.1.predict")) == []
    assert coins(at(load_lesson(1), "2.2.commit")) == []


def test_a_pig_of_many_batches_keeps_room_for_today_s_coins() -> None:
    lesson = as_lesson(Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1 / 8), batch_size=1,
                           fault="forgot-to-empty"), 30)  # fmt: skip
    lesson.ensure(lesson.timeline.commit_beat(30))
    found = coins(look(lesson, lesson.timeline.find("30.30.1.bank")))
    assert len(found) == 18
    assert [coin.sample for coin in found].count(NOBODY) == 17


def test_the_line_of_arithmetic_says_what_was_kept_and_what_it_comes_to() -> None:
    assert row(at(lesson_6(), "2.2.1.bank")) == "input x₁ 2 × blame −1 = coin −2 + kept −4 → bank −6"
    assert row(at(lesson_6(), "2.2.commit")) == "kept −4 + coin −2 → bank −6 × −0.125 → adjustment +0.75"


@pytest.mark.parametrize("size", SIZES)
def test_the_line_never_begins_with_its_end(size: tuple[int, int]) -> None:
    for batch in range(1, 9):
        words = row(at(lesson_6(), f"{batch}.{batch}.commit", 1.0, size), size)
        assert not words.startswith(("+ ", "→", "×"))
        assert "average" not in words


@pytest.mark.parametrize("lesson", [lesson_6, pairs])
def test_every_number_of_such_a_run_is_that_of_its_receipt(lesson: object) -> None:
    run = lesson()  # type: ignore[operator]
    name, shown = run.run.ledger.header.weights[-1].name, 0
    for beat in range(run.timeline.length(4)):
        for open_ in ({}, {"inspecting": name}):
            for label in look(run, beat, 1.0, selected=name, **open_).labels():
                if label.ref is not None:
                    assert agrees(label.text, run.run.ledger.open(label.ref).value), label
                    shown += label.ref.kind == "kept"
    assert shown


def test_the_table_s_pending_is_what_the_bank_holds() -> None:
    box = regions((1280, 720)).trace
    for address, ref in {
        "1.2.1.predict1": Ref("commit", "h1->y", 1, part="bank"),
        "1.2.1.bank": Ref("kept", "h1->y", 2, 1, 1),
        "1.2.2.bank": Ref("kept", "h1->y", 2, 2, 2),
    }.items():
        labels = look(pairs(), pairs().timeline.find(address)).labels()
        assert [label.ref for label in labels if box.contains(label.x, label.y)].count(ref) == 1


def test_the_pointer_over_such_a_pig_shows_what_was_kept_in_the_sum() -> None:
    hit = next(hit for hit in at(lesson_6(), "2.2.1.bank").hits if isinstance(hit, Hit) and hit.argument == "x1->y")
    beat = lesson_6().timeline.find("2.2.1.bank")
    scene = look(lesson_6(), beat, 1.0, pointer=(hit.box.cx, hit.box.y + 4))
    words = [label.text for label in scene.over if isinstance(label, Label)]
    place = words.index("kept from before")
    assert words[place + 1] == "−4"
    assert words[words.index("together") + 1] == "−6"


def test_a_bank_that_nobody_emptied_has_a_receipt_down_to_what_was_kept() -> None:
    ledger = lesson_6().run.ledger
    receipt = ledger.open(Ref("kept", "x1->y", 2, 1))
    assert [(line.operator, line.value) for line in receipt.lines] == [("", -4.0), ("+", -2.0), ("=", -6.0)]
    assert receipt.value == ledger.open(Ref("commit", "x1->y", 2, part="bank")).value == eval(receipt.python())
    assert receipt.lines[0].origin == Ref("commit", "x1->y", 1, part="bank")


def test_where_banks_are_emptied_there_is_no_such_receipt() -> None:
    run = run_of(1, 1).train(batches=1)
    with pytest.raises(LedgerError, match="are emptied in every commit"):
        run.ledger.open(Ref("kept", "x1->y", 1, 1))
