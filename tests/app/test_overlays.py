"""What opens over the stage: receipts, hindsight and the epoch summary."""

from __future__ import annotations

from looks import lesson_named, look
from opened import SIZE, session_at, words

from piggybank import SGD, Dense, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson
from piggybank.ledger.accuracy import accuracy
from piggybank.ledger.lines import Ref
from piggybank.stage.scene import Coin, Label, Scene

# Receipts one from another --------------------------------------------------------------------------------------------


def test_a_references_code_reads_back_as_the_same_reference() -> None:
    commit = Ref("commit", "h1.2->y", 7, part="average")
    for ref in (Ref("loss", "", 3, 0), commit, Ref("bank", "bias->y", 1, 2, 0), commit.line(12), commit.line(3).turned):
        assert Ref.from_code(ref.code) == ref
        assert Ref.from_code(ref.turned.code) == ref.turned != ref


def test_a_click_on_a_number_opens_its_receipt_and_backspace_returns() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    scene = session.scene(SIZE)
    blame = Ref("blame", "y", 1, 3)
    place = next(hit.box for hit in scene.hits if hit.argument == blame.code)
    session.click(scene, place.cx, place.cy)
    assert session.state.trail == (blame,)
    assert "Blame of y" in words(session.scene(SIZE))
    session.key("backspace")
    assert session.state.trail == ()


def test_opening_a_receipt_that_stands_open_goes_back_to_it() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    first, second = Ref("commit", "x1->y", 1), Ref("bank", "x1->y", 1, 4)
    for ref in (first, second, first):
        session.command("open", ref.code)
    assert session.state.trail == (first,)


def test_a_crumb_goes_back_to_its_receipt_and_the_first_to_the_inspector() -> None:
    session = session_at(load_lesson(2), "1.1.commit")
    session.key("return")
    for ref in (Ref("commit", "x1->y", 1), Ref("bank", "x1->y", 1, 4), Ref("slice", "x1->y", 1, 2)):
        session.command("open", ref.code)
    crumbs = {hit.tip: hit for hit in session.scene(SIZE).hits if hit.command == "crumb"}
    assert list(crumbs) == ["back to x₁ → y", "back to commit 1", "back to bank after 4", "back to coin 2"]
    session.command("crumb", crumbs["back to bank after 4"].argument)
    assert len(session.state.trail) == 2
    session.command("crumb", crumbs["back to x₁ → y"].argument)
    assert session.state.trail == ()
    assert session.state.inspecting == "x1->y"


def test_moving_in_time_closes_opened_receipts() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    session.command("open", Ref("blame", "y", 1, 3).code)
    session.key("left")
    assert session.state.trail == ()


def test_copying_an_opened_receipt_gives_its_number() -> None:
    session = session_at(load_lesson(2), "1.1.commit")
    session.command("open", Ref("commit", "x1->y", 1, part="average").code)
    session.key("c")
    assert eval(session.copied) == -4.0


# Hindsight ------------------------------------------------------------------------------------------------------------


def finals(scene: Scene) -> list[str]:
    return [x.text for x in scene.step if isinstance(x, Label) and x.ref and x.ref.part == "adjustment"]


def test_hindsight_shows_the_same_final_adjustment_on_every_sample_and_without_it_none_before_the_commit() -> None:
    lesson = lesson_named("xor 2-3-1")
    shown = []
    for address in ("2.2.1.predict1", "2.2.2.bank", "2.2.4.blame1"):
        beat = lesson.timeline.find(address)
        assert finals(look(lesson, beat, 1.0, SIZE)) == []
        shown.append(finals(look(lesson, beat, 1.0, SIZE, hindsight=True)))
    commit = finals(look(lesson, lesson.timeline.find("2.2.commit"), 1.0, SIZE))
    assert len(commit) >= 13
    assert all(found == shown[0] and len(found) == 13 for found in shown)
    assert set(shown[0]) <= set(commit)


