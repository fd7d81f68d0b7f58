"""More samples or lines than fit: pages say what they leave out, and all of it can be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest
from inspecting import SIZE, at, hits, labels, many, texts
from looks import lesson_named, look

from piggybank.app.overlays.receipt_view import page_of_lines
from piggybank.app.overlays.shares import page_of
from piggybank.app.session import Session
from piggybank.ledger.lines import Ref
from piggybank.stage.timeline import Cursor

# More samples than fit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "count", "size", "expected"),
    [(1, 24, 8, (1, 8)), (8, 24, 8, (1, 8)), (9, 24, 8, (9, 16)), (24, 24, 8, (17, 24)), (19, 20, 8, (13, 20)),
     (2, 4, 8, (1, 4)), (5, 5, 1, (5, 5))],
)  # fmt: skip
def test_a_page_of_samples_holds_the_one_looked_at_and_is_full(
    sample: int, count: int, size: int, expected: tuple[int, int]
) -> None:
    page = page_of(sample, count, size)
    assert (page[0], page[-1]) == expected
    assert sample in page


def test_bars_and_tabs_say_which_samples_they_leave_out() -> None:
    words = texts(at(many(), "1.1.12.bank", inspecting="h2->y"))
    assert {"samples 9–16 of 24", "↑ 1–8", "↓ 17–24", "‹ 1–10", "16–24 ›"} <= set(words)
    few = texts(at(lesson_named("xor 2-3-1"), "2.2.3.bank", inspecting="h2->y"))
    assert not any(word.startswith(("samples", "↑", "↓", "‹")) for word in few)


def test_every_sample_of_a_large_batch_can_be_reached_by_clicking() -> None:
    session = Session(many())
    session.state = replace(session.state, cursor=Cursor(many().timeline.find("1.1.24.bank"), 1.0))
    session.command("inspect", "h2->y")
    reached, waiting = set(), {1}
    while waiting:
        sample = waiting.pop()
        reached.add(sample)
        session.command("tab", str(sample))
        assert session.state.tab == sample
        scene = session.scene(SIZE)
        assert f"Sample {sample}'s blame slice" in texts(scene)
        waiting |= {int(hit.argument) for hit in hits(scene, "tab")} - reached
    assert reached == set(range(1, 25))


# Long receipts --------------------------------------------------------------------------------------------------------


def test_every_line_of_a_long_receipt_can_be_seen_by_turning_its_pages() -> None:
    session, ref = Session(many()), Ref("loss", "", -2, 0)
    session.state = replace(session.state, cursor=Cursor(many().timeline.find("1.1.commit"), 1.0))
    session.command("open", ref.code)
    seen: set[Ref | None] = set()
    first = 0
    while True:
        scene = session.scene((1280, 720))
        seen |= {label.ref for label in labels(scene)}
        further = [int(hit.argument) for hit in hits(scene, "lines") if int(hit.argument) > first]
        if not further:
            break
        first = max(further)
        session.command("lines", str(first))
    lines = many().run.ledger.open(ref).lines
    assert len(lines) == 51
    assert {line.opens for line in lines} <= seen


def test_a_page_of_a_receipt_ends_in_a_result_not_in_the_middle_of_a_calculation() -> None:
    lines = [*lesson_named("4-8-3").run.ledger.open(Ref("predict", "y1", 1, 1)).lines]
    for size in range(3, len(lines)):
        first, shown = 1, []
        while first <= len(lines):
            page = page_of_lines(lines, first, size)
            assert len(page) <= size
            assert lines[page[-1] - 1].operator == "="
            assert all(page_of_lines(lines, line, size) == page for line in page)
            shown += page
            first = page[-1] + 1
        assert shown == [*range(1, len(lines) + 1)]


def test_another_receipt_begins_at_its_own_first_line() -> None:
    session = Session(many())
    session.command("lines", "40")
    assert session.state.first_line == 1
    session.command("open", Ref("loss", "", -1, 0).code)
    session.command("lines", "40")
    assert session.state.first_line == 40
    session.command("open", Ref("bank", "h2->y", 1, 24).code)
    assert session.state.first_line == 1
    session.command("return", "")
    assert session.state.first_line == 40


def test_lines_that_the_inspector_leaves_out_open_the_whole_receipt() -> None:
    lesson = lesson_named("4-8-3")
    beat = lesson.timeline.find("1.2.commit")
    scene = look(lesson, beat, 1.0, (1280, 720), inspecting="y1")
    place = next(label for label in labels(scene) if label.text.startswith("…"))
    hit = [hit for hit in scene.hits if hit.box.contains(place.x + 5, place.y)][-1]
    assert (hit.command, hit.argument) == ("open", Ref("predict", "y1", 2, 4).code)
