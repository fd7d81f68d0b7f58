"""Formulas carried out one after the other: what a rule, a schedule or a softmax is made of.

A line may also add up, or take the largest of, one formula's values: `norm = sum(average * average)`. Such a reduction
is the whole right side of its line; it runs left to right, and it gives one number for all weights (in a rule) or for
all neurons of a layer (in an activation, sample by sample).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from piggybank.arithmetic import literal
from piggybank.formula import Formula, Values
from piggybank.grammar import REDUCTIONS
from piggybank.ordered import Array


@dataclass(frozen=True)
class Reduction:
    """`sum(inner)`: ((0 + x1) + x2) + …; `largest(inner)`: the first that no later one exceeds, nan if one is nan."""

    function: str
    inner: Formula

    @property
    def text(self) -> str:
        return f"{self.function}({self.inner.text})"

    @property
    def names(self) -> tuple[str, ...]:
        return self.inner.names

    def on_arrays(self, values: Values, axis: int | None = None) -> Any:
        """Over the whole array in C order, or along an axis that is kept with length 1.

        The inner formula has a value at every place of the arrays it is given, also where it is the same number.
        """
        shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        terms = np.broadcast_to(np.asarray(self.inner.on_arrays(values), dtype=np.float64), shape)
        if axis is None:
            return float(_reduced(self.function, terms.reshape(1, -1), 1)[0, 0])
        return _reduced(self.function, terms, axis)

    def of(self, terms: Sequence[float]) -> float:
        """Of the inner formula's values, in order: bit for bit what `on_arrays` gives."""
        if self.function == "sum":
            total = 0.0
            for term in terms:
                total = total + term
            return total
        found = terms[0]
        for term in terms[1:]:
            found = found if found >= term or math.isnan(found) else term
        return found

    def python(self, terms: Sequence[float], spelled: Sequence[str] | None = None) -> str:
        """A Python expression whose `eval` gives exactly `of(terms)`; spelled: expressions in place of the terms."""
        texts = [literal(term) for term in terms] if spelled is None else list(spelled)
        if self.function == "sum":
            return f"({' + '.join(['0.0', *texts])})"
        found = self.of(terms)
        return texts[[literal(term) for term in terms].index(literal(found))]


def _reduced(function: str, terms: Array, axis: int) -> Array:
    if function == "sum":
        running = np.add.accumulate(terms + 0.0, axis=axis)  # from +0.0, which matters for a first term of -0.0
        return running.take([-1], axis=axis)
    place = np.argmax(terms, axis=axis, keepdims=True)  # the first of equals, the first nan before all
    return np.take_along_axis(terms, place, axis=axis)


@dataclass(frozen=True)
class Recipe:
    """Named lines, carried out one after the other; later lines may use earlier names."""

    lines: tuple[tuple[str, Formula | Reduction], ...]

    @staticmethod
    def of(text: Iterable[str]) -> Recipe:
        """From lines such as "average = total / count" and "top = largest(z)"."""
        pairs = [line.split("=", 1) for line in text]
        return Recipe(tuple((name.strip(), _right_side(formula.strip())) for name, formula in pairs))

    @property
    def text(self) -> tuple[str, ...]:
        return tuple(f"{name} = {line.text}" for name, line in self.lines)

    def on_arrays(self, values: Values, axis: int | None = None) -> dict[str, Any]:
        """All names after the last line, arrays elementwise; starts from `values`. axis: as for a reduction."""
        result = dict(values)
        for name, line in self.lines:
            result[name] = line.on_arrays(result, axis) if isinstance(line, Reduction) else line.on_arrays(result)
        return result

    def on_floats(self, values: Mapping[str, float]) -> dict[str, float]:
        """As `on_arrays`, for one weight or neuron; `values` must hold what the reductions give."""
        result = dict(values)
        for name, line in self.lines:
            if isinstance(line, Formula):
                result[name] = line.on_floats(result)
        return result


def _right_side(text: str) -> Formula | Reduction:
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Formula(text)  # which says what is wrong with it
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REDUCTIONS:
        inner = ast.get_source_segment(text, node.args[0]) if len(node.args) == 1 and not node.keywords else None
        if inner is not None and not isinstance(node.args[0], ast.Starred):
            return Reduction(node.func.id, Formula(inner))
    return Formula(text)
