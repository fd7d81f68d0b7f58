"""Keys pressed and places clicked until everything is at rest."""

from __future__ import annotations

from looks import MAKERS

from piggybank.app.course import course
from piggybank.app.session import Session
from piggybank.stage.scene import Hit, Scene

SIZE = (1280, 720)


def session_of(name: str = "lesson 2") -> Session:
    return Session(MAKERS[name](), course())


def settle(session: Session) -> None:
    while session.moving:
        session.command("tick", "0.5")


def press(session: Session, *keys: str) -> None:
    for key in keys:
        session.key(key)
        settle(session)


def hit_of(session: Session, command: str, argument: str, at_least: int = 0) -> tuple[Scene, Hit]:
    scene = session.scene(SIZE)
    found = [hit for hit in scene.hits if (hit.command, hit.argument) == (command, argument)]
    assert len(found) > at_least, f"nothing to click for {command} {argument}"
    return scene, found[at_least]


def click(session: Session, command: str, argument: str, which: int = 0) -> None:
    scene, hit = hit_of(session, command, argument, which)
    session.click(scene, hit.box.cx, hit.box.cy)
