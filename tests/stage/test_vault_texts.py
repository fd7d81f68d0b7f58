"""The texts of the vault: true, readable and apart; all of a sample stands on a page of its own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import combinations, product

import pytest
from looks import as_lesson, look, moments, run_of
from nets import forget
from readable import (
    LEAST,
    agrees,
    contrast,
    cut_short,
    each_size,
    ground_of,
    ink,
    is_number,
    overlap,
    pixels,
    smallest_height,
    texts,
    within,
)
from vaults import NETS, WIDE, each_net, known, lesson_of, on_stage, opened

from piggybank.stage import palette as p
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.measure import text_width
from piggybank.stage.pager import HEIGHT
from piggybank.stage.regions import regions
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.sample_page import TITLES
from piggybank.stage.scene import Label
from piggybank.stage.themes import THEMES, colour

Figure = Callable[[str, object], None]


# All of a sample ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXT_SIZES)
@each_size
def test_the_page_of_a_sample_says_whole_words_before_its_pages(size: tuple[int, int], text: float) -> None:
    lesson = lesson_of("36-16-5")
    scene = look(lesson, lesson.timeline.find("1.1.2.bank"), size=size, neuron=THIS_SAMPLE, look=Look(text=text))
    title = next(label for label in scene.labels() if label.text in TITLES)
    area = regions(size, text).network
    pages = next(label for label in scene.labels() if "–" in label.text and area.contains(label.x, label.y))
    assert title.room == 0
    assert title.x + text_width(title.text, title.size) < pages.x - text_width(pages.text, p.SMALL) / 2 - HEIGHT


@pytest.mark.parametrize("net", [*NETS, "4-8-3"])
@each_size
def test_what_the_sample_card_leaves_out_is_one_click_away_and_stands_on_one_page(
    net: str, size: tuple[int, int]
) -> None:
    lesson = lesson_of(net) if net in NETS else as_lesson(run_of(4, 8, 3), 1)
    header, beat = lesson.run.ledger.header, lesson.timeline.find("1.1.2.bank")
    card = regions(size).sample
    scene = look(lesson, beat, size=size)
    left_out = [x for x in scene.labels() if card.contains(x.x, x.y) and x.text.endswith(" more")]
    places = [hit for hit in scene.hits if card.contains(hit.box.cx, hit.box.cy) and hit.argument == THIS_SAMPLE]
    assert len(places) == len(left_out) > 0
    assert all(hit.box.contains(x.x, x.y) for hit, x in zip(places, left_out, strict=True))
    seen, page = Counter[tuple[str, str]](), 0
    while True:
        scene = look(lesson, beat, size=size, neuron=THIS_SAMPLE, page=page)
        area = regions(size).network
        refs = [x.ref for x in scene.labels() if x.ref and area.contains(x.x - 1, x.y)]
        seen.update((ref.kind, ref.name) for ref in refs)
        page += 1
        if str(page) not in {hit.argument for hit in on_stage(scene, size) if hit.command == "page"}:
            break
    outputs = header.layers[-1].neurons
    wanted = [("data", name) for name in header.layers[0].sources] + [("loss", "")]
    wanted += [(kind, name) for kind in ("target", "predict", "blame") for name in outputs]
    assert seen == Counter(wanted)
    shown = [x for x in look(lesson, beat, size=size).labels() if card.contains(x.x, x.y) and x.ref]
    assert sum(int(x.text.split()[1]) for x in left_out) == len(wanted) - len(shown)


# Texts ----------------------------------------------------------------------------------------------------------------


@each_net
def test_every_number_of_the_vault_is_its_receipts_and_none_is_shown_before_it_is_known(
    net: str, figure: Figure
) -> None:
    lesson, wrong, kinds = lesson_of(net), [], Counter[str]()
    for (beat, progress), open_ in product(moments(lesson), opened(lesson)):
        now = known(lesson, beat, progress)
        for label in look(lesson, beat, progress, WIDE, **open_).labels():
            if label.ref is None or not regions(WIDE).network.contains(label.x - 1, label.y):
                continue
            kinds[label.ref.kind] += 1
            receipt = lesson.run.ledger.open(label.ref)
            early = label.ref.kind == "bank" and not 0 < label.ref.sample <= now.banked
            early = early or (label.ref.kind == "commit" and now.stage not in ("average", "moved"))
            if early or not agrees(label.text, receipt.value):
                wrong.append((label.text, label.ref, receipt.value))
    figure(f"T33 numbers of the vault unlike their receipt or early, {net}", f"{len(wrong)} of {kinds.total()}")
    assert {"data", "target", "predict", "blame", "loss", "bank", "commit"} <= set(kinds)
    assert wrong == []


@each_net
@each_size
def test_no_text_of_the_vault_covers_another_or_leaves_the_stage_or_is_too_small(
    net: str, size: tuple[int, int], figure: Figure
) -> None:
    lesson, seen, faults = lesson_of(net), 0, set()
    stage, least = pixels(regions(size).stage, size), smallest_height(size)
    scale = regions(size).scale
    for address, progress in (("1.1.2.blame", 1.0), ("1.1.3.bank", 1.0), ("1.1.commit", 0.55), ("1.1.commit", 1.0)):
        for open_ in opened(lesson):
            scene = look(lesson, lesson.timeline.find(address), progress, size, **open_)
            found = [(x, rect) for x, rect in texts(scene, size) if stage.contains(x.x * scale, x.y * scale)]
            seen += len(found)
            faults |= {x.text for x, rect in found if unreadable(x, size, rect.height < least)}
            faults |= {x.text for x, rect in found if not within(ink(rect), stage, slack=1)}
            faults |= {
                (first.text, second.text)
                for (first, a), (second, b) in combinations(found, 2)
                if overlap(ink(a), ink(b), slack=1)
            }
    figure(f"T22 texts of the vault covered, cut or outside, {net} at {size[0]}x{size[1]}", f"{len(faults)} of {seen}")
    assert faults == set()


def unreadable(label: Label, size: tuple[int, int], too_low: bool) -> bool:
    return too_low or (is_number(label) and cut_short(label, size))


@pytest.mark.parametrize("theme", THEMES)
@each_net
def test_every_text_of_the_vault_stands_out_from_what_it_is_written_on(net: str, theme: str) -> None:
    lesson, pairs = lesson_of(net), set()
    for address, open_ in product(("1.1.2.blame", "1.1.3.bank", "1.1.commit"), opened(lesson)):
        scene = look(lesson, lesson.timeline.find(address), size=WIDE, look=Look(theme=theme), **open_)
        pairs |= {(x.colour, ground_of(scene, x)) for x in scene.labels() if regions(WIDE).network.contains(x.x, x.y)}
    low = {pair: contrast(*(colour(theme, role) for role in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < LEAST[theme]} == {}
    assert len(pairs) > 5


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_amounts_differ_by_step_and_are_readable_at_every_one(theme: str) -> None:
    for final in (False, True):
        steps = [colour(theme, p.amount(final, step / p.DEPTHS)) for step in range(p.DEPTHS + 1)]
        assert len(set(steps)) == len(steps)
        assert min(contrast(colour(theme, p.INK), step) for step in steps) >= LEAST[theme]


@each_net
def test_the_vault_is_the_same_whenever_it_is_drawn(net: str) -> None:
    lesson = lesson_of(net)
    views = list(product(moments(lesson), opened(lesson)))
    random.Random(3).shuffle(views)
    found = []
    for order in (views[:60], views[:60][::-1]):
        forget(lesson.run.ledger)
        found.append({
            (at, tuple(open_.items())): look(lesson, *at, WIDE, **open_) for at, open_ in order
        })  # fmt: skip
    assert found[0] == found[1]
