"""The score at the end of a lesson: what was predicted right, and the ways out of it."""

from __future__ import annotations

import pytest
from sitting import SIZE, at_gate, go, lesson_of, press, settle, texts


@pytest.mark.parametrize("key", ["right", "page down"])
def test_who_steps_on_before_the_last_commit_has_settled_sees_the_score_too(key: str) -> None:
    session = at_gate(4, "4.4.commit")
    press(session, key, key)  # shown, and on into the commit
    session.command("tick", "0.05")
    assert session.moving
    press(session, key)
    assert not session.moving
    assert session.state.score
    assert "You predicted 0 of 1" in texts(session)


@pytest.mark.parametrize("key", ["page down", "page up"])
def test_a_clicker_leaves_the_score(key: str) -> None:
    session = at_gate(4, "4.4.commit")
    press(session, "right", "right")
    settle(session)
    assert session.state.score
    press(session, key)
    assert not session.state.score


def test_at_the_end_of_the_lesson_stands_what_was_predicted_right() -> None:
    session = at_gate(4, "1.1.1.bank")
    press(session, "b", "right")  # right at once
    go(session, "2.2.commit")
    press(session, "right", "a", "c", "right")  # right at the second try
    go(session, "3.3.commit")
    press(session, "right", "right", "right")  # shown
    go(session, "4.4.commit")
    press(session, "right", "escape", "space")  # skipped
    settle(session)
    assert session.state.score
    words = texts(session)
    assert "You predicted 2 of 4, 1 at the first try." in words
    for said in ("right at the first try", "right after 1 wrong", "shown", "skipped"):
        assert said in words
    assert "The pears' price is right, 2. How far does it move?" in words
    scene = session.scene(SIZE)
    hit = next(hit for hit in scene.hits if (hit.command, hit.argument) == ("moment", "2.2.commit"))
    session.click(scene, hit.box.cx, hit.box.cy)
    assert not session.state.score
    assert session.state.cursor.beat == lesson_of(session).timeline.commit_beat(2) - 1
