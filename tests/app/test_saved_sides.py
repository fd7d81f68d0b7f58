"""Saved runs side by side: how they are named, in step, brought to the front, and what becomes of their files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from saved_sides import saved, sitting, three
from side_runs import clicked, hit_of, numbers_beside
from sitting import SIZE, lesson_of, press

from piggybank import SGD, Adam, Dense, Momentum, Network, Run, open_ledger
from piggybank.app.saved import side_by_side
from piggybank.stage.known import known_at
from piggybank.stage.scene import Disc, Label
from piggybank.stage.timeline import Cursor

pytestmark = pytest.mark.usefixtures("elsewhere")
Figure = Callable[[str, object], None]


def called(*which: str) -> list[tuple[str, tuple[str, ...]]]:
    lesson = side_by_side(which)
    for other in lesson.family:
        other.run.ledger.close()
    return [(other.called, apart) for other, apart in zip(lesson.family, lesson.apart, strict=True)]


# Names ----------------------------------------------------------------------------------------------------------------


def test_a_run_is_called_by_the_one_setting_that_all_of_them_have_differently() -> None:
    sizes = called(saved("a", batch_size=1), saved("b", batch_size=2), saved("c", batch_size=1, accumulate=3))
    assert sizes == [("batch of 1", ()), ("batch of 2", ()), ("3 micro-batches of 1 a commit", ())]
    rates = called(saved("a", rule=SGD(0.5)), saved("b", rule=SGD(0.25)))
    assert rates == [("learning rate 0.5", ()), ("learning rate 0.25", ())]
    assert called(saved("a"), saved("b", hidden=5)) == [("2→3→1", ()), ("2→5→1", ())]
    faults = called(saved("a"), saved("b", fault="sum-for-mean"))
    assert [name for name, _ in faults] == ["no fault", "fault: sum-for-mean"]


def test_what_else_differs_stands_under_the_name() -> None:
    rules = called(saved("a"), saved("b", rule=Momentum(0.25)), saved("c", rule=Adam(0.5)))
    assert [name for name, _ in rules] == ["SGD", "Momentum", "Adam"]
    assert rules[0][1] == ("learning rate 0.5",)
    assert rules[1][1] == ("learning rate 0.25", "friction 0.9")
    assert called(saved("a", rule=SGD(0.25)), saved("b", batch_size=1)) == [
        ("batch of 4", ("learning rate 0.25",)),
        ("batch of 1", ("learning rate 0.5",)),
    ]


def test_where_two_settings_tell_all_apart_and_none_alone_does_they_are_called_by_both() -> None:
    grid = [saved(f"run_{n}", batch_size=n % 2 + 1, rule=SGD(0.25 * (n // 2 + 1))) for n in range(4)]
    assert called(*grid) == [
        ("batch of 1 · rate 0.25", ()),
        ("batch of 2 · rate 0.25", ()),
        ("batch of 1 · rate 0.5", ()),
        ("batch of 2 · rate 0.5", ()),
    ]
    rules = [saved("a"), saved("b", rule=Momentum(0.5)), saved("c", rule=Momentum(0.5), batch_size=1, seed=8)]
    assert called(*rules) == [
        ("batch of 4 · SGD", ("first weights A",)),
        ("batch of 4 · Momentum", ("friction 0.9", "first weights A")),
        ("batch of 1 · Momentum", ("friction 0.9", "first weights B")),
    ]


def test_where_two_settings_do_not_tell_all_apart_they_are_called_as_their_files() -> None:
    three = [saved("a"), saved("b", batch_size=1), saved("c", rule=SGD(0.25)), saved("d", reduce="total")]
    found = called(*three)
    assert [name for name, _ in found] == ["a", "b", "c", "d"]
    assert found[0][1] == ("batch of 4", "learning rate 0.5")
    assert found[3][1] == ("batch of 4", "total", "learning rate 0.5")


def test_runs_with_the_same_letter_have_the_same_first_weights_or_rows() -> None:
    found = called(saved("one", seed=1), saved("two", seed=2), saved("again", 4, seed=1))
    letters = {"one": "A", "two": "B", "again": "A"}
    assert found == [(name, (f"first weights {letter}",)) for name, letter in letters.items()]
    rows = [[0, 0], [1, 1]], [0, 1]
    other = called(saved("one", data=rows), saved("two", data=([[0, 0], [1, 0]], [0, 1])))
    assert other == [("one", ("rows A",)), ("two", ("rows B",))]


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    paths = []
    for folder in ("mine", "yours"):
        Path(folder).mkdir()
        paths.append(saved("", seed=len(folder), more=f"{folder}/run.piggy"))
    assert [name for name, _ in called(*paths)] == ["mine/run", "yours/run"]


def test_the_screen_is_headed_by_the_file_in_front() -> None:
    session = sitting(*three())
    assert "singles" in session.scene(SIZE).text()
    press(session, "2")
    assert lesson_of(session).heading == "twos"


# In step --------------------------------------------------------------------------------------------------------------


def test_a_number_key_brings_a_saved_run_to_the_front_with_as_many_samples_seen(figure: Figure) -> None:
    session, moments = sitting(*three()), 0
    lead = lesson_of(session)
    for sample in range(1, 17):
        session.command("sample", f"{sample}.1")
        for place in ("2", "3"):
            press(session, place)
            here = lesson_of(session)
            assert here is lead.family[int(place) - 1]
            known = known_at(here.timeline, session.state.cursor)
            assert here.timeline.seen_before(known.batch) + known.banked == sample
            moments += 1
        press(session, "1")
        assert session.state.cursor == Cursor(lead.timeline.beat(sample, 1, "bank"), 1.0)
    figure("saved runs in step, moments with as many samples seen", moments)


def test_every_number_of_a_column_opens_the_receipt_of_its_own_run() -> None:
    session = sitting(*three())
    lead = lesson_of(session)
    session.command("commit", "8")
    labels = numbers_beside(session)
    assert {label.side for label in labels} == {2, 3}
    for label in labels:
        assert label.ref is not None
        clicked(session, hit_of(session, "open_beside", f"{label.side} {label.ref.code}"))
        own = lead.family[label.side - 1]
        assert lesson_of(session) is own
        assert session.state.trail == (label.ref,)
        with open_ledger(f"{own.title}.piggy") as again:
            assert own.run.ledger.open(label.ref).value == again.open(label.ref).value
        press(session, "backspace", "1")


def test_a_run_that_ends_earlier_waits_at_its_end_and_says_so() -> None:
    session = sitting(*three())
    lead = lesson_of(session)
    short = lead.family[2].run.ledger
    session.command("commit", "16")
    assert "recording ends" not in session.scene(SIZE).text()
    for address in ("17.1", "32.1"):
        session.command("sample", address)
        scene = session.scene(SIZE)
        assert "recording ends" in scene.text()
        refs = [label.ref for label in scene.step if isinstance(label, Label) and label.side == 3 and label.ref]
        assert {ref.batch for ref in refs} == {len(short)}


def test_a_run_at_its_end_comes_to_the_front_there_and_the_other_goes_on_where_it_was() -> None:
    session = sitting(*three())
    lead = lesson_of(session)
    session.command("sample", "30.1")
    before = session.state.cursor
    press(session, "3")
    short = lesson_of(session)
    assert session.state.cursor == Cursor(short.timeline.commit_beat(4), 1.0)
    press(session, "space")
    assert session.state.notice.startswith("This is the end of the recording; 1 shows one that goes on, Home goes back")
    press(session, "1")
    assert (lesson_of(session), session.state.cursor) == (lead, before)
    session.command("end", "")
    press(session, "space")
    assert "goes on" not in session.state.notice


def test_all_curves_stand_on_one_scale_whichever_run_is_in_front() -> None:
    session = sitting(*three())
    session.command("commit", "8")
    ends = []
    for place in "123":
        press(session, place)
        dots = [item for item in session.scene(SIZE).step if isinstance(item, Disc) and item.radius == 7]
        ends.append([(dot.x, dot.y) for dot in dots])
    assert len(ends[0]) == 3
    assert ends[0] == ends[1] == ends[2]


# Files ----------------------------------------------------------------------------------------------------------------


def test_batches_that_another_program_adds_to_any_of_the_files_are_shown() -> None:
    long, whole = saved("long", 8), Path(saved("all", 8, seed=3)).read_bytes().splitlines(keepends=True)
    Path("growing.piggy").write_bytes(b"".join(whole[:3]))
    session = sitting(long, "growing.piggy")
    session.command("commit", "6")
    assert "recording ends" in session.scene(SIZE).text()
    with Path("growing.piggy").open("ab") as file:
        file.write(b"".join(whole[3:]))
    session.command("tick", "0.1")
    assert "recording ends" not in session.scene(SIZE).text()
    press(session, "2", "end")
    assert lesson_of(session).timeline.batch_of(session.state.cursor.beat) == 8


@pytest.mark.parametrize("front", ["1", "2"])
def test_any_of_the_files_may_lose_batches_meanwhile_and_the_screen_says_which(front: str) -> None:
    rows = [[n / 64, 1.0] for n in range(64)], [0.0] * 64
    session = sitting(saved("kept", 160, batch_size=1, data=rows), saved("cut", 160, batch_size=1, data=rows, seed=2))
    press(session, front)
    session.command("commit", "120")
    session.scene(SIZE)
    path = Path("cut.piggy")
    os.truncate(path, len(b"".join(path.read_bytes().splitlines(keepends=True)[:81])) + 20)
    for command in ("tick", "back", "next_batch"):
        session.command(command, "0.1")
        assert "cut.piggy, line 82: the file was cut off" in session.scene(SIZE).text()
    press(session, "2")
    assert lesson_of(session).timeline.batch_of(session.state.cursor.beat) == 80


def test_a_file_beside_that_was_written_over_is_shown_as_far_as_it_goes() -> None:
    rows = [[n / 64, 1.0] for n in range(64)], [0.0] * 64
    session = sitting(saved("kept", 160, batch_size=1, data=rows), saved("over", 160, batch_size=1, data=rows, seed=2))
    session.scene(SIZE)
    path = Path("over.piggy")
    lines = path.read_bytes().splitlines(keepends=True)
    with path.open("r+b") as file:
        file.seek(len(b"".join(lines[:81])))
        file.write(b"x" * len(b"".join(lines[81:])))
    session.command("commit", "100")
    scene = session.scene(SIZE)
    assert "over.piggy, line" in scene.text()
    assert "recording ends" in scene.text()
    assert lesson_of(session).timeline.batch_of(session.state.cursor.beat) == 100


def test_what_was_left_out_of_a_damaged_file_is_said_whichever_run_is_in_front() -> None:
    whole, damaged = saved("whole"), Path(saved("damaged", seed=2))
    lines = damaged.read_bytes().splitlines(keepends=True)
    damaged.write_bytes(b"".join(lines[:4]) + lines[4].replace(b"1", b"7", 3) + b"".join(lines[5:]))
    session = sitting(whole, str(damaged))
    for place in "12":
        press(session, place)
        assert "damaged.piggy, line 5: its hash is not that of its text" in session.scene(SIZE).text()


def test_files_that_are_looked_at_may_be_written_by_another_program_and_stay_as_they_are() -> None:
    paths = three()
    before = [Path(path).read_bytes() for path in paths]
    session = sitting(*paths)
    for command in ("end", "home", "next_batch", "toggle", "tick", "inspect"):
        session.command(command, "0.5")
        press(session, "1", "2", "3")
        session.scene(SIZE)
    assert [Path(path).read_bytes() for path in paths] == before
    for path in paths:
        assert Run(Network(Dense(2, 1)), "xor", save=path, overwrite=True).train(batches=1).save_problem == ""
