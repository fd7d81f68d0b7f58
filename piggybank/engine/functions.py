"""Activation functions as pairs of formulas: the value, and the slope that blame is multiplied by on its way back."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.engine.data import DataError
from piggybank.formula import Formula
from piggybank.wording import choose


@dataclass(frozen=True)
class Activation:
    """value: a formula of z (the weighted sum); slope: its derivative, a formula of z and a (the value)."""

    name: str
    value: Formula
    slope: Formula


# Written so that a sum that is not a number stays one: nan is not <= 0.
ACTIVATIONS = {
    name: Activation(name, Formula(value), Formula(slope))
    for name, value, slope in (
        ("linear", "z", "1"),
        ("relu", "0 if z <= 0 else z", "0 if z <= 0 else 1"),
        ("leaky relu", "0.01 * z if z <= 0 else z", "0.01 if z <= 0 else 1"),
        ("tanh", "tanh(z)", "1 - a * a"),
        ("sigmoid", "sigmoid(z)", "a * (1 - a)"),
    )
}


def activation(name: str) -> Activation:
    """The activation of that name; DataError names the known ones."""
    return choose("activation", name, ACTIVATIONS, DataError)
