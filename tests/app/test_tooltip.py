"""What the pointer tells: a bank's coins, one coin, a sample's, all digits of a number."""

from __future__ import annotations

from looks import as_lesson, lesson_named, look, run_of
from opened import SIZE, session_at, words

from piggybank.app.course import load_lesson
from piggybank.app.screen import hit_under
from piggybank.stage.scene import Coin, Panel


def test_the_pointer_over_a_pig_shows_each_sample_s_coin_and_their_sum() -> None:
    session = session_at(load_lesson(2), "1.1.3")
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 400)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    text = words(session.scene(SIZE)).split("\n")
    assert [t for t in text if t in ("+2", "−10", "−6")] == ["+2", "−10", "−6"]
    assert "−14" in text
    session.command("pointer", "")
    assert words(session.scene(SIZE)) == ""


def test_the_card_of_a_bank_hides_nothing_that_is_said_of_it() -> None:
    session = session_at(load_lesson(1), "1.1.1.bank")
    scene = session.scene(SIZE)
    pig = next(hit.box for hit in scene.hits if hit.argument == "x1->y" and 100 < hit.box.w < 400)
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
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 400)
    session.command("pointer", f"{pig.x + 0.8 * pig.w},{pig.cy}")
    assert words(session.scene(SIZE)).split("\n") == ["x₁ → y", "−4", "together", "−4"]
    many = as_lesson(run_of(1, 1, rows=10, batch_size=10), 1)
    session = session_at(many, "1.1.10.bank")
    pig = next(hit.box for hit in session.scene(SIZE).hits if hit.argument == "x1->y" and 100 < hit.box.w < 400)
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
