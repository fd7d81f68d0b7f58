"""Where the screen says which key closes what is open, the pointer can press it; and what is typed has its caret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from looks import SIZES
from sitting import press, session_of, type_in

from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label, Line


@dataclass(frozen=True)
class Open:
    """How something is opened, what it says of closing, and what is open."""

    keys: tuple[str, ...]
    says: str
    is_open: Callable[[Session], object]


OPEN = {
    "the inspector": Open(("return",), "Esc closes", lambda session: session.state.inspecting),
    "go to": Open(("g",), "Esc closes", lambda session: session.state.dialog),
    "what if": Open(("w",), "Esc closes", lambda session: session.state.dialog),
    "the summary": Open(("s",), "S closes", lambda session: session.state.summary),
    "the weight over the commits": Open(("a",), "A closes", lambda session: session.state.history),
    "the keys": Open(("h",), "Esc closes", lambda session: session.state.help),
}


def pressed(session: Session, words: str, size: tuple[int, int]) -> None:
    """A click in the middle of the words."""
    scene, scale = session.scene(size), regions(size).scale
    label = [label for label in scene.over if isinstance(label, Label) and label.text == words][-1]
    box = Painter(size).label_box(label)
    session.click(scene, box.centerx / scale, box.centery / scale)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", OPEN)
def test_a_click_on_the_words_that_say_how_closes_what_is_open(name: str, size: tuple[int, int]) -> None:
    session, what = session_of(), OPEN[name]
    press(session, "end", *what.keys)
    assert what.is_open(session)
    pressed(session, what.says, size)
    assert not what.is_open(session)


def test_a_click_on_backspace_returns_goes_back_by_one_receipt() -> None:
    session = session_of()
    press(session, "end", "return")
    for ref in (Ref("bank", "x1->y", 1, 4), Ref("slice", "x1->y", 1, 2)):
        session.command("open", ref.code)
    trail = session.state.trail
    assert len(trail) == 2
    pressed(session, "Backspace returns", SIZES[1])
    assert session.state.trail == trail[:1]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("text", ["1", "9.9.9", "11.11.11", "1.1.commit", "100.200.1.predict"])
def test_the_caret_stands_just_behind_what_is_typed(text: str, size: tuple[int, int]) -> None:
    session = session_of()
    press(session, "g")
    type_in(session, text)
    scene, scale = session.scene(size), regions(size).scale
    typed = next(label for label in scene.over if isinstance(label, Label) and label.text == text)
    caret = [item for item in scene.over if isinstance(item, Line) and item.points[0][0] == item.points[1][0]][-1]
    gap = caret.points[0][0] * scale - Painter(size).label_box(typed).right
    assert -1 <= gap <= 14 * scale + 1
