"""A seeded monkey, which does with a lesson whatever comes to its mind: keys, clicks, drags, typing and time."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass

from piggybank.app.controls import COMMANDS
from piggybank.app.session import Session
from piggybank.stage.scene import Scene

KEYS = [key for key, command in COMMANDS.items() if command not in ("quit", "menu")] + list(string.ascii_lowercase[:5])
TYPED = string.digits + ".,-+/e" + "commit" + "ß€💥\x00"


@dataclass
class Monkey:
    """One sitting of it with a lesson."""

    session: Session
    numbers: random.Random
    size: tuple[int, int] = (1280, 720)
    events: int = 0

    def act(self, scene: Scene) -> None:
        """One event."""
        choice, session, numbers = self.numbers.random(), self.session, self.numbers
        if choice < 0.40:
            session.key(numbers.choice(KEYS))
        elif choice < 0.48:
            character = numbers.choice(TYPED)
            session.key(character, character)
        elif choice < 0.60:
            session.click(scene, numbers.uniform(0, 1920), numbers.uniform(0, 1080))
        elif choice < 0.75 and scene.hits:
            box = numbers.choice(scene.hits).box
            session.click(scene, box.cx, box.cy)
        elif choice < 0.80 and scene.hits:
            box = numbers.choice(scene.hits).box
            session.drag(scene, box.cx, box.cy)
        elif choice < 0.90:
            session.command("pointer", f"{numbers.uniform(-9, 2000)},{numbers.uniform(-9, 1100)}")
        else:
            session.command("tick", repr(numbers.choice((0.0, 0.016, 0.1, 2.0))))
        self.events += 1
