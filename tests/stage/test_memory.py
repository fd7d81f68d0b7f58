"""Rules that keep something: what no sample of today put in has a coin, words and a number of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from looks import as_lesson, fresh, look, table

from piggybank import Adam, AdamW, Dense, Lesson, Momentum, Network, Run
from piggybank.app.screen import screen
from piggybank.ledger.lines import Ref
from piggybank.stage import digits
from piggybank.stage.regions import regions
from piggybank.stage.scene import NOBODY, Coin, Label
from piggybank.stage.timeline import Cursor

SIZE = (1920, 1080)
RULES = {
    "momentum": lambda: Momentum(0.5, 0.5),
    "momentum with decay": lambda: Momentum(0.5, 0.5, weight_decay=0.25),
    "Adam": lambda: Adam(0.1),
    "AdamW": lambda: AdamW(0.1, weight_decay=0.1),
}
each_rule = pytest.mark.parametrize("rule", RULES)


def lesson_of(rule: str) -> Lesson:
    run = Run(Network(Dense(2, 1), seed=3), (table(8, 2, 1), table(8, 1, 2)), rule=RULES[rule](), batch_size=4)
    return as_lesson(run, 2, rule)


def committed(lesson: Lesson, batch: int, **open_: object) -> list[Label]:
    scene = look(lesson, lesson.timeline.commit_beat(batch), 1.0, SIZE, **open_)
    return [item for item in (scene.over or scene.step) if isinstance(item, Label)]


@each_rule
def test_the_inspector_lists_every_house_coin_with_its_words_and_its_receipt(rule: str) -> None:
    lesson = lesson_of(rule)
    ledger, labels = lesson.run.ledger, committed(lesson, 2, inspecting="x1->y")
    assert ledger.header.house
    for name, words in ledger.header.house.items():
        ref = Ref("commit", "x1->y", 2, part=name)
        beside = [y.text for x in labels for y in labels if x.text == words and y.ref == ref and abs(x.y - y.y) < 1]
        assert beside, name
        assert digits.shown(ledger.open(ref).value, True) in beside


@each_rule
def test_the_inspector_leads_to_what_the_rule_keeps_and_to_all_lines(rule: str) -> None:
    lesson = lesson_of(rule)
    beat, size = lesson.timeline.commit_beat(2), (1280, 720)
    scene = look(lesson, beat, 1.0, size, inspecting="x1->y")
    ledger, shown = lesson.run.ledger, {item.ref for item in scene.over if isinstance(item, Label)}
    kept = {Ref("commit", "x1->y", 2, part=name) for name in ledger.header.memory}
    whole = [hit.argument for hit in scene.hits if hit.tip == "all lines of the commit"]
    behind = {line.ref for code in whole for line in ledger.open(Ref.from_code(code)).lines}
    assert kept & shown
    assert kept <= shown | behind


@each_rule
def test_house_coins_fall_in_while_the_commit_is_made_and_belong_to_no_sample(rule: str) -> None:
    lesson = lesson_of(rule)
    scene = look(lesson, lesson.timeline.commit_beat(2), 0.68, SIZE)
    coins = [item for item in scene.moving if isinstance(item, Coin) and item.sample == NOBODY]
    header = lesson.run.ledger.header
    assert len(coins) == len(header.house) * len(header.weights)
    assert not any(coin.numbered for coin in coins)


def row(lesson: Lesson, batch: int) -> list[Label]:
    """The arithmetic under the caption."""
    box = regions(SIZE).caption
    labels = [x for x in committed(lesson, batch, selected="x1->y") if box.contains(x.x, x.y)]
    return [label for label in labels if label.y == max(x.y for x in labels)]


def test_the_row_of_momentum_adds_old_savings_before_the_learning_rate() -> None:
    lesson = lesson_of("momentum")
    ledger, found = lesson.run.ledger, row(lesson, 2)
    said = " ".join(label.text for label in found)
    parts = [label.ref.part for label in found if label.ref is not None and label.ref.kind == "commit"]
    assert parts == ["old_savings", "average", "savings", "adjustment"]
    assert "old savings" in said
    values = [ledger.open(label.ref).value for label in found if label.ref is not None]
    assert values[0] + values[1] == values[2]
    assert values[2] * values[3] == values[4]


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_the_row_of_momentum_with_weight_decay_has_its_numbers_in_every_window(size: tuple[int, int]) -> None:
    run = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=Momentum(0.25, weight_decay=0.01))
    lesson = Lesson(None, "decay", run.train(batches=3), selected="x1->h1")
    scene, box = look(lesson, lesson.timeline.commit_beat(3), 1.0, size), regions(size).caption
    parts = [label.ref.part for label in scene.labels() if label.ref is not None and box.contains(label.x, label.y)]
    assert [part for part in parts if part][:3] == ["old_savings", "pull", "savings"]
    assert parts[-1] == "adjustment"


def test_the_row_of_a_rule_that_does_more_than_multiply_does_not_say_that_it_multiplies_the_average() -> None:
    found = row(lesson_of("Adam"), 2)
    parts = [label.ref.part for label in found if label.ref is not None and label.ref.kind == "commit"]
    assert parts == ["mean", "square", "adjustment"]
    signs = [label.text for label in found if label.text in "÷√×→"]
    assert signs == ["÷", "→", "÷", "√", "×", "→"]  # total ÷ count → jars: mean ÷ (√square + ε) × rate → final


def test_what_stands_behind_the_learning_rate_gives_way_first_in_the_header() -> None:
    lesson = lesson_of("Adam")
    box = regions((1280, 720)).header
    scene = look(lesson, 0, 1.0, (1280, 720))
    text = next(x.text for x in scene.labels() if box.contains(x.x, x.y) and "learning rate" in x.text)
    assert text.startswith("2→1 · batch of 4 · Adam · learning rate 0.1")


def test_the_seal_stands_in_the_strip_where_the_run_ends_and_nowhere_before() -> None:
    lesson = lesson_of("momentum")
    seal = lesson.run.ledger.seal_at(2)
    for batch, progress, ends in ((1, 1.0, False), (2, 0.5, False), (2, 1.0, True)):
        state = fresh(lesson, cursor=Cursor(lesson.timeline.commit_beat(batch), progress))
        said = " ".join(x.text for x in screen(lesson, state, SIZE).moving if isinstance(x, Label))
        assert (f"seal {seal}" in said) == ends
    state = replace(state, cursor=Cursor(lesson.timeline.commit_beat(1), 1.0), sealed=1)
    said = " ".join(x.text for x in screen(lesson, state, SIZE).moving if isinstance(x, Label))
    assert f"seal {lesson.run.ledger.seal_at(1)}" in said
