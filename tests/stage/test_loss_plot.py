"""The plot of the losses: its points, and what they cost in a run that does not keep the weights of every batch."""

from __future__ import annotations

from functools import cache

import pytest
from looks import table

from piggybank import Dense, Ledger, Network, Run
from piggybank.ledger import commits
from piggybank.stage.compose import timeline_of
from piggybank.stage.known import known_at
from piggybank.stage.scene import Hit, Line
from piggybank.stage.strip import PLOT_POINTS, _chosen, loss_plot
from piggybank.stage.timeline import Cursor
from piggybank.stage.view import View


@cache
def large(loss: str) -> Ledger:
    """More weights than are kept for every batch."""
    last, targets = ("softmax", [0, 1, 2, 1]) if loss == "cross-entropy" else ("linear", table(4, 3, 2))
    network = Network(Dense(70, 60, "tanh"), Dense(60, 3, last), seed=2)
    return Run(network, (table(4, 70, 1), targets), loss=loss, batch_size=2).train(batches=150).ledger


def plotted(ledger: Ledger, batch: int) -> tuple[list[Hit], Line]:
    """The places that lead to batches, and the line, after a commit."""
    timeline = timeline_of(ledger)
    items, hits = loss_plot(ledger, known_at(timeline, Cursor(timeline.commit_beat(batch), 1.0)), View())
    return hits, next(item for item in items if isinstance(item, Line))


@pytest.mark.parametrize(
    ("loss", "batches"), [("cross-entropy", {1, 65, 129, 150}), ("squared error", _chosen(150, 1))]
)
def test_the_plot_of_a_large_run_derives_no_weights_but_those_that_its_last_loss_needs(
    loss: str, batches: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, carried_out = Ledger(large(loss).header, large(loss).storage), list[int]()
    really = commits.carry_out
    monkeypatch.setattr(commits, "carry_out", lambda *given: (carried_out.append(1), really(*given))[1])
    hits, _ = plotted(ledger, 150)
    assert {int(hit.argument) for hit in hits} == set(batches)
    assert len(carried_out) == {"cross-entropy": 149 - 128, "squared error": 0}[loss]  # for the last one's loss


def test_the_losses_of_a_large_run_stand_as_far_apart_as_their_batches() -> None:
    _, line = plotted(large("cross-entropy"), 150)
    first, *rest = [x for x, _ in line.points]
    assert [round(149 * (x - first) / (rest[-1] - first)) for x in rest] == [64, 128, 149]


@pytest.mark.parametrize("last", [1, 2, 59, 60, 61, 64, 65, 66, 200, 100_000])
def test_a_long_large_run_has_points_where_weights_are_kept_and_at_the_last_batch(last: int) -> None:
    chosen = _chosen(last, 64)
    assert (chosen[0], chosen[-1]) == (1, last)
    assert len(chosen) <= PLOT_POINTS + 1
    if last > 64:
        assert all(batch % 64 == 1 for batch in chosen[:-1])
    else:
        assert chosen == _chosen(last, 1)
