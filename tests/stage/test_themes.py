"""Every theme has every colour, and every text can be read on what it is written on."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pygame
import pytest
from looks import SIZES, fresh, lesson_named, look
from readable import LEAST, contrast, ground_of

from piggybank.stage import palette as p
from piggybank.stage.look import Look
from piggybank.stage.painter import Painter
from piggybank.stage.regions import regions
from piggybank.stage.scene import Box, Coin, Panel, Scene
from piggybank.stage.themes import THEMES, colour

each_theme = pytest.mark.parametrize("theme", THEMES)
ROLES = {
    value
    for name, value in vars(p).items()
    if name.isupper() and isinstance(value, str) and name not in ("REGULAR", "SEMIBOLD", "BOLD", "MONO")
}


def test_contrast_of_black_on_white_is_21_and_of_equal_colours_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@each_theme
def test_a_theme_has_a_colour_for_every_role(theme: str) -> None:
    roles = ROLES | {p.hue(sample) for sample in range(1, 20)}
    roles |= {p.depth(positive, step / 10) for positive in (True, False) for step in range(11)}
    for role in roles:
        found = colour(theme, role)
        assert len(found) == 7
        assert found[0] == "#"
        assert int(found[1:], 16) >= 0


@each_theme
def test_all_themes_name_the_same_colours(theme: str) -> None:
    assert THEMES[theme].keys() == THEMES["light"].keys()


def test_deeper_is_further_from_nothing_on_both_sides() -> None:
    for theme, word in product(THEMES, ("plus", "minus")):
        none, half, full = (colour(theme, f"{word} {step}") for step in (0, p.DEPTHS // 2, p.DEPTHS))
        assert contrast(none, half) < contrast(none, full)


def test_with_high_contrast_a_button_has_an_edge_that_stands_out_from_its_ground() -> None:
    edge = colour("high contrast", p.CHIP_EDGE)
    assert min(contrast(edge, colour("high contrast", ground)) for ground in (p.BACKGROUND, p.PANEL, p.CHIP)) >= 3


@each_theme
def test_every_text_stands_out_from_what_it_is_written_on(theme: str) -> None:
    pairs: set[tuple[str, str]] = set()
    for name in ("lesson 2", "lesson 12", "xor 2-3-1", "4-8-3"):
        lesson = lesson_named(name)
        selected = fresh(lesson).selected
        neuron = lesson.run.ledger.header.layers[0].neurons[0]
        shown = ({}, {"inspecting": selected}, {"inspecting": neuron}, {"summary": True}, {"help": True})
        dialogs = ({"dialog": "goto"}, {"dialog": "goto", "typed": "1"}, {"notice": "Words."}, {"hindsight": True})
        commit = f"{lesson.run.ledger.header.epoch(2)}.2.commit"
        for address, open_ in product(("1.1.2", commit), shown + dialogs):
            for progress in (0.5, 1.0):
                beat = lesson.timeline.find(address)
                scene = look(lesson, beat, progress, SIZES[2], look=Look(theme=theme), pointer=(700.0, 500.0), **open_)
                pairs |= {(label.colour, ground_of(scene, label)) for label in scene.labels()}
    low = {pair: contrast(*(colour(theme, role) for role in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < LEAST[theme]} == {}
    assert len(pairs) > 10


@each_theme
@pytest.mark.parametrize("waiting", [False, True])
def test_the_number_on_a_coin_stands_out_from_its_face(theme: str, waiting: bool) -> None:
    for sample in range(1, p.HUES + 1):
        blank, painter = pygame.Surface((1280, 720)), Painter((1280, 720))
        coin = Coin(300, 300, 30, sample, None, numbered=False, alpha=p.WAITING_ALPHA if waiting else 1.0)
        scene = Scene((Panel(Box(0, 0, 900, 900), p.PANEL),), (), (coin,), look=Look(theme=theme))
        painter.paint(scene, blank)
        at = round(300 * regions((1280, 720)).scale)
        face = "#{:02x}{:02x}{:02x}".format(*blank.get_at((at - 6, at))[:3])
        numbered = pygame.Surface((1280, 720))
        painter.paint(replace(scene, moving=(replace(coin, numbered=True),)), numbered)
        around = [numbered.get_at((at + x, at + y)) for x in range(-9, 10) for y in range(-9, 10)]
        found = max(contrast(face, "#{:02x}{:02x}{:02x}".format(*pixel[:3])) for pixel in around)
        assert found >= 4.5, (theme, sample, face)
