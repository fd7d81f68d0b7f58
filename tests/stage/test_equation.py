"""The row of arithmetic under the words, for rules and losses of one's own."""

from __future__ import annotations

import re

import pytest
from looks import as_lesson, look

from piggybank import Dense, Network, Rule, Run
from piggybank.app.course import load_lesson
from piggybank.engine.losses import Loss
from piggybank.formula import Formula
from piggybank.stage.equation import THREE_LINES
from piggybank.stage.regions import regions
from piggybank.stage.scene import Scene

LAST = "after = before + adjustment"
SUM = ("step = -learning_rate * average", "extra = 0.1 * before", "pull = step + extra")
RULES = {
    "a sum that the rate does not multiply": Rule("mine", (*SUM, "adjustment = pull", LAST), {"learning_rate": 0.1}),
    "no rate": Rule("mine", ("adjustment = -0.5 * average", LAST)),
    "no rate and a sum": Rule("mine", ("pull = average + before", "adjustment = -0.1 * pull", LAST)),
}


def row(scene: Scene) -> list[str]:
    """The words and numbers of the row, from left to right."""
    caption = regions((1280, 720)).caption
    found = [label for label in scene.labels() if label.y == max(caption.bottom - 22, caption.y + THREE_LINES)]
    return [label.text for label in sorted(found, key=lambda label: label.x) if label.x < caption.right]


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
