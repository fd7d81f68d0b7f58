"""Whether a header that was read can be carried out: every formula uses only names that it will be given."""

from __future__ import annotations

from collections.abc import Collection

from piggybank.formula import Formula
from piggybank.ledger.records import Header, Layer
from piggybank.ledger.strict import FileError
from piggybank.recipe import Recipe, Reduction
from piggybank.wording import quote

GIVEN = (
    "total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches", "repeats",
)  # fmt: skip
"""What a commit provides to a recipe besides constants and memory."""
CLOCK = ("commit", "epoch", "commits_per_epoch")


OWN = ("total", "before", "sum_of_averages", "repeats")
"""Those of them that every weight has for itself."""


def check_names(header: Header) -> None:
    """Every formula uses only names that it will be given, every name has one meaning, and what is needed is defined.
    FileError otherwise."""
    for number, layer in enumerate(header.layers, 1):
        shared = _shared(layer, number, last=number == len(header.layers))
        _uses(layer.value, {"z", *shared}, "an activation")
        _uses(layer.slope, {"z", "a", *shared}, "a slope")
    last = {"z", "a", "t", *(name for name, _ in header.layers[-1].shared.lines)}
    _uses(header.loss_value, last, "the loss")
    _uses(header.loss_blame, last, "the loss's blame")
    _check_recipe(header)
    neurons = [*header.layers[0].sources, *(name for layer in header.layers for name in layer.neurons)]
    if len(set(neurons)) != len(neurons):
        raise FileError("expected a name of its own for every neuron")
    outputs = len(header.layers[-1].neurons)
    if outputs > 1 and header.classes and len(header.classes) != outputs:
        raise FileError("expected as many classes as there are outputs")
    if header.batch_size % header.accumulate:
        raise FileError("expected a batch of whole micro-batches")
    if header.scaling and len(header.scaling) != header.inputs.shape[1]:
        raise FileError("expected as many texts in scaling as there are inputs")


def _shared(layer: Layer, number: int, last: bool) -> set[str]:
    """What the neurons of a layer share: sums and largest ones over the last layer."""
    if layer.shared.lines and not last:
        raise FileError(f"layer {number} has shared lines, and only the neurons of the last layer share something")
    for name, line in layer.shared.lines:
        if not isinstance(line, Reduction):
            raise FileError(
                f"expected shared lines such as 'whole = sum(exp(z))', found {quote(f'{name} = {line.text}')}"
            )
    return _defined(layer.shared, {"z"}, f"the shared lines of layer {number}", ("z", "a", "t"))


def _check_recipe(header: Header) -> None:
    """The schedule and the rule's recipe."""
    kept, rate = (*header.memory, *header.shared_memory), {"learning_rate"}
    meanings = [*GIVEN, *header.constants, *kept]
    for name in meanings:
        if meanings.count(name) > 1:
            raise FileError(f"there are two meanings for {quote(name)} in the rule")
    if "after" in kept:
        raise FileError("the rule keeps 'after', which is the weight itself")
    scheduled = _defined(
        header.schedule, {*header.constants, *CLOCK}, "the schedule", {*GIVEN, *CLOCK, *header.constants, *kept} - rate
    )
    fixed = {*GIVEN, *header.constants, *scheduled}
    defined = _defined(header.recipe, fixed.union(kept), "the recipe", fixed)
    for name in ("adjustment", "after", *kept):
        if name not in defined:
            raise FileError(f"the recipe never says what {quote(name)} becomes")
    for name in header.house:
        if name not in defined:
            raise FileError(f"the house has words for {quote(name)}, which no line of the recipe defines")
    _check_whole(header)


def _check_whole(header: Header) -> None:
    """What is one number for all weights is, and what every weight has for itself is not."""
    own = {*OWN, *header.memory}
    for name, line in header.recipe.lines:
        if isinstance(line, Reduction):
            if name == "after" or name in header.memory:
                raise FileError(f"the recipe makes {quote(name)} one number for all weights, but each has its own")
        elif own.intersection(line.names):
            if name in header.shared_memory:
                raise FileError(f"the rule keeps one {quote(name)} for all weights, but its line gives each its own")
            own.add(name)


def _uses(formula: Formula | Reduction, known: set[str], what: str) -> None:
    for name in formula.names:
        if name not in known:
            raise FileError(f"{what} uses {quote(name)}, which nothing gives it")


def _defined(recipe: Recipe, known: set[str], what: str, fixed: Collection[str]) -> set[str]:
    """What the lines define. fixed: names that mean something else already."""
    found: set[str] = set()
    for name, line in recipe.lines:
        _uses(line, known | found, what)
        if name in found or name in fixed:
            raise FileError(f"there are two meanings for {quote(name)} in {what}")
        found.add(name)
    return found
