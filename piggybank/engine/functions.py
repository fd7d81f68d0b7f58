"""Activation functions as formulas: the value, and the slope that blame is multiplied by on its way back."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.engine import coupled
from piggybank.engine.data import DataError
from piggybank.formula import Formula
from piggybank.recipe import Recipe, Reduction
from piggybank.wording import choose


@dataclass(frozen=True)
class Activation:
    """value: a formula of z (the weighted sum); slope: its derivative, a formula of z and a (the value).

    shared: lines over all neurons of the layer, sample by sample; value and slope may use what they define.
    """

    name: str
    value: Formula
    slope: Formula
    shared: Recipe = Recipe(())  # noqa: RUF009  # a frozen record

    @property
    def is_joint(self) -> bool:
        """Whether a neuron's output depends on the sums of its neighbours too; `slope` is then only its own part."""
        return any(isinstance(line, Reduction) for _, line in self.shared.lines)


BEND = "tanh(0.7978845608028654 * (z + 0.044715 * z * z * z))"  # sqrt(2/pi)
SOFTMAX = Recipe.of(("top = largest(z)", "whole = sum(exp(z - top))"))

# Written so that a sum that is not a number stays one: nan is not <= 0.
ACTIVATIONS = {
    name: Activation(name, Formula(value), Formula(slope), *shared)
    for name, value, slope, *shared in (
        ("linear", "z", "1"),
        ("relu", "0 if z <= 0 else z", "0 if z <= 0 else 1"),
        ("leaky relu", "0.01 * z if z <= 0 else z", "0.01 if z <= 0 else 1"),
        ("elu", "exp(z) - 1 if z <= 0 else z", "a + 1 if z <= 0 else 1"),
        ("gelu", f"0.5 * z * (1 + {BEND})",  # the tanh form of Hendrycks and Gimpel 2016
         f"0.5 * (1 + {BEND}) + 0.5 * z * (1 - {BEND} * {BEND}) * (0.7978845608028654 * (1 + 0.134145 * z * z))"),
        ("softplus", "max(z, 0) + log(1 + exp(-abs(z)))", "sigmoid(z)"),
        ("softsign", "z / (1 + abs(z))", "1 / ((1 + abs(z)) * (1 + abs(z)))"),
        ("tanh", "tanh(z)", "1 - a * a"),
        ("sigmoid", "sigmoid(z)", "a * (1 - a)"),
        ("softmax", "exp(z - top) / whole", "a * (1 - a)", SOFTMAX),
    )
}  # fmt: skip


def activation(name: str) -> Activation:
    """The activation of that name; DataError names the known ones, or says why there can be none."""
    coupled.refuse(name)
    return choose("activation", name, ACTIVATIONS, DataError)
