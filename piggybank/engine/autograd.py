"""A small reverse-mode autograd over a tape, in which samples never mix.

Each operation is one block: make the output, define how blame goes back. `blame` of a tensor is the derivative of
each sample's own loss with respect to that tensor, so it has the tensor's shape (samples, width) and row s depends on
sample s alone. Weights collect nothing here: a sample's slice for a weight is input * blame of the neuron it feeds,
and adding slices up is the bank's business.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from piggybank.formula import Formula
from piggybank.ordered import Array, blame_shares, weighted_sums, with_one
from piggybank.recipe import Recipe


class Tensor:
    """Values of one step of a pass, one row per sample; `blame` is None until `Tape.backward` reaches it."""

    __slots__ = ("backward", "blame", "inputs", "value")

    def __init__(self, value: Array) -> None:
        self.value = value
        self.blame: Array | None = None
        self.inputs: Array | None = None
        self.backward: Callable[[Array], None] | None = None

    def receive(self, blame: Array) -> None:
        """Add blame that arrives along one use of this tensor."""
        self.blame = blame if self.blame is None else self.blame + blame

    def slices(self) -> Array:
        """For the output of `Tape.dense` after backward: every sample's slice of every weight.

        Shape (samples, inputs [+ 1], outputs); slice = input * blame, the bias last.
        """
        if self.inputs is None or self.blame is None:
            raise ValueError("slices belong to the output of a dense step after backward(); call backward() first")
        result: Array = self.inputs[:, :, None] * self.blame[:, None, :]
        return result


class Tape:
    """The steps of one pass in order; walking it backwards carries blame from the loss to every tensor."""

    __slots__ = ("_steps",)

    def __init__(self) -> None:
        self._steps: list[Tensor] = []

    def _record(self, value: Array, backward: Callable[[Array], None]) -> Tensor:
        out = Tensor(value)
        out.backward = backward
        self._steps.append(out)
        return out

    def dense(self, x: Tensor, weights: Array) -> Tensor:
        """Weighted sums of x (samples, inputs) by weights (inputs, outputs), one row more when the last is the bias."""
        width = x.value.shape[1]
        inputs = x.value if len(weights) == width else with_one(x.value)

        def backward(blame: Array) -> None:
            if x.backward is not None:  # nobody asks for the blame of the data
                x.receive(blame_shares(blame, weights[:width]))

        out = self._record(weighted_sums(inputs, weights), backward)
        out.inputs = inputs
        return out

    def apply(self, z: Tensor, value: Formula, slope: Formula, shared: Recipe | None = None) -> Tensor:
        """A function of each sample: value is a formula of z, slope a formula of z and of a, the value.

        shared: lines carried out first, whose reductions run over the neurons of a sample; both formulas may use them.
        Such a function passes on blame only together with its loss, from z (see `Network.backward`).
        """
        known = {"z": z.value} if shared is None else shared.on_arrays({"z": z.value}, axis=1)

        def backward(blame: Array) -> None:
            if shared is not None and shared.lines:
                raise ValueError("softmax passes blame on only together with cross-entropy; start backward() at z")
            z.receive(blame * slope.on_arrays({**known, "a": out.value}))

        out = self._record(np.asarray(value.on_arrays(known)), backward)
        return out

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """x + y, elementwise."""

        def backward(blame: Array) -> None:
            x.receive(blame)
            y.receive(blame)

        return self._record(x.value + y.value, backward)

    def multiply(self, x: Tensor, y: Tensor) -> Tensor:
        """x * y, elementwise."""

        def backward(blame: Array) -> None:
            x.receive(blame * y.value)
            y.receive(blame * x.value)

        return self._record(x.value * y.value, backward)

    def loss(self, prediction: Tensor, target: Array, value: Formula, blame: Formula) -> Tensor:
        """Per-sample loss from formulas of a (prediction) and t (target): value and its derivative by a."""

        def backward(incoming: Array) -> None:
            prediction.receive(incoming * blame.on_arrays({"a": prediction.value, "t": target}))

        return self._record(np.asarray(value.on_arrays({"a": prediction.value, "t": target})), backward)

    def backward(self, start: Tensor, blame: Array | None = None) -> None:
        """Carry blame (ones by default) from `start` back through every earlier step; no recursion, any length."""
        start.receive(np.ones_like(start.value) if blame is None else blame)
        for step in reversed(self._steps):
            if step.blame is not None and step.backward is not None:
                step.backward(step.blame)
