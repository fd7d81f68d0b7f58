"""What `play` takes: runs, ledgers and files in any mix, and how they are called side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from saved_sides import saved

from piggybank import SGD, Dense, LedgerError, Network, Run, open_ledger, play
from piggybank.app.lessons import Lesson, LessonError
from piggybank.app.saved import abreast, of_ledger

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Lesson]:
    found: list[Lesson] = []
    monkeypatch.setattr("piggybank.app.window.show", found.append)
    return found


def mine(**settings: Any) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", **{"rule": SGD(0.5), "batch_size": 4, **settings})


def test_play_takes_runs_ledgers_and_paths_and_lets_go_of_the_files_it_opened(shown: list[Lesson]) -> None:
    kept = open_ledger(saved("kept", batch_size=2))
    play(mine(batch_size=1), kept, Path(saved("b", batch_size=3)), title="Three")
    lesson = shown[0]
    assert [other.title for other in lesson.family] == ["Three"] * 3
    assert [other.called for other in lesson.family] == ["batch of 1", "batch of 2", "batch of 3"]
    assert kept.batch(2).batch == 2
    with pytest.raises(LedgerError, match="was closed"):
        lesson.family[2].run.ledger.batch(2)
    kept.close()


def test_a_run_that_trains_on_goes_as_far_as_the_saved_one_beside_it(shown: list[Lesson]) -> None:
    run = mine(rule=SGD(0.25))
    play(saved("kept", 8), run)
    assert [other.batches for other in shown[0].family] == [8, 8]
    play(run, open_ledger("kept.piggy"))
    lesson = shown[1]
    assert [other.batches for other in lesson.family] == [8, 8]
    lesson.ensure(lesson.timeline.commit_beat(10))
    assert [len(other.run.ledger) for other in lesson.family] == [10, 8]


def test_a_text_behind_a_single_run_is_its_title_as_ever(shown: list[Lesson]) -> None:
    play(mine(), "Mine")
    play(mine())
    play(saved("a"), "Again")
    assert [(lesson.title, len(lesson.family)) for lesson in shown] == [("Mine", 1), ("My run", 1), ("Again", 1)]


def test_runs_of_one_kind_that_are_saved_nowhere_are_called_by_their_places(shown: list[Lesson]) -> None:
    play(mine(), mine(), mine())
    assert [other.called for other in shown[0].family] == ["run 1", "run 2", "run 3"]


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([mine] * 4, "up to 4 runs stand side by side, got 5; leave some out"),
        ([lambda: 7], r"play expects a Run, a ledger or a saved run's path, got 7; try play\(run\)"),
        ([mine, lambda: "Mine"], "there is no file 'Mine'; check the name and the folder"),
        ([lambda: "none.piggy"], r"there is no file 'none\.piggy'"),
    ],
)
def test_what_cannot_be_played_together_is_refused_in_one_sentence(
    others: list[Callable[[], Any]], sentence: str, shown: list[Lesson]
) -> None:
    with pytest.raises((LessonError, LedgerError), match=sentence):
        play(mine(), *(other() for other in others))
    assert shown == []


def test_one_ledger_twice_and_one_without_a_batch_are_refused() -> None:
    with open_ledger(saved("a")) as ledger:
        with pytest.raises(LessonError, match=r"'a\.piggy' is given twice"):
            play(ledger, "a.piggy")
        with pytest.raises(LessonError, match=r"'a\.piggy' is given twice"):
            abreast([of_ledger(ledger), of_ledger(ledger)])
    run = mine()
    with pytest.raises(LessonError, match="a run stands beside itself; give another run"):
        play(run, run)
    with pytest.raises(LessonError, match="the ledger holds no batch yet; train first"):
        play(mine().ledger)
