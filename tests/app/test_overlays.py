"""What opens over the stage: receipts, hindsight, epoch summary, tooltips; and how playing waits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from looks import as_lesson, caption, lesson_named, look, run_of

from piggybank import SGD, Dense, Network, Run
from piggybank.app.course import load_lesson
from piggybank.app.lessons import Lesson
from piggybank.app.player import PLAYING, STILL, Track, reduce, start
from piggybank.app.screen import hit_under, screen
from piggybank.app.session import Session
from piggybank.ledger.accuracy import accuracy
from piggybank.ledger.lines import Ref
from piggybank.stage.scene import Coin, Label, Panel, Scene
from piggybank.stage.timeline import Cursor

SIZE = (1920, 1080)


def session_at(lesson: Lesson, address: str) -> Session:
    session = Session(lesson)
    beat = lesson.timeline.find(address)
    lesson.ensure(beat)
    session.state = replace(session.state, cursor=Cursor(beat, 1.0))
    return session


def words(scene: Scene) -> str:
    return "\n".join(item.text for item in scene.over if isinstance(item, Label))


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


# The seed's two options -----------------------------------------------------------------------------------------------


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


# Pointer --------------------------------------------------------------------------------------------------------------


def test_the_pointer_over_a_pig_shows_each_sample_s_coin_and_their_sum() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 300)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    text = words(session.scene(SIZE)).split("\n")
    assert [t for t in text if t in ("+2", "−10", "−6")] == ["+2", "−10", "−6"]
    assert "−14" in text
    session.command("pointer", "")
    assert words(session.scene(SIZE)) == ""


def test_the_card_of_a_bank_hides_nothing_that_is_said_of_it() -> None:
    session = session_at(load_lesson(1), "1.1.1.bank")
    scene = session.scene(SIZE)
    pig = next(hit.box for hit in scene.hits if hit.argument == "x1->y" and 100 < hit.box.w < 300)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    over = session.scene(SIZE)
    card = next(item.box for item in over.over if isinstance(item, Panel))
    assert card.bottom < pig.y
    assert not card.contains(pig.cx, pig.cy)
    about = [label for label in scene.labels() if label.ref and label.ref.name in ("x1->y", "y", "x1")]
    assert about
    assert not [label.text for label in about if card.contains(label.x, label.y)]


def test_the_card_of_a_bank_counts_its_coins_only_where_some_are_left_out() -> None:
    session = session_at(load_lesson(1), "1.1.1.bank")
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 300)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    assert words(session.scene(SIZE)).split("\n") == ["x₁ → y", "−4", "together", "−4"]
    many = as_lesson(run_of(1, 1, rows=10, batch_size=10), 1)
    session = session_at(many, "1.1.10.bank")
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 300)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    assert "the 8 largest of 10 coins" in words(session.scene(SIZE))


def test_the_pointer_over_a_single_coin_tells_whose_it_is_its_value_and_its_share() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    coins = {hit.coin: hit for hit in session.scene(SIZE).hits if hit.coin}
    assert sorted(coins) == [1, 2, 3]
    for sample, value, share in ((1, "+2", "≈11.1"), (2, "−10", "≈55.6"), (3, "−6", "≈33.3")):
        session.command("pointer", f"{coins[sample].box.cx},{coins[sample].box.cy}")
        said = words(session.scene(SIZE))
        assert f"sample {sample}:" in said
        assert f": {value}\n" in said
        assert f"{share} % of what the 3 coins put in and took out" in said


def test_a_click_on_a_coin_opens_its_bank_s_inspector() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    coin = next(hit for hit in session.scene(SIZE).hits if hit.coin)
    session.click(session.scene(SIZE), coin.box.cx, coin.box.cy)
    assert session.state.inspecting == "x1->y"


def test_the_pointer_over_a_sample_lights_its_coins_in_every_bank() -> None:
    lesson = lesson_named("xor 2-3-1")
    beat = lesson.timeline.find("1.1.3")
    plain = look(lesson, beat, 1.0, SIZE)
    hit = next(hit for hit in plain.hits if hit.command == "sample" and hit.argument == "1.2")
    lit = look(lesson, beat, 1.0, SIZE, pointer=(hit.box.cx, hit.box.cy))
    bright = [c for c in lit.step if isinstance(c, Coin) and c.sign is not None and c.alpha == 1.0]
    assert len(bright) == 13
    assert {coin.sample for coin in bright} == {2}


def test_the_pointer_over_a_number_shows_all_its_digits() -> None:
    lesson = lesson_named("xor 2-3-1")
    beat = lesson.timeline.find("1.1.3")
    number = next(x for x in look(lesson, beat, 1.0, SIZE).labels() if x.ref and x.ref.kind == "loss")
    scene = look(lesson, beat, 1.0, SIZE, pointer=(number.x - 8, number.y))
    assert number.ref is not None
    assert repr(lesson.run.ledger.open(number.ref).value) in words(scene)


def test_under_the_pointer_is_the_topmost_place() -> None:
    scene = look(lesson_named("lesson 2"), 3, 1.0, SIZE)
    box = scene.hits[-1].box
    assert hit_under(scene.hits, (box.cx, box.cy)) is scene.hits[-1]
    assert hit_under(scene.hits, None) is None
    assert hit_under(scene.hits, (-5.0, -5.0)) is None


# How playing waits ----------------------------------------------------------------------------------------------------


def track_of(lesson: Lesson) -> Track:
    lesson.ensure(0)
    ledger = lesson.run.ledger
    return Track(
        lesson.timeline,
        ledger.header,
        len(ledger),
        lesson.batches,
        stops=frozenset(lesson.stops),
        reading=lesson.reading,
    )


def test_playing_waits_after_the_phases_a_lesson_stops_at() -> None:
    lesson = load_lesson(2)
    track, state = track_of(lesson), start(lesson.run.ledger.header)
    stops = []
    for _ in range(5):
        state = reduce(state, "toggle", "", track)
        assert state.motion == PLAYING
        state = reduce(state, "tick", "1000", track)
        assert state.motion == STILL
        stops.append(lesson.timeline.address(state.cursor.beat))
    assert stops == ["1.1.1.bank", "1.1.2.bank", "1.1.3.bank", "1.1.4.bank", "1.1.commit"]


def test_playing_stays_on_a_settled_beat_while_its_words_are_read_and_stepping_does_not() -> None:
    lesson = load_lesson(1)
    track = track_of(lesson)
    assert lesson.reading(0) == len(lesson.cues[0].says.split()) / 4
    state = replace(start(lesson.run.ledger.header), motion=PLAYING)
    played = lesson.timeline.seconds(0)
    almost = reduce(state, "tick", str(played + lesson.reading(0) * 0.9), track)
    assert almost.cursor == Cursor(0, 1.0)
    on = reduce(almost, "tick", str(lesson.reading(0) * 0.2), track)
    assert on.cursor.beat == 1
    stepped = reduce(replace(state, motion="stepping"), "tick", "1000", track)
    assert (stepped.cursor, stepped.motion) == (Cursor(0, 1.0), STILL)


@pytest.mark.parametrize(("address", "early", "late"), [("1.1.3.bank", 0.5, 1.0), ("1.1.commit", 0.7, 0.9)])
def test_words_have_gaps_until_their_numbers_are_known(address: str, early: float, late: float) -> None:
    lesson = load_lesson(2)
    beat = lesson.timeline.find(address)
    lesson.ensure(beat)
    state = start(lesson.run.ledger.header)
    with_numbers, with_gaps = caption(lesson, beat), caption(lesson, beat, revealed=False)
    ahead = {"1.1.3.bank": ("−6", "−14"), "1.1.commit": ("is −4", "+0.5")}[address]
    assert all(text in with_numbers and text not in with_gaps for text in ahead)
    assert with_gaps.count("…") == 2

    def says(words: str, progress: float) -> bool:
        scene = screen(lesson, replace(state, cursor=Cursor(beat, progress)), SIZE)
        return words.replace(" ", "") in "".join(
            label.text for label in scene.step if isinstance(label, Label)
        ).replace(" ", "")

    assert says(with_gaps, early)
    assert not says(with_numbers, early)
    assert says(with_numbers, late)
    assert not says(with_gaps, late)


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
