"""The lessons as scripts: those of the folder, short, in five steps, each runs by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from sitting import each_lesson

from piggybank.app.course import course, load_lesson


def test_the_course_has_the_lessons_of_the_folder_in_order() -> None:
    entries = course()
    assert [entry.number for entry in entries] == [*range(13), "A", "B", "C"]
    for entry in entries:
        lesson = load_lesson(entry.number)
        assert (lesson.number, lesson.title) == (entry.number, entry.title)


@each_lesson
def test_a_script_is_at_most_60_lines_and_reads_in_the_five_steps(number: int | str) -> None:
    text = next(entry.path for entry in course() if entry.number == number).read_text("utf-8")
    assert len(text.splitlines()) <= 60
    steps = re.findall(r"^# (PREDICT|RUN|INVESTIGATE|MODIFY|MAKE)\b", text, re.MULTILINE)
    assert steps == ["PREDICT", "RUN", "INVESTIGATE", "MODIFY", "MAKE"]


@each_lesson
def test_a_script_runs_unmodified_from_another_folder_and_says_where_it_drew(number: int, tmp_path: Path) -> None:
    path = next(entry.path for entry in course() if entry.number == number)
    environment = {**os.environ, "PYTHONPATH": str(path.parent.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    drawn = list(tmp_path.glob("*.gif"))
    kind = "lab" if isinstance(number, str) else "lesson"
    assert [path.name for path in drawn] == [f"piggybank-{kind}-{number}.gif"]
    assert str(drawn[0].resolve()) in done.stdout
