"""The first line of a file as a header, or a refusal: after this, nothing in the header can surprise anybody."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from piggybank.arithmetic import SCALAR
from piggybank.formula import Formula, FormulaError
from piggybank.grammar import REDUCTIONS
from piggybank.ledger.cut import Cut
from piggybank.ledger.header_checks import check_names
from piggybank.ledger.header_text import FORMAT, LONGEST_TEXT, VERSION, is_outside
from piggybank.ledger.outside import Data, given
from piggybank.ledger.records import Header, Layer, Parent
from piggybank.ledger.strict import FileError, array, keyed, listed, number, shown, text, truth, whole
from piggybank.ordered import Array
from piggybank.recipe import Recipe
from piggybank.wording import quote

KEYS = (
    "format", "version", "data", "layers", "loss", "rule", "reduce", "batch_size", "accumulate", "shuffled", "fault",
    "parent", "skip", "initial", "initial_memory",
)  # fmt: skip
DATA = ("name", "source", "input_names", "scaling", "target_names", "classes", "row_names", "inputs", "targets")
LAYER = ("sources", "neurons", "bias", "activation", "shared", "value", "slope")
LOSS = ("name", "value", "blame", "fused")
RULE = ("name", "recipe", "constants", "schedule", "memory", "shared_memory", "house")
LONGEST_FORMULA = 2_000
NEURON = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")
MOST_LINES = 200
MOST_LAYERS = 1_000
MOST_PARTS = 1_000_000
T = TypeVar("T")


def check_version(version: int) -> None:
    """FileError for a format that this program does not know."""
    if version > VERSION:
        raise FileError(
            f"the file is of format {version}, and this piggybank reads up to {VERSION}; install a newer piggybank"
        )


def header_of(found: Any, data: Data | None = None) -> Header:
    """The header that a parsed first line (without its hash) says. data: inputs and targets that are not in the file.

    FileError for data that are given though they are in it, and for whatever is not as it is written by `header_text`.
    """
    keyed(found, KEYS, "the header")
    _choice(found["format"], "the format", (FORMAT,))
    whole(found["version"], "the version", VERSION, VERSION)
    table, rule, loss = keyed(found["data"], DATA, "data"), keyed(found["rule"], RULE, "rule"), found["loss"]
    layers = tuple(_layer(part) for part in listed(found["layers"], "layers"))
    if not 1 <= len(layers) <= MOST_LAYERS:
        raise FileError(f"expected 1 to {MOST_LAYERS:,} layers, found {len(layers):,}")
    keyed(loss, LOSS, "loss")
    for before, after in pairwise(layers):
        if before.neurons != after.sources:
            raise FileError("the sources of a layer are not the neurons of the layer before")
    inputs, targets = _tables(table, len(layers[0].sources), len(layers[-1].neurons), data)
    rows = len(inputs)
    accumulate = whole(found["accumulate"], "accumulate", 1, MOST_PARTS)
    row_names = _texts(table["row_names"], "row names", rows)
    parent = _parent(found["parent"], row_names)
    cut = _cut(rows, accumulate, found["batch_size"], parent.empty if parent else ())
    memory, shared = names(rule["memory"], "memory"), names(rule["shared_memory"], "shared memory")
    header = Header(
        data_name=_text(table["name"], "the data's name"),
        source=_text(table["source"], "the data's source"),
        inputs=inputs,
        targets=targets,
        input_names=_texts(table["input_names"], "input names", inputs.shape[1]),
        target_names=_texts(table["target_names"], "target names", targets.shape[1]),
        row_names=row_names,
        layers=layers,
        loss_name=_text(loss["name"], "the loss's name"),
        loss_value=_formula(loss["value"], "the loss"),
        loss_blame=_formula(loss["blame"], "the loss's blame"),
        loss_fused=truth(loss["fused"], "fused"),
        rule_name=_text(rule["name"], "the rule's name"),
        recipe=_recipe(rule["recipe"], "the recipe"),
        constants=MappingProxyType(_constants(rule["constants"])),
        memory=memory,
        reduce=_choice(found["reduce"], "reduce", ("average", "total")),
        batch_size=cut.size,
        shuffled=truth(found["shuffled"], "shuffled"),
        initial=_per_layer(found["initial"], layers, "initial weights"),
        shared_memory=shared,
        schedule=_recipe(rule["schedule"], "the schedule"),
        house=MappingProxyType(_house(rule["house"])),
        fault=_text(found["fault"], "fault"),
        accumulate=accumulate,
        classes=_texts(table["classes"], "classes"),
        scaling=_texts(table["scaling"], "scaling"),
        parent=parent,
        skip=whole(found["skip"], "skip", 0, cut.batches - 1),
        initial_memory=MappingProxyType(_initial_memory(found["initial_memory"], layers, memory, shared)),
    )
    check_names(header)
    return header


def _tables(table: dict[str, Any], columns: int, outputs: int, data: Data | None) -> tuple[Array, Array]:
    """Inputs and targets, from the file or from beside it."""
    rows = len(listed(table["row_names"], "row names"))
    shapes = {"inputs": (rows, columns), "targets": (rows, outputs)}
    if not rows:
        raise FileError("expected at least one data row, found none")
    if not is_outside(rows * (columns + outputs)):
        if data is not None:
            raise FileError("the data stand in the file itself; leave data= out, and --data")
        return tuple(array(table[name], shape, name) for name, shape in shapes.items())  # type: ignore[return-value]
    return given(table, shapes, data)


def _layer(value: Any) -> Layer:
    found = keyed(value, LAYER, "a layer")
    layer = Layer(
        _neurons(found["sources"], "sources"),
        _neurons(found["neurons"], "neurons"),
        truth(found["bias"], "bias"),
        _text(found["activation"], "activation"),
        _formula(found["value"], "an activation"),
        _formula(found["slope"], "a slope"),
        _recipe(found["shared"], "an activation's shared lines"),
    )
    if not layer.sources or not layer.neurons:
        raise FileError("a layer has no sources or no neurons")
    return layer


def _per_layer(value: Any, layers: Sequence[Layer], what: str) -> tuple[Array, ...]:
    parts = listed(value, what, len(layers))
    return tuple(array(part, layer.shape, what) for part, layer in zip(parts, layers, strict=True))


def _initial_memory(
    value: Any, layers: Sequence[Layer], memory: Sequence[str], shared: Sequence[str]
) -> dict[str, tuple[Array, ...] | float]:
    found: dict[str, tuple[Array, ...] | float] = {}
    for name, part in _mapping(value, "initial memory").items():
        if name not in (*memory, *shared):
            raise FileError(f"the rule keeps nothing called {quote(name)}")
        found[name] = number(part, name) if name in shared else _per_layer(part, layers, name)
    return found


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise FileError(f"expected {what} as an object, found {shown(value)}")
    return value


def _text(value: Any, what: str) -> str:
    return text(value, what, LONGEST_TEXT)


def _texts(value: Any, what: str, length: int | None = None) -> tuple[str, ...]:
    return tuple(_text(part, what) for part in listed(value, what, length))


def _neurons(value: Any, what: str) -> tuple[str, ...]:
    found = _texts(value, what)
    for name in found:
        if not NEURON.fullmatch(name) or name == "bias":
            raise FileError(f"expected names such as x1 and h2.3 in {what}, found {quote(name)}")
    return found


def _choice(value: Any, what: str, known: Sequence[str]) -> str:
    if value not in known or type(value) is not str:
        raise FileError(f"expected {what} as {' or '.join(map(quote, known))}, found {shown(value)}")
    return value


def names(value: Any, what: str) -> tuple[str, ...]:
    """Different words that a formula can use."""
    found = tuple(_name(part, what) for part in listed(value, what))
    if len(set(found)) != len(found):
        raise FileError(f"a name stands twice in {what}")
    return found


def _name(value: Any, what: str) -> str:
    found = _text(value, what)
    taken = keyword.iskeyword(found) or found in SCALAR or found in REDUCTIONS
    if not found.isidentifier() or not found.isascii() or found.startswith("_") or taken:
        raise FileError(f"expected a name in {what}, found {quote(found)}")
    return found


def _constants(value: Any) -> dict[str, float]:
    return {_name(name, "constants"): number(part, name) for name, part in _mapping(value, "constants").items()}


def _house(value: Any) -> dict[str, str]:
    return {_name(name, "house"): _text(words, "house") for name, words in _mapping(value, "house").items()}


def _parent(value: Any, rows: Sequence[str]) -> Parent | None:
    if value is None:
        return None
    found = keyed(value, ("seal", "batch", "without", "empty", "commits", "epochs"), "parent")
    without = _texts(found["without"], "the rows left out")
    if not set(without).isdisjoint(rows):
        raise FileError("a row stands among those that the run has and among those that it does without")
    empty = tuple(whole(place, "an empty place") for place in listed(found["empty"], "the empty places"))
    batch, commits, epochs = (whole(found[name], f"the parent's {name}") for name in ("batch", "commits", "epochs"))
    return Parent(_text(found["seal"], "the parent's seal"), batch, without, empty, commits, epochs)


def _cut(rows: int, accumulate: int, batch_size: Any, empty: tuple[int, ...]) -> Cut:
    cut = Cut(rows, whole(batch_size, "batch_size", accumulate, (rows + len(empty)) * accumulate), empty)
    if not cut.is_sound:
        raise FileError("the empty places of an epoch leave a batch without a sample, or stand behind the last row")
    return cut


def _formula(value: Any, what: str) -> Formula:
    return _readable(Formula, text(value, what, LONGEST_FORMULA))


def _recipe(value: Any, what: str) -> Recipe:
    lines = [text(line, what, LONGEST_FORMULA) for line in listed(value, what)]
    if len(lines) > MOST_LINES:
        raise FileError(f"expected at most {MOST_LINES} lines in {what}, found {len(lines):,}")
    for line in lines:
        name, equals, _ = line.partition("=")
        _name(name.strip(), what)
        if not equals:
            raise FileError(f"expected a line such as 'average = total / count' in {what}, found {quote(line)}")
    return _readable(Recipe.of, lines)


def _readable(make: Callable[[Any], T], given: Any) -> T:
    try:
        return make(given)
    except FormulaError as problem:
        raise FileError(str(problem)) from None
