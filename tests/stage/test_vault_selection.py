"""What is selected in a vault stays selected, stands out on its page, and can be reached by keys."""

from __future__ import annotations

import random
from collections import Counter

from looks import fresh, look, track_of
from vaults import WIDE, known, lesson_of, on_stage

from piggybank import Lesson
from piggybank.app.player import PlayerState, reduce
from piggybank.app.screen import screen
from piggybank.app.session import Session
from piggybank.stage import palette as p
from piggybank.stage.digits import subscript
from piggybank.stage.known import known_at
from piggybank.stage.regions import regions
from piggybank.stage.sample_card import THIS_SAMPLE
from piggybank.stage.scene import Panel
from piggybank.stage.timeline import Cursor
from piggybank.stage.vault_pages import EACH, order_of, weight_of


def test_opening_neurons_turning_pages_and_going_back_keep_what_is_selected_and_the_moment() -> None:
    lesson = lesson_of("64-32-10")
    numbers, state = random.Random(1), fresh(lesson, cursor=Cursor(lesson.timeline.find("1.1.3.bank"), 1.0))
    state = reduce(state, "inspect", "x5->h9", track_of(lesson))
    state, opened_ = reduce(state, "close", "", track_of(lesson)), Counter[str]()
    for _ in range(200):
        choices = [hit for hit in on_stage(screen(lesson, state, WIDE), WIDE) if hit.command in ("neuron", "page")]
        hit = numbers.choice(choices)
        opened_[hit.command] += 1
        state = reduce(
            state, *(("close", "") if numbers.random() < 0.2 else (hit.command, hit.argument)), track_of(lesson)
        )
        assert (state.selected, state.cursor) == ("x5->h9", Cursor(lesson.timeline.find("1.1.3.bank"), 1.0))
    assert min(opened_.values()) > 20


def test_the_selected_bank_stands_out_on_its_page_and_the_others_lead_to_it() -> None:
    lesson = lesson_of("64-32-10")
    beat = lesson.timeline.find("1.1.3.bank")
    order = order_of(lesson.run.ledger, known(lesson, beat), "h9")
    for row in (order[0], order[20], order[64]):
        weight = lesson.run.ledger.header.weights_into("h9")[row]
        home = order.index(row) // EACH
        for page in range(6):
            scene = look(lesson, beat, size=WIDE, neuron="h9", page=page, selected=weight.name)
            area = regions(WIDE).network
            halos = [x for x in scene.step if isinstance(x, Panel) and x.fill == p.YELLOW and x.radius == 24]
            assert len([x for x in halos if area.contains(x.box.cx, x.box.cy)]) == (page == home)
            to = [x.text for x in scene.labels() if x.text == f"to {subscript(weight.source)}"]
            assert len(to) == (page != home)
            assert page == home or str(home) in {hit.argument for hit in on_stage(scene, WIDE) if hit.command == "page"}


def closed(lesson: Lesson, **changes: object) -> PlayerState:
    return reduce(fresh(lesson, **changes), "close", "", track_of(lesson))


def test_escape_leads_back_from_a_neuron_and_from_the_sample() -> None:
    lesson = lesson_of("36-16-5")
    for name in ("h3", THIS_SAMPLE):
        state = closed(lesson, neuron=name, page=1)
        assert (state.neuron, state.page) == ("", 0)
        assert screen(lesson, state, WIDE) == look(lesson, 0, 0.0, WIDE)


def test_up_and_down_follow_the_page_of_the_open_neuron_and_turn_it() -> None:
    lesson = lesson_of("64-32-10")
    session = Session(lesson)
    session.command("moment", "1.1.3.bank")
    session.command("forward", "")
    session.command("neuron", "h7")
    at = known_at(lesson.timeline, session.state.cursor)
    rows = order_of(lesson.run.ledger, at, "h7")
    wanted = [weight_of(lesson.run.ledger, "h7", row).name for row in rows[:14]]
    found = []
    for _ in range(14):
        session.command("weight_down", "")
        found.append((session.state.selected, session.state.page))
    assert found == [(name, place // EACH) for place, name in enumerate(wanted)]
    session.command("weight_up", "")
    assert session.state.selected == wanted[12]
    session.command("neuron", "")
    session.command("weight_down", "")
    numbers = lesson.run.ledger.header.weight_number
    assert numbers[session.state.selected] == numbers[wanted[12]] + 1
