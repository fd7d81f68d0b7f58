"""Losses of one sample, and the blame of its outputs.

Convention, stated once: the loss of a sample is the sum over its outputs, in order; the loss of a batch is the mean
over its samples. Squared error is halved, so that its derivative is plainly prediction - target.
A loss looks at one sample at a time: one that compares the samples of a batch would make a coin belong to several rows
at once, and is refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real

from piggybank.engine import coupled
from piggybank.engine.data import DataError
from piggybank.engine.written import title
from piggybank.formula import Formula
from piggybank.wording import choose, quote


@dataclass(frozen=True)
class Loss:
    """value and blame: formulas of a (prediction), t (target) and z (weighted sum of the output neuron), of one output.

    They may use what the last activation's `shared` lines define. needs: the activation of the last layer whose slope
    is already inside `blame`, so that `blame` is the derivative with respect to z; without it `blame` is the
    derivative with respect to a. Raises DataError for what is no formula.
    """

    name: str
    value: Formula
    blame: Formula
    needs: str | None = None

    def __post_init__(self) -> None:
        title("loss", self.name)
        for what, formula in (("value", self.value), ("blame", self.blame)):
            if not isinstance(formula, Formula):
                raise DataError(
                    f"the {what} of the loss {quote(self.name)} should be a formula, got {quote(formula)}; "
                    "try Formula('(a - t) * (a - t) / 2')"
                )


def huber(delta: float = 1.0) -> Loss:
    """Squared up to an error of delta, straight beyond (Huber 1964), so that far-off rows pull no harder."""
    good = isinstance(delta, Real) and not isinstance(delta, bool) and 0 < delta < math.inf
    if not good:
        raise DataError(f"huber expects a delta above 0, got {quote(delta)}; try huber(1.0)")
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

ELSEWHERE = {
    "mse": "squared error", "l2": "squared error", "mae": "absolute error", "l1": "absolute error",
    "smooth l1": "huber", "bce": "binary cross-entropy", "log loss": "binary cross-entropy", "ce": "cross-entropy",
    "nll": "cross-entropy", "categorical cross-entropy": "cross-entropy", "softmax": "cross-entropy",
    "mean squared error": "squared error", "mean absolute error": "absolute error", "smoothl1": "huber",
    "bcewithlogits": "binary cross-entropy", "binary crossentropy": "binary cross-entropy",
    "crossentropy": "cross-entropy", "categorical crossentropy": "cross-entropy",
    "sparse categorical crossentropy": "cross-entropy",
}  # fmt: skip
"""Names that the field has for them too."""


def loss_named(loss: str | Loss) -> Loss:
    """The loss of that name ("huber 0.5" is Huber's with that delta); DataError names the known ones, or says why there
    can be none."""
    if isinstance(loss, Loss):
        return loss
    coupled.refuse(loss)
    here = ELSEWHERE.get(re.sub(r"[\W_]+|(?<=.)loss$", " ", loss.lower()).strip()) if isinstance(loss, str) else None
    if here is not None and loss not in LOSSES:
        raise DataError(f"there is no loss called {quote(loss)}; here it is loss={here!r}")
    if isinstance(loss, str) and loss.startswith("huber "):
        try:
            return huber(float(loss.removeprefix("huber ")))
        except ValueError:  # DataError is one
            raise DataError(f"expected a number above 0 after huber, got {quote(loss)}; try 'huber 0.5'") from None
    return choose("loss", loss, LOSSES, DataError)
