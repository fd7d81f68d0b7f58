"""The card of trouble: playing stops at the first number that is none any more, and offers a way back."""

from __future__ import annotations

from piggybank import SGD, Dense, Lesson, Network, Run
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.scene import Hit, Label

SIZE = (1280, 720)


def session() -> Session:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e100), batch_size=1)
    found = Session(Lesson(0, "Too big a hammer", run, batches=6), [])
    found.scene(SIZE)
    return found


def playing_to_the_end(found: Session) -> None:
    found.command("toggle", "")
    for _ in range(400):
        if not found.moving:
            break
        found.command("tick", "1.0")
        found.scene(SIZE)


def said(found: Session) -> str:
    return " ".join(item.text for item in found.scene(SIZE).over if isinstance(item, Label))


def place(found: Session, command: str) -> Hit:
    return next(hit for hit in found.scene(SIZE).hits if hit.command == command and hit.tip.startswith(("Back", "How")))


def test_playing_stops_where_the_first_number_is_none_and_the_card_says_what_where_why_and_what_to_try() -> None:
    found = session()
    playing_to_the_end(found)
    assert found.lesson is not None
    assert found.lesson.trouble is not None
    assert found.state.warning
    assert found.state.cursor.beat == found.lesson.trouble_beat
    words = said(found)
    assert all(
        part in words for part in ("Trouble", "The loss is inf", "batch 3, sample 1", "1.8e308", "smaller learning")
    )


def test_the_card_closes_and_playing_goes_on_past_it() -> None:
    found = session()
    playing_to_the_end(found)
    found.key("escape")
    assert not found.state.warning
    beat = found.state.cursor.beat
    playing_to_the_end(found)
    assert found.state.cursor.beat > beat


def test_the_number_on_the_card_opens() -> None:
    found = session()
    playing_to_the_end(found)
    hit = place(found, "open")
    found.click(found.scene(SIZE), hit.box.cx, hit.box.cy)
    assert found.state.trail[-1] == Ref("loss", "", 3, 1)


def test_the_way_back_goes_on_from_before_the_best_batch_at_a_quarter_of_the_rate() -> None:
    found = session()
    playing_to_the_end(found)
    hit = place(found, "rewind")
    found.click(found.scene(SIZE), hit.box.cx, hit.box.cy)
    assert found.lesson is not None
    header = found.lesson.run.ledger.header
    assert header.parent is not None
    assert (header.parent.batch, header.constants["learning_rate"]) == (0, 2.5e99)
    assert found.state.cursor.beat == 0
    assert not found.state.warning
