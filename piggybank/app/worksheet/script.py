"""What a lesson's script says beside its program: its first words, and the comments that are tasks for learners."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from piggybank.app.course import course

TASK = re.compile(r"# ([A-Z]{3,}) +(\S.*)")
"""How a task begins; comment lines right below it go on with it."""
ANSWER = re.compile(r"\s*\(([^()]*)\)$")
"""Its answer, for those who want to compare, in brackets at its end."""


@dataclass(frozen=True)
class Script:
    """about: its first paragraph after the title; tasks: "MODIFY", "MAKE" and the like, and their words."""

    about: str
    tasks: dict[str, str]

    def task(self, name: str) -> tuple[str, str]:
        """A task's words, and the answer at their end; both "" where there is none."""
        text = self.tasks.get(name, "")
        answer = ANSWER.search(text)
        return (text[: answer.start()], answer[1]) if answer else (text, "")


def script_of(which: str) -> Script:
    """Of a lesson's number, a lab's letter or a script's path; empty for a saved run."""
    number = int(which) if which.isdecimal() else which.upper()
    path = next((entry.path for entry in course() if entry.number == number), Path(which))
    if path.suffix != ".py":
        return Script("", {})
    text = path.read_text("utf-8", "replace")
    paragraphs = (ast.get_docstring(ast.parse(text)) or "").split("\n\n")
    about = " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""
    return Script(about, _tasks(text.splitlines()))


def _tasks(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        begun = TASK.match(line)
        if begun:
            name = begun[1]
            found[name] = begun[2].strip()
        elif name and line.startswith("# "):
            found[name] += f" {line[2:].strip()}"
        else:
            name = ""
    return found
