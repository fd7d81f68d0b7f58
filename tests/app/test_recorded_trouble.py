"""A saved run in trouble has the same card and mark as the run that was saved, found as far as it is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from looks import SIZES
from sitting import lesson_of, press, settle, texts
from test_trouble_mark import ARRIVALS, go_to, marks

from piggybank import SGD, Adam, Dense, Lesson, Network, Run, open_ledger
from piggybank.app import recorded
from piggybank.app.recorded import Recorded
from piggybank.app.session import Session


def one_weight(rate: float, batches: int) -> Run:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=SGD(rate), batch_size=1).train(batches=batches, past_trouble=True)


def saved(run: Run, folder: Path) -> Recorded:
    return Recorded(open_ledger(run.save(folder / "saved.piggy")))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Its first number that is none is the loss of batch 3."""
    found = Session(Lesson(None, "Saved", saved(one_weight(1e100, 8), tmp_path), batches=8), [])
    found.scene(SIZES[1])
    return found


@pytest.mark.parametrize("arrive", ARRIVALS.values(), ids=ARRIVALS)
def test_the_card_comes_once_by_whatever_way_one_arrives(session: Session, arrive: Callable[[Session], object]) -> None:
    arrive(session)
    assert session.state.warning
    words = texts(session)
    assert "The loss is inf, in batch 3, sample 1." in words
    assert "Back to commit" not in words
    press(session, "escape", "right")
    settle(session)
    press(session, "home", "end")
    assert not session.state.warning


def test_playing_stops_at_the_number_and_the_mark_stays_from_then_on(session: Session) -> None:
    go_to(session, "3.3.1.predict")
    assert not marks(session)
    press(session, "space")
    settle(session)
    assert session.state.warning
    assert lesson_of(session).timeline.address(session.state.cursor.beat) == "3.3.1.loss"
    press(session, "escape")
    assert "trouble since batch 3 ›" in session.scene(SIZES[1]).text()
    press(session, "home")
    assert not marks(session)


def tiny() -> Run:
    """Its coins become 0 at once."""
    network = Network(Dense(1, 1, weights=1, bias=False))
    return Run(network, ([[1e-200]], [[3e-200]]), rule=SGD(0.1), batch_size=1)


def wide() -> Run:
    """Of so many weights that not every batch's are kept."""
    data = ([[1.0] * 70, [2.0] * 70], [[1.0] * 60, [3.0] * 60])
    return Run(Network(Dense(70, 60), seed=1), data, rule=SGD(1e90), batch_size=2)


RUNS: dict[str, Callable[[], Run]] = {
    "a loss": lambda: one_weight(1e100, 8),
    "a late loss": lambda: one_weight(1.0, 330),
    "not a number": lambda: Run(Network(Dense(2, 1, weights=[[0], [0]])), ([[1, 0]], [[0]]), rule=Adam(0.1, epsilon=0)),
    "a coin that vanished": tiny,
    "a large network": wide,
    "no trouble": lambda: one_weight(0.125, 20),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_trouble_is_that_of_the_run(name: str, tmp_path: Path) -> None:
    run = RUNS[name]()
    run.train(batches=max(1, 8 - len(run.ledger)), past_trouble=True)
    assert (run.trouble is None) == (name == "no trouble")
    record = saved(run, tmp_path)
    record.look(len(run.ledger))
    assert str(record.trouble) == str(run.trouble)
    assert record.trouble is None or record.trouble.ref == run.trouble.ref


def test_what_was_looked_at_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, states = saved(one_weight(0.125, 30), tmp_path), []
    state = record.ledger.storage.state
    monkeypatch.setattr(record.ledger.storage, "state", lambda batch: states.append(batch) or state(batch))
    for batch in (1, 5, 5, 3, 6):
        record.look(batch)
    assert max(states) == 6
    assert sum(states.count(batch) for batch in (5, 6)) <= 5


def test_a_jump_over_many_batches_looks_at_a_part_of_them_unless_it_lands_in_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 8)
    calm, states = saved(one_weight(0.125, 200), tmp_path), set()
    state = calm.ledger.storage.state
    monkeypatch.setattr(calm.ledger.storage, "state", lambda batch: states.add(batch) or state(batch))
    calm.look(200)
    assert states <= {*range(9), 200}
    calm.look(200)
    assert states <= {*range(17), 200}
    (tmp_path / "other").mkdir()
    troubled = saved(one_weight(1e100, 200), tmp_path / "other")
    troubled.look(200)
    assert troubled.trouble is not None
    assert troubled.trouble.batch == 3
