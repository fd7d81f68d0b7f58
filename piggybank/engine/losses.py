"""Losses of one sample, and the blame of its outputs.

Convention, stated once: the loss of a sample is the sum over its outputs, in order; the loss of a batch is the mean
over its samples. Squared error is halved, so that its derivative is plainly prediction - target.
A loss looks at one sample at a time: losses that couple samples (contrastive losses, batch statistics) would make a
coin belong to several rows at once and are not offered.
"""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.engine.data import DataError
from piggybank.formula import Formula
from piggybank.wording import choose


@dataclass(frozen=True)
class Loss:
    """value and blame: formulas of a (prediction), t (target) and z (weighted sum of the output neuron).

    needs: the activation of the last layer whose slope is already inside `blame`, so that `blame` is the derivative
    with respect to z; without it `blame` is the derivative with respect to a.
    """

    name: str
    value: Formula
    blame: Formula
    needs: str | None = None


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared error", Formula("(a - t) * (a - t) / 2"), Formula("a - t")),
        Loss(
            "binary cross-entropy",
            Formula("max(z, 0) - z * t + log(1 + exp(-abs(z)))"),  # -log of the probability given to the target
            Formula("a - t"),
            needs="sigmoid",
        ),
    )
}


def loss_named(name: str) -> Loss:
    """The loss of that name; DataError names the known ones."""
    return choose("loss", name, LOSSES, DataError)
