"""The key table: one place for what keys do; the help overlay is printed from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """keys: names as the window reports them, with "shift+" or "ctrl+" before; shown: the same for people."""

    keys: tuple[str, ...]
    command: str
    shown: str
    words: str


CONTROLS = (
    Control(("space",), "toggle", "Space", "play, pause"),
    Control(("right", "page down"), "forward", "→  Page Down", "one beat on"),
    Control(("left", "page up"), "back", "←  Page Up", "one beat back"),
    Control(("shift+right",), "next_sample", "Shift →", "next sample"),
    Control(("shift+left",), "previous_sample", "Shift ←", "previous sample"),
    Control(("ctrl+right",), "next_batch", "Ctrl →", "next commit"),
    Control(("ctrl+left",), "previous_batch", "Ctrl ←", "previous commit"),
    Control(("home",), "home", "Home", "to the beginning"),
    Control(("end",), "end", "End", "to the last commit"),
    Control(("up",), "weight_up", "↑", "weight above"),
    Control(("down",), "weight_down", "↓", "weight below"),
    Control(("return", "enter"), "inspect", "Enter", "inspect the weight"),
    Control(("backspace",), "return", "Backspace", "back to the receipt before"),
    Control(("e",), "exact", "E", "all digits, in the inspector"),
    Control(("v",), "hindsight", "V", "final shown on every sample"),
    Control(("s",), "summary", "S", "epoch summary"),
    Control(("a",), "history", "A", "the weight over all commits"),
    Control(("d",), "beside", "D", "runs side by side, where there are some"),
    Control(("1", "2", "3", "4"), "front", "1 – 4", "that run to the front"),
    Control(("g",), "goto", "G", "go to epoch.batch.sample"),
    Control(("w",), "what_if", "W", "what if: other settings from here; back"),
    Control(("q",), "question", "Q", "the question of this moment"),
    Control(("k",), "class", "K", "questions: alone or with a class"),
    Control(("tab",), "focus_next", "Tab", "next thing to press; Enter presses it"),
    Control(("shift+tab",), "focus_previous", "Shift Tab", "the one before"),
    Control(("c",), "copy", "C", "copy the number as Python"),
    Control(("]",), "faster", "]", "faster"),
    Control(("[",), "slower", "[", "slower"),
    Control(("+", "="), "larger", "+", "larger text"),
    Control(("-",), "smaller", "−", "smaller text"),
    Control(("n",), "theme", "N", "colours: light, night, high contrast"),
    Control(("m",), "sound", "M", "sound"),
    Control(("r",), "reduced", "R", "less movement"),
    Control((",",), "comma", ",", "decimal comma"),
    Control(("t",), "teacher", "T", "teacher mode: numbers, no prose"),
    Control(("f11", "f5"), "fullscreen", "F11  F5", "full screen"),
    Control(("b", "."), "blank", "B  .", "blank the screen"),
    Control(("h", "f1", "?"), "help", "H", "this help"),
    Control(("escape",), "close", "Esc", "close what is on top"),
    Control(("l",), "menu", "L", "to the lessons"),
    Control(("ctrl+q",), "quit", "Ctrl Q", "quit"),
)
TYPING = {"backspace": "erase", "return": "submit", "enter": "submit", "escape": "close", "ctrl+q": "quit"}
"""What keys do while text is typed; all others type."""
FIELDS = {"tab": "next_field", "down": "next_field", "shift+tab": "previous_field", "up": "previous_field"}
"""What more keys do where there are several fields."""
COMMANDS = {key: control.command for control in CONTROLS for key in control.keys}
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
