"""The card of trouble: playing stops at the first number that is none any more, and offers a way back."""

from __future__ import annotations

from typing import Any

import pytest
from sitting import SIZE, texts

from piggybank import SGD, Adam, Dense, Lesson, Momentum, Nesterov, Network, Rule, Run
from piggybank.app.session import Session
from piggybank.app.way_back import _FOUND, plain, way_back
from piggybank.ledger.lines import Ref
from piggybank.ledger.measured import measure
from piggybank.stage.scene import Hit

OFF = ("adjustment = -1e300 * average * average * average", "after = before + adjustment")


def session() -> Session:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e100), batch_size=1)
    found = Session(Lesson(None, "Too big a hammer", run, batches=6), [])
    found.scene(SIZE)
    return found


def playing_to_the_end(found: Session) -> None:
    found.command("toggle", "")
    for _ in range(400):
        if not found.moving:
            break
        found.command("tick", "1.0")
        found.scene(SIZE)


def place(found: Session, command: str) -> Hit:
    return next(hit for hit in found.scene(SIZE).hits if hit.command == command and hit.tip.startswith(("Back", "How")))


def test_playing_stops_where_the_first_number_is_none_and_the_card_says_what_where_why_and_what_to_try() -> None:
    found = session()
    playing_to_the_end(found)
    assert found.lesson is not None
    assert found.lesson.trouble is not None
    assert found.state.warning
    assert found.state.cursor.beat == found.lesson.trouble_beat
    words = texts(found)
    assert all(
        part in words for part in ("Trouble", "The loss is inf", "batch 3, sample 1", "1.8e308", "smaller learning")
    )


def test_the_card_names_a_weight_as_the_screen_does_and_says_a_division_by_zero() -> None:
    lines = ("jar = jar + 0 * total", "adjustment = -learning_rate * total / jar", "after = before + adjustment")
    rule = Rule("by nothing", lines, {"learning_rate": 0.5}, memory=("jar",))
    run = Run(Network(Dense(2, 2), Dense(2, 1), seed=3), "xor", rule=rule, batch_size=4)
    found = Session(Lesson(None, "By nothing", run, batches=2), [])
    playing_to_the_end(found)
    words = texts(found)
    assert "of x₁ → h₁ is" in words
    assert "It is a number ÷ 0" in words
    assert "->" not in words


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


def test_the_way_back_goes_on_from_before_the_best_batch_at_a_rate_that_was_tried() -> None:
    found = session()
    playing_to_the_end(found)
    hit = place(found, "rewind")
    assert hit.tip == "Back to commit 1, rate 0.3"
    found.click(found.scene(SIZE), hit.box.cx, hit.box.cy)
    assert found.lesson is not None
    header = found.lesson.run.ledger.header
    assert header.parent is not None
    assert (header.parent.batch, header.constants["learning_rate"]) == (0, 0.3)
    assert found.state.cursor.beat == 0
    assert not found.state.warning
    found.lesson.run.ensure(200)
    assert found.lesson.trouble is None


def in_trouble(rule: Rule, data: Any = "xor", batches: int = 600, **settings: Any) -> Lesson:
    network = Network(Dense(2, 3, "relu"), Dense(3, 1), seed=7)
    run = Run(network, data, rule=rule, **{"batch_size": 2, **settings}).train(batches=batches)
    assert run.trouble is not None
    return Lesson(None, "Too big a hammer", run, batches=6)


@pytest.mark.parametrize(
    "rule", [SGD(1e200), SGD(1e20), Momentum(1e80, 0.5), Adam(1e200), SGD(1e9, weight_decay=0.1), Nesterov(3.0)]
)
def test_the_rate_that_is_offered_is_smaller_and_lowers_the_loss(rule: Rule) -> None:
    lesson = in_trouble(rule)
    back = way_back(lesson)
    assert back is not None
    batch, rate = back
    assert 0 < rate < rule.constants["learning_rate"]
    assert isinstance(lesson.run, Run)
    fork = lesson.run.fork(batch, learning_rate=rate).train(epochs=8)
    assert fork.trouble is None
    whole = fork.dataset.inputs, fork.dataset.targets
    assert measure(fork.ledger, 16, *whole).loss < measure(fork.ledger, 0, *whole).loss


@pytest.mark.parametrize(
    ("rule", "data"),
    [(SGD(-3.0), "xor"), (SGD(0.1), ([[1.0, 2.0], [2.0, 1.0]], [1e200, -1e200])), (Rule("off", OFF), "xor")],
    ids=["uphill", "data too large", "no rate"],
)
def test_no_rate_is_offered_where_none_helps(rule: Rule, data: Any) -> None:
    assert way_back(in_trouble(rule, data)) is None


def test_the_rate_is_looked_for_once_however_often_the_card_is_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found, forks = session(), []
    playing_to_the_end(found)
    fork = Run.fork
    monkeypatch.setattr(Run, "fork", lambda *given, **more: forks.append(1) or fork(*given, **more))
    texts(found)
    texts(found)
    assert forks == []
    assert found.lesson is not None
    _FOUND.clear()
    capsys.readouterr()
    assert way_back(found.lesson) == way_back(found.lesson) == (1, 0.3)
    assert 0 < len(forks) <= 20
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("rate", "text"), [(0.3, "0.3"), (2.0, "2"), (0.00002, "0.00002"), (-0.1, "−0.1"), (3e-40, "3e−40"), (2e30, "2e30")]
)
def test_a_rate_is_written_in_plain_digits_unless_they_are_too_many(rate: float, text: str) -> None:
    assert plain(rate) == text
