"""A session in any order of steps, jumps, openings and sizes looks like the same moment reached by a jump."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from looks import MAKERS, SHAPES, SIZES, digest

from piggybank import Lesson
from piggybank.app.controls import COMMANDS
from piggybank.app.screen import screen
from piggybank.app.session import Session

NAMES = ("lesson 1", "lesson 2", "xor 2-3-1", "2-2-2-1", "4-8-3")
KEYS = sorted(key for key, command in COMMANDS.items() if command not in ("quit", "menu"))
FURTHEST = 12
"""Batches; a session that trains on beyond goes home."""


def made(name: str) -> Lesson:
    return {**SHAPES, **MAKERS}[name]()


class Sitting(RuleBasedStateMachine):
    """One session, and beside it the same run in another ledger that is only ever looked at by a jump."""

    @initialize(name=st.sampled_from(NAMES))
    def begin(self, name: str) -> None:
        self.session, self.other, self.size = Session(made(name), []), made(name), SIZES[1]
        self.lesson = self.session.lesson
        assert self.lesson is not None
        self.recorded = len(self.lesson.run.ledger)
        self.before = digest(self.lesson.run.ledger, self.recorded)

    @rule(key=st.sampled_from(KEYS))
    def press(self, key: str) -> None:
        self.session.key(key, key if len(key) == 1 else "")

    @rule(which=st.floats(0, 1, exclude_max=True))
    def click(self, which: float) -> None:
        scene = self.session.scene(self.size)
        hit = scene.hits[int(which * len(scene.hits))]
        self.session.click(scene, hit.box.cx, hit.box.cy)

    @rule(which=st.floats(0, 1, exclude_max=True))
    def point(self, which: float) -> None:
        scene = self.session.scene(self.size)
        hit = scene.hits[int(which * len(scene.hits))]
        self.session.command("pointer", f"{hit.box.cx},{hit.box.cy}")

    @rule(seconds=st.floats(0, 3))
    def wait(self, seconds: float) -> None:
        self.session.command("tick", repr(seconds))

    @rule(text=st.text(max_size=12))
    def type_somewhere(self, text: str) -> None:
        self.session.command("goto", "")
        for character in text:
            self.session.key(character, character)
        self.session.key("return", "\r")

    @rule(batch=st.integers(1, FURTHEST), share=st.floats(0, 1, exclude_max=True))
    def jump(self, batch: int, share: float) -> None:
        count = self.session.lesson.timeline.count(batch)  # type: ignore[union-attr]
        self.session.command("sample", f"{batch}.{1 + int(share * count)}")

    @rule(size=st.sampled_from(SIZES))
    def resize(self, size: tuple[int, int]) -> None:
        self.size = size

    @invariant()
    def the_moment_looks_as_if_it_had_been_jumped_to(self) -> None:
        assert self.lesson is not None
        if self.lesson.timeline.batch_of(self.session.state.cursor.beat) > FURTHEST:
            self.session.command("home", "")
        scene = self.session.scene(self.size)
        self.other.ensure(self.session.state.cursor.beat)
        assert scene == screen(self.other, self.session.state, self.size)

    @invariant()
    def going_there_again_from_elsewhere_changes_nothing(self) -> None:
        state, scene = self.session.state, self.session.scene(self.size)
        for command in ("end", "home", "next_batch", "previous_sample"):
            self.session.command(command, "")
            self.session.scene(self.size)
        self.session.state = state
        assert self.session.scene(self.size) == scene

    def teardown(self) -> None:
        if hasattr(self, "before"):
            assert self.lesson is not None
            assert digest(self.lesson.run.ledger, self.recorded) == self.before


Sitting.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestSitting = Sitting.TestCase
