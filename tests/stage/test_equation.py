"""The row of arithmetic under the words, for rules and losses of one's own."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from looks import SIZES, as_lesson, lesson_named, look, run_of
from readable import painter_of

from piggybank import AdaGrad, Adam, AdamW, Dense, Network, RMSProp, Rule, Run
from piggybank.app.course import load_lesson
from piggybank.engine.losses import Loss
from piggybank.formula import Formula
from piggybank.stage.equation import BELOW_WORDS
from piggybank.stage.regions import regions
from piggybank.stage.scene import Label, Scene

LAST = "after = before + adjustment"
SUM = ("step = -learning_rate * average", "extra = 0.1 * before", "pull = step + extra")
RULES = {
    "a sum that the rate does not multiply": Rule("mine", (*SUM, "adjustment = pull", LAST), {"learning_rate": 0.1}),
    "no rate": Rule("mine", ("adjustment = -0.5 * average", LAST)),
    "no rate and a sum": Rule("mine", ("pull = average + before", "adjustment = -0.1 * pull", LAST)),
}


def row(scene: Scene) -> list[str]:
    """The words and numbers of the row, from left to right."""
    return [label.text for label in row_of(scene, (1280, 720))]


def row_of(scene: Scene, size: tuple[int, int]) -> list[Label]:
    """The row at a size, from left to right."""
    caption = regions(size).caption
    found = [label for label in scene.step if isinstance(label, Label) and caption.contains(label.x, label.y)]
    found = [label for label in found if label.y == caption.y + BELOW_WORDS]
    return sorted(found, key=lambda label: label.x)


@pytest.mark.parametrize("name", RULES)
def test_a_commit_multiplies_by_the_rate_only_where_the_rule_does(name: str) -> None:
    lesson = as_lesson(Run(Network(Dense(2, 1)), "xor", rule=RULES[name], batch_size=4), 2)
    words = row(look(lesson, lesson.timeline.commit_beat(2)))
    assert "by" in words
    assert "×" not in words


@pytest.mark.parametrize("blame", ["sigmoid(z) - t", "a - t", "2 * (a - t)"])
def test_the_blame_of_a_fused_loss_is_said_to_be_the_error_only_where_it_is(blame: str) -> None:
    loss = Loss("mine", Formula("max(z, 0) - z * t + log(1 + exp(-abs(z)))"), Formula(blame), needs="sigmoid")
    lesson = as_lesson(Run(Network(Dense(2, 1, "sigmoid")), "xor", loss=loss, batch_size=4), 2)
    words = row(look(lesson, lesson.timeline.find("1.1.2.blame")))
    assert ("−" in words) == (blame == "a - t")
    assert re.fullmatch("≈?[+−][0-9.]+", words[words.index("blame") + 1])


def test_a_commit_ends_in_the_weight_before_and_after() -> None:
    lesson = load_lesson(2)
    words = " ".join(row(look(lesson, lesson.timeline.commit_beat(1), selected="x1->y")))
    assert words == "total −16 ÷ 4 → average −4 × −0.125 → final +0.5 + before 1 = after 1.5"


LONG = ([[1234567.125], [7654321.5]], [[-2345678.25], [8765432.75]])


@pytest.mark.parametrize("size", [*SIZES, (640, 480), (1366, 768), (1600, 900)], ids=str)
def test_numbers_of_ten_digits_stand_apart_from_the_operators_beside_them(size: tuple[int, int]) -> None:
    lesson, scale, pairs = (
        as_lesson(Run(Network(Dense(1, 1, weights=0.5)), LONG, batch_size=2), 2),
        regions(size).scale,
        0,
    )
    for beat in range(lesson.timeline.length(1)):
        for before, after in pairwise(row_of(look(lesson, beat, 1.0, size), size)):
            if before.ref is not None:
                pairs += 1
                gap = painter_of(size).label_box(after).left - painter_of(size).label_box(before).right
                assert gap >= 5.5 * scale - 1
    assert pairs > 12


def after_two(rule: Rule, size: tuple[int, int] = (1920, 1080)) -> str:
    """The row of the second commit."""
    lesson = as_lesson(Run(Network(Dense(2, 1), seed=1), "xor", rule=rule, batch_size=4), 2)
    scene = look(lesson, lesson.timeline.commit_beat(2), 1.0, size)
    return " ".join(label.text for label in row_of(scene, size))


def test_lesson_11_divides_by_the_root_in_its_main_line() -> None:
    lesson = load_lesson(11)
    lesson.ensure(0)
    beat = lesson.timeline.commit_beat(1)
    found = row_of(look(lesson, beat, 1.0, (1920, 1080), selected="x2->y"), (1920, 1080))
    words = " ".join(label.text for label in found)
    assert words == "mean coin −400 ÷ √ mean square 160000 × −0.125 → adjustment +0.125"
    values = [lesson.run.ledger.open(label.ref).value for label in found if label.ref]
    assert values == [-400, 160000, -0.125, 0.125]
    assert values[0] / math.sqrt(values[1]) * values[2] == values[3]


@pytest.mark.parametrize("rule", [Adam(0.1), RMSProp(0.1), AdaGrad(0.1)], ids=lambda rule: rule.name)
def test_total_by_count_leads_to_a_division_by_the_root_with_epsilon_beside_it(rule: Rule) -> None:
    pattern = r"\S+ ÷ 4 → (jars: )?((mean|average) coin )?\S+ ÷ \( √ \S+ \+ 1e−\d+ \) × −0\.1 → (final )?\S+"
    words = after_two(rule)
    assert re.fullmatch(pattern, words)
    assert ("jars" in words) == (rule.name == "Adam")


def test_where_total_by_count_has_no_room_before_a_division_it_gives_way() -> None:
    narrow = r"mean coin \S+ ÷ \( √ \S+ \+ 1e−\d+ \) × −0\.1 → final \S+"
    assert re.fullmatch(narrow, after_two(Adam(0.1), (1024, 768)))


def test_a_rule_of_ones_own_that_divides_by_a_root_has_the_same_line_and_another_division_has_not() -> None:
    first = ("spread = 4 * abs(average)", "lift = 3 * average")
    for text, divides in (("lift / sqrt(spread)", True), ("lift / (1 + spread)", False), ("lift * spread", False)):
        rule = Rule("mine", (*first, f"adjustment = -learning_rate * {text}", LAST), {"learning_rate": 0.5})
        words = after_two(rule)
        assert ("÷ √" in words) == divides
        assert ("by mine" in words) == (not divides)
        assert not divides or re.match(r"lift \S+ ÷ √ (spread )?\S+ × −0\.5 → final", words)


def test_where_a_division_has_no_room_even_without_the_decay_s_word_the_line_is_the_usual_one() -> None:
    wide, narrow = (after_two(AdamW(0.1, weight_decay=0.1), size) for size in ((1920, 1080), (1024, 768)))
    assert re.fullmatch(r"\S+ ÷ 4 → jars: \S+ ÷ \( √ \S+ \+ 1e−\d+ \) × −0\.1 \+ \S+ → \S+", wide)
    assert "√" not in narrow
    assert "÷ 4" in narrow


def test_where_pigs_have_no_room_for_their_numbers_the_line_says_what_the_bank_holds() -> None:
    lesson = as_lesson(run_of(1, 7, 1))
    for size, said in (((1024, 768), True), ((1920, 1080), False)):
        found = row_of(look(lesson, lesson.timeline.find("1.1.3.bank"), 1.0, size), size)
        words = [label.text for label in found]
        assert ("bank" in words) == said
        if said:
            ref = found[words.index("bank") + 1].ref
            assert ref is not None
            assert ref.kind == "bank"


def test_while_the_output_is_at_work_the_line_is_its_own() -> None:
    lesson = load_lesson(9)
    lesson.ensure(0)
    for address, said in (
        ("1.1.1.predict", "2 × 0.5 + 0 × 0.5 = y 1"),
        ("1.1.1.blame2", "error −1 × slope 1 = blame −1"),
        ("1.1.1.blame", "arriving −0.5 × slope 0 = blame 0"),
    ):
        assert " ".join(row(look(lesson, lesson.timeline.find(address), selected="x1->h2"))) == said


def test_of_several_outputs_at_work_the_line_of_a_hidden_weight_says_nothing() -> None:
    lesson = lesson_named("3-3-2")
    assert row(look(lesson, lesson.timeline.find("1.1.1.predict2"), selected="x1->h1")) == []
