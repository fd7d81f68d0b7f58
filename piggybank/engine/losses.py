"""Losses of one sample, and the blame of its outputs.

Convention, stated once: the loss of a sample is the sum over its outputs, in order; the loss of a batch is the mean
over its samples. Squared error is halved, so that its derivative is plainly prediction - target.
A loss looks at one sample at a time: one that compares the samples of a batch would make a coin belong to several rows
at once, and is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from piggybank.engine.data import DataError
from piggybank.formula import Formula
from piggybank.wording import choose, quote


@dataclass(frozen=True)
class Loss:
    """value and blame: formulas of a (prediction), t (target) and z (weighted sum of the output neuron), of one output.

    They may use what the last activation's `shared` lines define. needs: the activation of the last layer whose slope
    is already inside `blame`, so that `blame` is the derivative with respect to z; without it `blame` is the
    derivative with respect to a.
    """

    name: str
    value: Formula
    blame: Formula
    needs: str | None = None


def huber(delta: float = 1.0) -> Loss:
    """Squared up to an error of delta, straight beyond (Huber 1964), so that far-off rows pull no harder."""
    good = isinstance(delta, (int, float)) and not isinstance(delta, bool) and math.isfinite(delta) and delta > 0
    if not good:
        raise DataError(f"huber expects a delta above 0, got {delta!r}; try huber(1.0)")
    d = repr(float(delta))
    name = "huber" if delta == 1 else f"huber {float(delta):g}"
    value = f"(a - t) * (a - t) / 2 if abs(a - t) <= {d} else {d} * (abs(a - t) - {d} / 2)"
    return Loss(name, Formula(value), Formula(f"a - t if abs(a - t) <= {d} else {d} * sign(a - t)"))


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared error", Formula("(a - t) * (a - t) / 2"), Formula("a - t")),
        Loss("absolute error", Formula("abs(a - t)"), Formula("sign(a - t)")),
        huber(),
        Loss(
            "binary cross-entropy",
            Formula("max(z, 0) - z * t + log(1 + exp(-abs(z)))"),  # -log of the probability given to the target
            Formula("a - t"),
            needs="sigmoid",
        ),
        Loss(
            "cross-entropy",
            Formula("0 if t == 0 else t * (log(whole) - (z - top))"),  # -log of the share given to the target
            Formula("a - t"),
            needs="softmax",
        ),
    )
}

BATCH_COUPLED = ("contrastive", "triplet", "info nce", "infonce", "nt-xent", "siamese", "simclr")


def loss_named(loss: str | Loss) -> Loss:
    """The loss of that name ("huber 0.5" is Huber's with that delta); DataError names the known ones."""
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str) and loss.strip().lower().removesuffix("loss").strip() in BATCH_COUPLED:
        raise DataError(
            f"{quote(loss)} compares the samples of a batch with one another, so that a coin would belong to several "
            "rows at once; losses here look at one sample at a time, such as 'squared error' or 'cross-entropy'"
        )
    if isinstance(loss, str) and loss.startswith("huber "):
        try:
            delta = float(loss.removeprefix("huber "))
        except ValueError:
            raise DataError(f"expected a number above 0 after huber, got {quote(loss)}; try 'huber 0.5'") from None
        return huber(delta)
    return choose("loss", loss, LOSSES, DataError)
