"""compose(ledger, cursor, view) → Scene: pure, the heart of the picture.

The run's settled facts come from the ledger, what of them has been seen from the cursor, where they stand from the
view's size. Nothing is remembered between calls but caches, so forwards, backwards and by a jump give equal scenes.
"""

from __future__ import annotations

from piggybank.ledger.at_hand import at_hand
from piggybank.ledger.kept import unemptied
from piggybank.ledger.ledger import Ledger
from piggybank.stage import (
    batch_card,
    cards,
    connections,
    header,
    network_view,
    sample_page,
    side_by_side,
    strip,
    trace_table,
    vault,
)
from piggybank.stage import palette as p
from piggybank.stage.detail import detail_of
from piggybank.stage.equation import equation
from piggybank.stage.known import Known, known_at
from piggybank.stage.moves import banks_move, moving
from piggybank.stage.sample_card import THIS_SAMPLE, sample_card
from piggybank.stage.scene import Hit, Item, Panel, Scene
from piggybank.stage.sides import Standing, cursors, standings, timeline_of
from piggybank.stage.spans import Span, flow
from piggybank.stage.timeline import BANK, BLAME, COMMIT, LOSS, PREDICT, Cursor
from piggybank.stage.view import View
from piggybank.stage.wall import falling, wall
from piggybank.stage.wall_plan import WallPlan
from piggybank.stage.weight_plot import weight_plot

CAPTIONS = {
    PREDICT: "Predict: each neuron adds up input × weight",
    LOSS: "How far off? The loss measures this sample's prediction against its target.",
    BLAME: "Blame runs backwards: how much would each neuron's sum change this sample's loss?",
    BANK: "A coin is this sample's blame slice: input × blame. The bank holds it until the commit.",
    COMMIT: "Every bank is broken at once: one final adjustment for each weight, the same for all samples.",
}

SINGLE_CAPTIONS = {
    **CAPTIONS,
    BANK: "A coin is this sample's blame slice: input × blame. With one sample at a time it is spent at once.",
    COMMIT: "Adjust: the learning rate makes this sample's coin the adjustment of each weight.",
}
"""With batches of one sample."""

KEPT_CAPTIONS = {
    BANK: "A coin is this sample's blame slice: input × blame. It falls on those that nobody took out.",
    COMMIT: "All that is in a bank moves its weight, old coins too; and nobody empties it.",
}
"""Where banks are not emptied."""


def compose(ledger: Ledger, cursor: Cursor, view: View) -> Scene:
    """The picture of a moment. The ledger must hold the cursor's batch."""
    timeline = timeline_of(ledger)
    known = known_at(timeline, cursor)
    moments = cursors(view.sides, cursor)
    beside = standings(view.sides, moments)
    step, hits = _step(ledger, known, banks_move(known, cursor.progress) and not view.look.reduced, view, beside)
    movers: list[Item] = []
    if not view.look.reduced:
        movers += side_by_side.movers(view, moments, beside) if beside else _movers(ledger, known, cursor, view)
    movers += strip.playhead(timeline, known, cursor, view)
    return Scene(_still(ledger, view), step, tuple(movers), (), hits, view.look)


@at_hand(16)
def _still(ledger: Ledger, view: View) -> tuple[Item, ...]:
    return (
        *header.header_still(view),
        *cards.cards_still(view),
        Panel(view.regions.stage, p.PANEL, p.PANEL_EDGE),
        *trace_table.table_still(ledger, view),
        *strip.strip_still(view),
    )


@at_hand(32)
def _step(
    ledger: Ledger, known: Known, pigs_move: bool, view: View, beside: tuple[Standing, ...]
) -> tuple[tuple[Item, ...], tuple[Hit, ...]]:
    """Everything that changes only when something new becomes known. beside: where the runs side by side stand."""
    items: list[Item] = [*header.header_step(view, known), *_caption(ledger, known, view)]
    items += equation(ledger, known, view)
    hits = strip.strip_hits(view)
    for found, places in (
        sample_card(ledger, known, view),
        batch_card.batch_card(ledger, known, view),
        side_by_side.side_by_side(view, beside) if beside else _network(ledger, known, pigs_move, view),
        trace_table.table_step(ledger, known, view),
        weight_plot(ledger, known, view, trace_table.free_area(ledger, view)),
        strip.strip_step(timeline_of(ledger), known, view),
        strip.loss_plot(ledger, known, view),
    ):
        items += found
        hits += places
    return tuple(items), (*hits, *header.header_hits(view))


def _caption(ledger: Ledger, known: Known, view: View) -> list[Item]:
    if view.look.teacher:
        return []
    return [*flow(view.caption or (Span(_words(ledger, known)),), view.regions.caption, p.INK)]


def _words(ledger: Ledger, known: Known) -> str:
    """What the phase says by itself, of this network."""
    captions = SINGLE_CAPTIONS if known.single else CAPTIONS
    captions = {**captions, **KEPT_CAPTIONS} if unemptied(ledger.header) else captions
    words = captions[known.moment.phase]
    if known.moment.phase == PREDICT:
        layers = ledger.header.layers
        words += ", its bias last" if any(layer.has_bias for layer in layers) else ""
        words += ", and applies its activation" if any(layer.value.text != "z" for layer in layers) else ""
        words += "."
    return words


def _network(ledger: Ledger, known: Known, pigs_move: bool, view: View) -> tuple[list[Item], list[Hit]]:
    """The network in as much detail as there is room for, or what has been opened in its place."""
    if view.neuron == THIS_SAMPLE:
        return sample_page.sample_page(ledger, known, view)
    plan = detail_of(ledger, view)
    if plan is None:
        return vault.vault(ledger, known, pigs_move, view)
    if isinstance(plan, WallPlan):
        return wall(ledger, plan, known, view)
    weights_of = known.batch if known.committed else known.batch - 1
    items = connections.edges(ledger, plan, weights_of)
    found, hits = network_view.nodes(ledger, plan, known)
    items += found
    found, places = network_view.banks_at_rest(ledger, plan, known, view)
    return items + ([] if pigs_move else found), hits + places


def _movers(ledger: Ledger, known: Known, cursor: Cursor, view: View) -> list[Item]:
    """What moves in the network."""
    if view.neuron == THIS_SAMPLE:
        return []
    plan = detail_of(ledger, view)
    if isinstance(plan, WallPlan):
        return falling(ledger, plan, known, cursor)
    if plan is None:
        return vault.movers(ledger, known, cursor, view)
    return moving(ledger, plan, known, cursor, view)
