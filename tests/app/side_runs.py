"""Runs beside a lesson's own, and what is clicked in them."""

from __future__ import annotations

from typing import Any

from sitting import SIZE

from piggybank import SGD, Dense, Lesson, Momentum, Network, Run
from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.stage.scene import Hit, Label


def xor(batch_size: int | str = 1, rule: Any = None) -> Run:
    network = Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7)
    return Run(network, "xor", rule=rule or SGD(0.5), batch_size=batch_size)


def trio() -> Session:
    beside = {"twos": xor(2), "all": xor("all", Momentum(0.25))}
    return Session(Lesson(None, "Trio", xor(), batches=12, selected="h2->y", called="singles", beside=beside), course())


def hit_of(session: Session, command: str, argument: str = "") -> Hit:
    found = [hit for hit in session.scene(SIZE).hits if hit.command == command and argument in ("", hit.argument)]
    return found[-1]


def clicked(session: Session, hit: Hit) -> None:
    session.click(session.scene(SIZE), hit.box.cx, hit.box.cy)


def numbers_beside(session: Session) -> list[Label]:
    """The numbers of the runs that are not in front."""
    return [label for label in session.scene(SIZE).step if isinstance(label, Label) and label.side and label.ref]
