"""Honest display: what a number's text promises, over all floats."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from looks import lesson_named, look
from readable import same

from piggybank.app.course import load_lesson
from piggybank.ledger.lines import Ref
from piggybank.stage import digits
from piggybank.stage.measure import text_width
from piggybank.stage.painter import Painter
from piggybank.stage.palette import REGULAR, SEMIBOLD, SMALL
from piggybank.stage.scene import Label
from piggybank.stage.view import NARROWER, column

FLOATS = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True)
USUAL = st.floats(-1e6, 1e6) | st.integers(-4000, 4000).map(lambda n: n / 64)
EDGES = (0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, math.inf, -math.inf, math.nan)
MIXED = FLOATS | USUAL | st.sampled_from(EDGES)


def check_honest(text: str, value: float) -> None:
    """Unmarked: reads back as the same float64. Marked: does not, and is rounded correctly at its last digit."""
    read = digits.reads_as(text)
    if not text.startswith("≈"):
        assert same(read, value), (text, value)
        return
    assert not same(read, value), f"{text} is exact and says that it is not"
    plain = Decimal(text.translate({ord("≈"): None, ord("+"): None, ord("−"): "-"}))
    unit = Decimal(1).scaleb(int(plain.as_tuple().exponent))
    assert abs(plain - Decimal(value)) * 2 <= unit, (text, value)


def check_zero_and_sign(text: str, value: float, signed: bool) -> None:
    read = digits.reads_as(text)
    assert (read == 0) == (value == 0), (text, value)
    if value == 0:
        assert not re.search(r"[-−+≈]", text), text
    assert "-" not in text, f"{text!r} has a hyphen for a minus"
    assert text.lstrip("≈").startswith("−") == (value < 0)
    assert ("+" in text.lstrip("≈")[:1]) == (signed and value > 0)


@settings(max_examples=2000)
@given(MIXED, st.booleans())
def test_a_shown_number_reads_back_exactly_or_is_marked_and_rounded_correctly(value: float, signed: bool) -> None:
    check_honest(digits.shown(value, signed), value)


@settings(max_examples=1000)
@given(MIXED, st.booleans())
def test_the_shortest_form_reads_back_exactly_or_is_marked_and_rounded_correctly(value: float, signed: bool) -> None:
    check_honest(digits.shortest(value, signed), value)


@settings(max_examples=1000)
@given(MIXED, st.booleans())
@example(-0.0004, True)
def test_zero_has_no_sign_and_what_is_not_zero_never_shows_as_zero(value: float, signed: bool) -> None:
    for form in (digits.shown, digits.full):
        check_zero_and_sign(form(value, signed), value, signed)


@given(MIXED, st.booleans())
@example(-0.0, False)
def test_the_shortest_form_gives_zero_no_sign_either(value: float, signed: bool) -> None:
    check_zero_and_sign(digits.shortest(value, signed), value, signed)


@settings(max_examples=2000)
@given(FLOATS, st.booleans())
def test_all_digits_read_back_as_exactly_the_same_float(value: float, signed: bool) -> None:
    text = digits.full(value, signed)
    assert "≈" not in text
    assert same(digits.reads_as(text), value)


@settings(max_examples=1000)
@given(
    st.lists(MIXED, min_size=1, max_size=6), st.booleans(), st.sampled_from([(3, 5), (3, 3), (2, 2), (1, 1), (6, 9)])
)
def test_a_column_shares_its_decimals_and_each_number_stays_honest(
    values: list[float], signed: bool, places: tuple[int, int]
) -> None:
    texts = digits.column(values, signed, *places)
    plain = [text for text in texts if re.search(r"\d", text) and "e" not in text]
    decimals = [len(text.partition(".")[2]) for text in plain]
    shared = min(decimals, default=0)
    assert all(
        more == shared or float(f"{digits.reads_as(text):.{shared}f}") == 0
        for more, text in zip(decimals, plain, strict=True)
    ), texts
    for text, value in zip(texts, values, strict=True):
        check_honest(text, value)
        check_zero_and_sign(text, value, signed)


@given(st.lists(st.integers(-30000, 30000), min_size=1, max_size=6), st.integers(0, 5))
def test_a_column_of_short_decimals_is_exact_with_as_few_decimals_as_that_takes(
    numbers: list[int], places: int
) -> None:
    values = [n / 2**places for n in numbers]
    texts = digits.column(values)
    needed = max(len(str(Decimal(v)).rstrip("0").rstrip(".").partition(".")[2]) if v % 1 else 0 for v in values)
    assert [text.partition(".")[2] for text in texts] == [text.partition(".")[2].ljust(needed, "0") for text in texts]
    assert all(len(text.partition(".")[2]) == needed and "≈" not in text for text in texts), texts


@given(
    st.lists(MIXED, min_size=1, max_size=5), st.booleans(), st.integers(60, 200), st.sampled_from([REGULAR, SEMIBOLD])
)
@settings(max_examples=1000)
def test_a_column_fitted_to_a_room_stays_honest(values: list[float], signed: bool, room: int, font: str) -> None:
    for text, value in zip(column(values, signed, room, SMALL, font), values, strict=True):
        check_honest(text, value)
        check_zero_and_sign(text, value, signed)


def rooms() -> dict[str, tuple[float, float, str, bool]]:
    """Every room that the stage gives a number: width, size, font, and whether a + is written."""
    found = {}
    for name in ("lesson 1", "2-1", "2-3-1", "3-3-2", "4-3-1", "4-8-3"):
        lesson = lesson_named(name)
        for size in ((1024, 768), (1920, 1080)):
            for beat in (lesson.timeline.commit_beat(1) - 1, lesson.timeline.commit_beat(1)):
                for label in look(lesson, beat, 1.0, size).labels():
                    if label.ref is not None and label.room:
                        signed = label.ref.kind in ("slice", "bank", "blame") or label.ref.part != ""
                        title = f"{label.ref.kind} {label.ref.part} {label.size:g} {label.font} in {label.room:.0f}"
                        found[title] = label.room, label.size, label.font, signed
    return found


def too_wide(values: Iterable[float]) -> list[str]:
    """Numbers that come out wider than one of the rooms."""
    wide = []
    for title, (room, size, font, signed) in rooms().items():
        for value in values:
            text = column((value,), signed, room, size, font)[0]
            narrower = NARROWER if abs(value) < 0.005 else 1.0
            if text_width(text, size, font) * narrower > room:
                wide.append(f"{title}: {text}")
    return sorted(set(wide))


def test_usual_numbers_fit_the_rooms_of_the_stage(figure: Callable[[str, object], None]) -> None:
    numbers = random.Random(1)
    values = [0.0, 0.125, -12.345678, -99.995, -999.9996, 1234.5678, -1234.5678, -9999.5, -0.00390625, -0.0001]
    values += [numbers.choice((-1, 1)) * 10 ** numbers.uniform(-4, 4) for _ in range(600)]
    found = too_wide(values)
    figure("T33 usual numbers too wide for a room of the stage", f"{len(found)} of {len(values) * len(rooms())}")
    assert found == []


def test_an_extreme_number_is_drawn_whole_in_every_room_smaller_where_it_must() -> None:
    painter = Painter((1920, 1080))
    for room, size, font, signed in rooms().values():
        for value in (*EDGES, -1e-300, -1e300, -123456.789, -0.00012345, -3.33333e-10):
            text = column((value,), signed, room, size, font)[0]
            label = Label(0, 0, text, size, "ink", font, room=room, ref=Ref("setting", "one"))
            assert "…" not in text
            assert painter.label_box(label).width <= room + 1, (text, room)


@settings(max_examples=500)
@given(st.floats(100, 1e15) | st.floats(-1e15, -100), st.booleans())
def test_a_large_number_keeps_three_digits_where_they_have_room(value: float, signed: bool) -> None:
    text = column((value,), signed, 150, SMALL, SEMIBOLD)[0]
    assert len(re.sub(r"e.*|[^0-9]", "", text)) >= 3 or digits.reads_as(text) == value
    assert "e" not in text or abs(value) >= 1e5


def test_up_to_ten_millions_no_number_by_itself_has_a_power_of_ten() -> None:
    assert [digits.shown(value) for value in (160000.0, 215976.5625, -9999999.0, 1e7)] == [
        "160000", "215976.5625", "−9999999", "1e7",
    ]  # fmt: skip


def test_the_stage_says_as_many_digits_of_a_weight_as_the_table() -> None:
    lesson = load_lesson(8)
    beat = lesson.timeline.find("8.8.commit")
    lesson.ensure(beat)
    said = [
        label.text for label in look(lesson, beat, 1.0, (1920, 1080)).labels() if label.ref == Ref("commit", "x1->y", 8)
    ]
    assert said
    assert set(said) == {"−6559.5"}