def test_the_inspector_marks_a_final_adjustment_that_is_shown_ahead() -> None:
    session = session_at(load_lesson(2), "1.1.2")
    session.key("return")
    assert "PENDING 2 of 4" in words(session.scene(SIZE))
    assert "1.5" not in words(session.scene(SIZE))
    session.key("v")
    assert "FINAL, SHOWN AHEAD" in words(session.scene(SIZE))
    assert "1.5" in words(session.scene(SIZE)).split("\n")


# Epoch summary --------------------------------------------------------------------------------------------------------


def test_the_epoch_summary_counts_what_is_committed_at_the_moment_and_no_more() -> None:
    lesson = load_lesson(12)
    before = session_at(lesson, "2.4.3")
    before.key("s")
    assert "Nothing is committed in this epoch yet." in words(before.scene(SIZE))
    after = session_at(lesson, "2.5.3")
    after.key("s")
    refs = {x.ref for x in after.scene(SIZE).over if isinstance(x, Label) and x.ref and x.ref.kind == "share"}
    assert {ref.banked for ref in refs} == {4}
    assert len(refs) == 8


def test_the_epoch_summary_has_what_is_right_beside_the_loss_where_the_targets_are_classes() -> None:
    session = session_at(load_lesson(12), "2.5.3")
    session.key("s")
    labels = [x for x in session.scene(SIZE).over if isinstance(x, Label)]
    assert session.lesson is not None
    ledger = session.lesson.run.ledger
    found = {x.ref.batch: x for x in labels if x.ref and x.ref.kind == "accuracy"}
    assert list(found) == [-4, -5], "before the epoch's first batch, and after the last that is committed"
    assert [x.text for x in found.values()] == [str(accuracy(ledger, batch).right) for batch in found]
    losses = {x.ref.batch: x.y for x in labels if x.ref and x.ref.kind == "loss" and x.ref.batch < 0}
    assert all(0 < found[batch].y - y < 40 for batch, y in losses.items())
    assert f"of {ledger.header.rows}" in words(session.scene(SIZE))
    numbers = session_at(load_lesson(2), "1.1.commit")
    numbers.key("s")
    assert "right" not in words(numbers.scene(SIZE))


def test_a_largest_coin_of_the_summary_leads_to_where_it_was_banked() -> None:
    session = session_at(load_lesson(2), "1.1.commit")
    session.key("s")
    hits = [
        hit for hit in session.scene(SIZE).hits if hit.command == "sample" and hit.tip.startswith("go to sample 2 of")
    ]
    session.command(hits[-1].command, hits[-1].argument)
    moment = session.lesson.timeline.moment(session.state.cursor.beat) if session.lesson else None
    assert moment is not None
    assert (moment.batch, moment.sample, moment.phase) == (1, 2, "bank")


def test_dragging_along_the_strip_scrubs() -> None:
    session = session_at(load_lesson(2), "1.1.1")
    for address in ("1.2", "1.3"):
        scene = session.scene(SIZE)
        place = [hit.box for hit in scene.hits if (hit.command, hit.argument) == ("sample", address)][-1]
        session.drag(scene, place.cx, place.cy)
    assert session.lesson is not None
    assert session.lesson.timeline.address(session.state.cursor.beat) == "1.1.3.bank"


def test_a_coin_that_is_not_a_number_has_no_bar_and_no_sign() -> None:
    run = Run(Network(Dense(1, 1, weights=1e300, bias=False)), ([1e300], [1]), rule=SGD(1.0))
    run.train(batches=4, past_trouble=True)
    lesson = Lesson(None, "overflow", run, batches=4)
    session = session_at(lesson, "4.4.1")
    session.key("return")
    scene = session.scene(SIZE)
    assert "nan" in words(scene).split("\n")
    assert all(coin.sign is None for coin in scene.over if isinstance(coin, Coin))
