"""Whether a header that was read can be carried out: every formula uses only names that it will be given."""

from __future__ import annotations

from piggybank.formula import Formula
from piggybank.ledger.records import Header
from piggybank.ledger.strict import FileError
from piggybank.recipe import Recipe, Reduction
from piggybank.wording import quote

GIVEN = (
    "total", "count", "before", "commit", "epoch", "batch_size", "sum_of_averages", "micro_batches", "repeats",
)  # fmt: skip
"""What a commit provides to a recipe besides constants and memory."""
CLOCK = ("commit", "epoch", "commits_per_epoch")


def check_names(header: Header) -> None:
    """Every formula uses only names that it will be given, and every name that is needed is defined."""
    for index, layer in enumerate(header.layers):
        shared = _defined(layer.shared, {"z"}, f"the shared lines of layer {index + 1}")
        _uses(layer.value, {"z", *shared}, "an activation")
        _uses(layer.slope, {"z", "a", *shared}, "a slope")
    last = {"z", "a", "t", *(name for name, _ in header.layers[-1].shared.lines)}
    _uses(header.loss_value, last, "the loss")
    _uses(header.loss_blame, last, "the loss's blame")
    scheduled = _defined(header.schedule, {*header.constants, *CLOCK}, "the schedule")
    kept = (*header.memory, *header.shared_memory)
    known = {*GIVEN, *header.constants, *scheduled, *kept}
    defined = _defined(header.recipe, known, "the recipe")
    for name in ("adjustment", "after", *kept):
        if name not in defined:
            raise FileError(f"the recipe never says what {quote(name)} becomes")
    neurons = [*header.layers[0].sources, *(name for layer in header.layers for name in layer.neurons)]
    if len(set(neurons)) != len(neurons):
        raise FileError("expected a name of its own for every neuron")
    if header.scaling and len(header.scaling) != header.inputs.shape[1]:
        raise FileError("expected as many texts in scaling as there are inputs")


def _uses(formula: Formula | Reduction, known: set[str], what: str) -> None:
    for name in formula.names:
        if name not in known:
            raise FileError(f"{what} uses {quote(name)}, which nothing gives it")


def _defined(recipe: Recipe, known: set[str], what: str) -> set[str]:
    found: set[str] = set()
    for name, line in recipe.lines:
        _uses(line, known | found, what)
        found.add(name)
    return found
