"""Trouble cannot be passed unseen: its card comes by whatever way one arrives, and a mark stays in the strip."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from looks import SIZES
from sitting import lesson_of, press, settle, texts, type_in

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.session import Session
from piggybank.stage.scene import Hit, Label

TROUBLED = "3.3.1.loss"


def session() -> Session:
    """Its first number that is none is the loss of batch 3."""
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e100), batch_size=1)
    found = Session(Lesson(None, "Too big a hammer", run, batches=2), [])
    found.scene(SIZES[1])
    return found


def marks(found: Session, size: tuple[int, int] = SIZES[1]) -> list[Hit]:
    return [hit for hit in found.scene(size).hits if hit.command == "trouble"]


def go_to(found: Session, address: str) -> None:
    press(found, "g")
    type_in(found, address)
    press(found, "return")


def quickly(found: Session) -> None:
    """Steps that do not wait for a beat to settle."""
    for _ in range(80):
        press(found, "right")
        found.command("tick", "0.01")
        if found.state.warning:
            break


ARRIVALS: dict[str, Callable[[Session], object]] = {
    "a jump to it": lambda found: go_to(found, TROUBLED),
    "a jump beyond it": lambda found: go_to(found, "7.7.commit"),
    "quick steps": quickly,
    "commit by commit": lambda found: press(found, "ctrl+right", "ctrl+right", "ctrl+right"),
    "sample by sample": lambda found: [press(found, "shift+right") for _ in range(5)],
    "a click on the strip": lambda found: found.command("commit", "4"),
}


@pytest.mark.parametrize("arrive", ARRIVALS.values(), ids=ARRIVALS)
def test_the_card_comes_by_whatever_way_one_arrives_and_comes_once(arrive: Callable[[Session], object]) -> None:
    found = session()
    arrive(found)
    assert found.state.warning
    assert not found.moving
    assert "The loss is inf" in texts(found)
    press(found, "escape")
    assert not found.state.warning
    go_to(found, "9.9.1")
    press(found, "home")
    go_to(found, TROUBLED)
    assert not found.state.warning


def test_the_card_comes_at_the_last_commit_of_a_recording_too() -> None:
    found = session()
    lesson_of(found).batches = 6
    press(found, "end")
    assert found.state.warning


def test_a_mark_stays_from_then_on_and_opens_the_card() -> None:
    found = session()
    go_to(found, "3.3.1.predict")
    assert not marks(found)
    press(found, "right")
    settle(found)
    press(found, "escape")
    for _ in range(4):
        assert len(marks(found)) == 1
        assert not found.state.warning
        press(found, "right")
        settle(found)
    scene = found.scene(SIZES[1])
    assert "trouble since batch 3 ›" in scene.text()
    mark = marks(found)[0]
    found.click(scene, mark.box.cx, mark.box.cy)
    assert found.state.warning
    press(found, "escape", "home")
    assert not marks(found)


@pytest.mark.parametrize("size", SIZES)
def test_the_mark_s_words_fit_into_it_beside_the_loss(size: tuple[int, int]) -> None:
    found = session()
    go_to(found, "7.7.commit")
    press(found, "escape")
    mark, scene = marks(found, size)[0], found.scene(size)
    words = next(label for label in scene.labels() if label.text.startswith("trouble"))
    assert mark.box.contains(words.x, words.y)
    inside = [label for label in scene.labels() if isinstance(label, Label) and mark.box.contains(label.x, label.y)]
    assert inside == [words]
    plotted = [hit.box for hit in scene.hits if hit.command == "loss"]
    assert plotted
    assert all(box.right <= mark.box.x or box.bottom <= mark.box.y for box in plotted)


def test_the_card_waits_for_a_dialog_to_close() -> None:
    found = session()
    press(found, "g")
    found.command("commit", "4")
    assert not found.state.warning
    press(found, "escape")
    assert found.state.warning
