"""What is written aside: it takes its target's place when it is whole, and else leaves nothing."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from piggybank.app.aside import aside


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "run.mp4"
    path.write_bytes(b"old")
    return path


def test_the_target_is_as_it_was_until_all_is_written(target: Path) -> None:
    with aside(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert os.listdir(target.parent) == ["run.mp4"]


def half_written(target: Path, problem: type[BaseException]) -> None:
    with aside(target) as file:
        file.write(b"half")
        raise problem


@pytest.mark.parametrize("problem", [OSError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_target_as_it_was_and_nothing_beside_it(
    problem: type[BaseException], target: Path
) -> None:
    with pytest.raises(problem):
        half_written(target, problem)
    assert target.read_bytes() == b"old"
    assert os.listdir(target.parent) == ["run.mp4"]


def test_two_that_write_at_once_do_not_write_into_each_others_file(target: Path) -> None:
    with aside(target) as one:
        with aside(target) as other:
            one.write(b"one")
            other.write(b"other")
        assert target.read_bytes() == b"other"
    assert target.read_bytes() == b"one"


def test_a_program_that_is_given_its_name_sees_what_to_write(target: Path) -> None:
    with aside(target) as file:
        assert Path(file.name).parent == target.parent
        assert Path(file.name).suffix == ".mp4"


@pytest.mark.skipif(sys.platform == "win32", reason="everybody may read there")
def test_nobody_else_reads_what_is_not_whole_yet(target: Path) -> None:
    with aside(target) as file:
        assert stat.S_IMODE(os.stat(file.name).st_mode) == 0o600
