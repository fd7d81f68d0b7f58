"""What happens when a key or a click arrives: from the input's name to a new state. No window, no clock, no pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from piggybank.app.arriving import has_come, planned_end, warned
from piggybank.app.beside import bring, going_on
from piggybank.app.choosing import following, in_menu, result
from piggybank.app.controls import COMMANDS, FIELDS, TYPING
from piggybank.app.copying import in_focus
from piggybank.app.course import Entry, load_lesson
from piggybank.app.focus import by_focus
from piggybank.app.forking import ask_what_if, go_back, leads_back, rewind
from piggybank.app.gates import keys as gate_keys
from piggybank.app.hints import noted
from piggybank.app.lessons import Lesson
from piggybank.app.losing import on_what_is_left, within
from piggybank.app.overlays.menu import menu_screen
from piggybank.app.player import STILL, PlayerState, Track, reduce, start
from piggybank.app.recorded import Recorded
from piggybank.app.screen import hit_under, screen
from piggybank.app.sounds import sounds_between
from piggybank.app.what_if import DIALOG, Origin
from piggybank.ledger import bank
from piggybank.stage.piggies import sign
from piggybank.stage.scene import Hit, Scene
from piggybank.stage.timeline import Cursor

IN_THE_DARK = frozenset({"tick", "pointer", "quit"})
"""What a blank screen takes as ever."""
HELD = (" shift", " ctrl", " alt", " meta", " super")
"""How the names of keys end that do nothing by themselves."""
UNTOLD = "These are not the lesson's batches, so its words and questions are left out."
"""Said of a script of the course in which somebody has changed the batches."""
CUT = "This is not the lesson's own run, so what is only true of that one is left unsaid."
"""Said of a script of the course in which somebody has changed anything else."""


@dataclass(eq=False)
class Session:
    """One sitting: the menu or a lesson. `origin` is where a fork that plays now was asked for, `copied` the last text
    copied, `done` what came of each lesson that was seen to its end, `apart` how runs were left that are not in front;
    `quit` asks the window to close."""

    lesson: Lesson | None = None
    entries: list[Entry] = field(default_factory=list)
    chosen: int = 0
    state: PlayerState = field(default_factory=PlayerState)
    origin: Origin | None = None
    copied: str = ""
    done: dict[int | str, str] = field(default_factory=dict)
    quit: bool = False
    shown: Scene | None = field(default=None, init=False, repr=False)
    shown_of: Lesson | None = field(default=None, init=False, repr=False)
    apart: dict[Lesson, PlayerState] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.lesson is not None:
            self.enter(self.lesson)

    def enter(self, lesson: Lesson) -> None:
        """Start a lesson from its beginning."""
        lesson.ensure(0)
        self.origin, self.apart = None, {}
        compared = len(lesson.family) > 1 and not isinstance(lesson.number, int)  # a lesson comes to its others later
        state = replace(start(lesson.run.ledger.header, lesson.selected), beside=compared)
        self.lesson, self.state = lesson, replace(self.kept(state), following=following(self.entries, lesson.number))
        if not lesson.is_told or lesson.is_cut:
            self.state = replace(self.state, notice=CUT if lesson.is_told else UNTOLD)

    def kept(self, state: PlayerState) -> PlayerState:
        """A new state with what is the person's own, not the lesson's."""
        mine = self.state
        return replace(
            state,
            fullscreen=mine.fullscreen,
            look=mine.look,
            sound=mine.sound,
            class_mode=mine.class_mode,
            seen=mine.seen,
            menu=bool(self.entries),
        )

    @property
    def moving(self) -> bool:
        """Whether the picture changes by itself."""
        return self.lesson is not None and self.state.motion != STILL

    @on_what_is_left
    def scene(self, size: tuple[int, int]) -> Scene:
        """The picture now."""
        self.shown, self.shown_of = self._scene(size), self.lesson
        return self.shown

    def _hits(self, scene: Scene | None) -> Sequence[Hit]:
        """What can be pressed in a picture; nothing in the last one if another run has come to the front since."""
        if scene is None or (scene is self.shown and self.shown_of is not self.lesson):
            return ()
        return scene.hits

    def _scene(self, size: tuple[int, int]) -> Scene:
        if self.lesson is None:
            return menu_screen(self.entries, self.chosen, self.state, size, self.done)
        self.lesson.ensure(self.state.cursor.beat)
        return screen(self.lesson, self.state, size)

    @on_what_is_left
    def sounds(self, before: Cursor) -> tuple[str, ...]:
        """What sounds as the cursor has run on from `before`, while sound is on."""
        lesson, after = self.lesson, self.state.cursor
        if lesson is None or not self.state.sound or before == after:
            return ()
        moment, ledger = lesson.timeline.moment(after.beat), lesson.run.ledger
        weight = ledger.header.weights_by_name.get(self.state.selected)
        coin = 0.0
        if weight is not None and moment.batch <= len(ledger):
            coin = float(bank.slices(ledger.header, ledger.batch(moment.batch), weight)[moment.sample - 1])
        return sounds_between(lesson.timeline, before, after, sign(coin) or 0)

    def key(self, name: str, character: str = "") -> None:
        """A key by its name, such as "shift+right", and the character it types, if any. What the pointer's tooltip
        says goes away until it moves again."""
        self.state = replace(self.state, pointer=None)
        if self.state.blank:
            self.command(COMMANDS.get(name, "") if not name.endswith(HELD) else "tick", "0")
            return
        command, hits = COMMANDS.get(name, ""), self._hits(self.shown)
        focused = by_focus(hits, self.state.focus or (None if self.lesson else ("open", str(self.chosen))), command)
        asked = self.lesson.asked(self.state.gate.beat) if self.lesson and self.state.gate else None
        if asked is not None:
            self.command(*(focused or gate_keys(self.state, asked, name, character)))
            return
        if self.state.dialog:
            keys = {**TYPING, **FIELDS} if self.state.dialog == DIALOG else TYPING
            command = keys.get(name, "type" if character and character.isprintable() else "")
            self.command(command, character if command == "type" else "")
            return
        on = command == "inspect" and self.state.score and self.state.following
        self.command(*(focused or ("next_lesson" if on else command, name if command == "front" else "")))

    def click(self, scene: Scene, x: float, y: float) -> None:
        """A click at a place in layout units: the topmost thing there reacts."""
        self.state = replace(self.state, focus=None)
        hit = hit_under(self._hits(scene), (x, y))
        if hit is not None:
            self.command(hit.command, hit.argument)

    def drag(self, scene: Scene, x: float, y: float) -> None:
        """The pointer moves with its button down: along the strip of batches it scrubs."""
        hit = hit_under(self._hits(scene), (x, y))
        if hit is not None and hit.command in ("sample", "commit"):
            said = self.state.notice
            self.command(hit.command, hit.argument)
            self.state = replace(self.state, notice=self.state.notice or said)

    @on_what_is_left
    def command(self, command: str, argument: str) -> None:
        """Carry out a command; an unknown one changes nothing."""
        if self.state.blank and command not in IN_THE_DARK:
            command = "blank"  # nothing happens unseen: whatever is pressed brings the picture back
        self.state = noted(self.state, command) if self.lesson is not None else self.state
        if command == "quit":
            self.quit = True
        elif self.lesson is None:
            in_menu(self, command, argument)
        elif command in ("menu", "next_lesson"):
            self._leave(command)
        elif command in ("front", "open_beside"):
            bring(self, *argument.partition(" ")[::2])
        elif command == "rewind":
            rewind(self)
        elif command == "submit" and self.state.dialog == DIALOG:
            ask_what_if(self)
        elif leads_back(self, command):
            go_back(self)
        elif command == "copy":
            self._copy()
        else:
            self.play(command, argument)

    def play(self, command: str, argument: str) -> None:
        """A command of the player, carried out on the lesson that plays."""
        assert self.lesson is not None
        lesson = self.lesson
        lesson.refresh()
        self.state = within(lesson, self.state)
        if command == "what_if":  # no picture may have been drawn since the cursor moved on
            lesson.ensure(self.state.cursor.beat)
        ledger = lesson.run.ledger
        track = Track(
            lesson.timeline,
            ledger.header,
            len(ledger),
            lesson.batches,
            lesson.run.grows,
            stops=frozenset(lesson.stops),
            reading=lesson.reading,
            questions=lesson.gated,
            asked=lesson.asked,
            seal=lesson.seal_at,
            trouble=lesson.trouble_beat,
            order=lambda state: lesson.in_order(state.neuron, state.cursor),
            compares=len(lesson.family) > 1,
            tells=bool(lesson.cues or lesson.questions),
            going_on=going_on(lesson),
        )
        self.state = reduce(self.state, command, argument, track)
        if isinstance(lesson.run, Recorded):
            lesson.run.look(lesson.timeline.batch_of(self.state.cursor.beat))
        else:  # what is there is known on arrival
            lesson.ensure(self.state.cursor.beat)
        self.state = warned(self.state, lesson.trouble_beat)
        if lesson.number is not None and has_come(self.state.cursor, planned_end(track)):
            self.done = {**self.done, lesson.number: result(self.state.answers)}

    def _leave(self, command: str) -> None:
        """For the menu, or for the course's next lesson."""
        places = [place for place, entry in enumerate(self.entries) if entry.title == self.state.following]
        if command == "next_lesson" and places:
            self.chosen = places[0]
            self.enter(load_lesson(self.entries[self.chosen].path))
        elif command == "menu" and self.entries:
            self.lesson, self.origin, self.state = None, None, self.kept(PlayerState())

    def _copy(self) -> None:
        """The number in focus as Python."""
        assert self.lesson is not None
        self.lesson.ensure(self.state.cursor.beat)
        receipt = in_focus(self.lesson, self.state)
        self.copied = receipt.python()
        self.play("notice", f"Copied as Python: {receipt.title}")
