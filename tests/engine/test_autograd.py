"""T9: blame and slices against central differences; the tape's own laws."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import plain
import pytest
from nets import bits

from piggybank.engine.autograd import Tape, Tensor
from piggybank.engine.functions import ACTIVATIONS
from piggybank.engine.losses import LOSSES
from piggybank.engine.network import Dense, Network
from piggybank.formula import Formula

Figure = Callable[[str, object], None]
ACTIVATION_NAMES = ("linear", "relu", "leaky relu", "elu", "gelu", "softplus", "softsign", "tanh", "sigmoid")
OPEN = ("squared error", "absolute error", "huber")
HEADS = [
    *((loss, name) for loss in OPEN for name in ACTIVATION_NAMES),
    ("binary cross-entropy", "sigmoid"),
    ("cross-entropy", "softmax"),
]
SHAPES = [(2, 1), (1, 3), (3, 4, 2), (2, 3, 3, 1)]
STEP = 1e-3
KINKED = ("relu", "leaky relu", "elu", "softsign")
KINK = 0.02  # these, and the losses with a corner, are checked where nothing comes nearer to it than this
SQUARED = LOSSES["squared error"]


def test_the_check_below_covers_every_activation_and_loss() -> None:
    assert set(ACTIVATIONS) == {*ACTIVATION_NAMES, "softmax"}
    assert set(LOSSES) == {loss for loss, _ in HEADS}


def derivative(losses: Callable[[float], np.ndarray]) -> np.ndarray:
    """Every sample's derivative at 0 by the five-point central difference, whose error is of fourth order."""
    far, near = losses(2 * STEP) - losses(-2 * STEP), losses(STEP) - losses(-STEP)
    return (8 * near - far) / (12 * STEP)


def relative_error(ours: np.ndarray, numeric: np.ndarray) -> float:
    """Relative to the number itself, or to 1e-5 for smaller ones, where the difference quotient has no digits left."""
    return float(np.max(np.abs(ours - numeric) / np.maximum(np.maximum(np.abs(ours), np.abs(numeric)), 1e-5)))


class Case:
    """A network at random weights, away from kinks, and the losses of its samples as a plain-Python function."""

    def __init__(self, shape: Sequence[int], hidden: str, loss: str, last: str, bias: bool, seed: int) -> None:
        names = [hidden] * (len(shape) - 2) + [last]
        self.loss, self.names, self.bias = loss, names, bias
        layers = [
            Dense(a, b, n, bias=None if bias else False) for a, b, n in zip(shape, shape[1:], names, strict=False)
        ]
        self.network = Network(*layers)
        for attempt in range(1000):
            numbers = random.Random(1000 * seed + attempt)
            self.weights = [
                np.array([[numbers.uniform(-1, 1) for _ in range(layer.outputs)] for _ in range(layer.inputs + bias)])
                for layer in layers
            ]
            self.inputs = np.array([[numbers.uniform(-1.5, 1.5) for _ in range(shape[0])] for _ in range(3)])
            self.targets = np.array([[float(numbers.random() < 0.5) for _ in range(shape[-1])] for _ in range(3)])
            if last == "softmax":
                self.targets = np.eye(shape[-1])[[numbers.randrange(shape[-1]) for _ in range(3)]]
            if self.distance_from_kinks() > KINK:
                return
        raise AssertionError("no point away from the kinks found")

    def plain_layers(self, weights: Sequence[np.ndarray]) -> list[plain.Layer]:
        return [plain.Layer(n, self.bias, w.tolist()) for n, w in zip(self.names, weights, strict=True)]

    def distance_from_kinks(self) -> float:
        """How far the nearest weighted sum or error is from where a slope jumps or bends."""
        found = [1.0]
        for row, target in zip(self.inputs.tolist(), self.targets.tolist(), strict=True):
            _, sums, outputs = plain.forward(self.plain_layers(self.weights), row)
            found += [abs(z) for name, layer in zip(self.names, sums, strict=True) if name in KINKED for z in layer]
            for z, a, t in zip(sums[-1], outputs[-1], target, strict=True):
                if self.names[-1] != "relu" or z > 0:  # a sleeping output does not move
                    found += {"absolute error": [abs(a - t)], "huber": [abs(abs(a - t) - 1)]}.get(self.loss, [])
        return min(found)

    def losses(self, weights: Sequence[np.ndarray]) -> np.ndarray:
        layers, result = self.plain_layers(weights), []
        for row, target in zip(self.inputs.tolist(), self.targets.tolist(), strict=True):
            _, sums, outputs = plain.forward(layers, row)
            result.append(plain.loss_of(self.loss, sums[-1], outputs[-1], target))
        return np.array(result)

    def slices(self) -> list[np.ndarray]:
        tape = Tape()
        sums, outputs = self.network.forward(tape, self.inputs, self.weights)
        self.network.backward(tape, sums, outputs, self.targets, LOSSES[self.loss])
        return [z.slices() for z in sums]

    def error(self) -> float:
        """The largest relative error over every sample's slice of every weight."""
        worst = 0.0
        for layer, ours in enumerate(self.slices()):
            assert ours.shape == (3, *self.weights[layer].shape)
            for place in np.ndindex(*self.weights[layer].shape):

                def moved(step: float, layer: int = layer, place: tuple[int, ...] = place) -> np.ndarray:
                    weights = [matrix.copy() for matrix in self.weights]
                    weights[layer][place] += step
                    return self.losses(weights)

                worst = max(worst, relative_error(ours[(slice(None), *place)], derivative(moved)))
        return worst


@pytest.mark.parametrize(("loss", "last"), HEADS)
def test_every_slice_is_the_derivative_of_its_own_samples_loss(loss: str, last: str, figure: Figure) -> None:
    shapes = [shape for shape in SHAPES if last != "softmax" or shape[-1] > 1]
    hiddens = [(shape, hidden) for shape in shapes for hidden in (ACTIVATION_NAMES if len(shape) > 2 else ["linear"])]
    errors = [
        Case(shape, hidden, loss, last, bias, seed).error()
        for seed, ((shape, hidden), bias) in enumerate(product(hiddens, (True, False)))
    ]
    figure(f"T9 {loss}, {last}: networks checked", len(errors))
    figure(f"T9 {loss}, {last}: largest relative error", f"{max(errors):.1e}")
    assert max(errors) < 1e-7


def test_the_gradient_check_notices_a_wrong_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case((2, 3, 1), "tanh", "squared error", "linear", True, 1)
    right = Formula.on_arrays
    monkeypatch.setattr(
        Formula,
        "on_arrays",
        lambda self, values: right(self, values) * (1 + 1e-6 if self.text == "1 - a * a" else 1),
    )
    assert case.error() > 1e-7


def branching(tape: Tape, x: np.ndarray, weights: Sequence[np.ndarray]) -> tuple[list[Tensor], Tensor]:
    """h * g + h, h squashed, g gated, used twice each; then a dense layer on top."""
    start, sigmoid, tanh = Tensor(x), ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]
    first, second = tape.dense(start, weights[0]), tape.dense(start, weights[1])
    h, g = tape.apply(first, tanh.value, tanh.slope), tape.apply(second, sigmoid.value, sigmoid.slope)
    joined = tape.add(tape.multiply(h, g), h)
    last = tape.dense(tape.multiply(joined, joined), weights[2])
    return [first, second, last], last


def test_add_and_multiply_carry_blame_through_branches(figure: Figure) -> None:
    source = np.random.default_rng(4)
    x, target = source.standard_normal((5, 2)), source.standard_normal((5, 2))
    weights = [source.standard_normal(shape) for shape in ((3, 4), (2, 4), (5, 2))]  # with, without, with bias
    tape = Tape()
    dense, last = branching(tape, x, weights)
    tape.backward(tape.loss(last, target, SQUARED.value, SQUARED.blame))
    worst = 0.0
    for index, z in enumerate(dense):
        for place in np.ndindex(*weights[index].shape):

            def moved(step: float, index: int = index, place: tuple[int, ...] = place) -> np.ndarray:
                changed = [matrix.copy() for matrix in weights]
                changed[index][place] += step
                error = branching(Tape(), x, changed)[1].value - target
                return (error * error / 2).sum(axis=1)

            worst = max(worst, relative_error(z.slices()[(slice(None), *place)], derivative(moved)))
    figure("T9 add and multiply: largest relative error", f"{worst:.1e}")
    assert worst < 1e-7


def test_a_tensor_used_twice_collects_blame_from_both_uses() -> None:
    tape, x = Tape(), Tensor(np.array([[3.0]]))
    tape.backward(tape.add(tape.multiply(x, x), x))
    assert x.blame is not None
    assert x.blame.tolist() == [[7.0]]  # 2x + 1


def test_the_loss_of_the_tape_is_each_samples_own() -> None:
    tape, a = Tape(), Tensor(np.array([[3.0], [5.0]]))
    loss = tape.loss(a, np.array([[1.0], [8.0]]), SQUARED.value, SQUARED.blame)
    tape.backward(loss)
    assert loss.value.tolist() == [[2.0], [4.5]]
    assert a.blame is not None
    assert a.blame.tolist() == [[2.0], [-3.0]]


def test_a_chain_far_longer_than_pythons_stack_goes_back_to_its_start() -> None:
    tape, x = Tape(), Tensor(np.array([[1.0]]))
    two, half = Tensor(np.array([[2.0]])), Tensor(np.array([[0.5]]))
    value, length = x, 10 * sys.getrecursionlimit()
    for step in range(length):
        value = tape.multiply(value, half if step % 2 else two)
    value = tape.multiply(value, two)
    tape.backward(value)
    assert length >= 1000
    assert x.blame is not None
    assert x.blame.tolist() == [[2.0]]


@pytest.mark.parametrize(("loss", "last"), HEADS)
def test_changing_one_row_changes_that_rows_blame_only(loss: str, last: str) -> None:
    case = Case((2, 3, 3, 2 if last == "softmax" else 1), "tanh", loss, last, True, 7)
    may_stay = last == "relu" or loss in ("absolute error", "huber")  # asleep, or on the same side of the target

    def blame() -> list[list[list[bytes]]]:
        tape = Tape()
        sums, outputs = case.network.forward(tape, case.inputs, case.weights)
        case.network.backward(tape, sums, outputs, case.targets, LOSSES[loss])
        return [[bits(row) for row in z.blame] for z in sums if z.blame is not None]

    before = blame()
    for row in range(3):
        kept = case.inputs[row].copy(), case.targets[row].copy()
        case.inputs[row], case.targets[row] = 2.25 - case.inputs[row], 0.5
        after = blame()
        case.inputs[row], case.targets[row] = kept
        for left, right in zip(before, after, strict=True):
            assert [s for s in range(3) if left[s] != right[s]] in ([row], [] if may_stay else [row])


def test_a_batch_gives_each_row_the_blame_it_gets_alone() -> None:
    case = Case((3, 4, 2), "sigmoid", "squared error", "tanh", True, 8)
    together = case.slices()
    inputs, targets = case.inputs, case.targets
    for row in range(3):
        case.inputs, case.targets = inputs[row : row + 1], targets[row : row + 1]
        assert [bits(part) for part in case.slices()] == [bits(part[row]) for part in together]


def test_slices_are_input_times_blame_with_the_bias_last() -> None:
    tape = Tape()
    z = tape.dense(Tensor(np.array([[2.0, 3.0], [5.0, 0.0]])), np.zeros((3, 2)))
    tape.backward(z, np.array([[1.0, -4.0], [0.5, 8.0]]))
    assert z.slices().shape == (2, 3, 2)
    assert z.slices().tolist() == [[[2, -8], [3, -12], [1, -4]], [[2.5, 40], [0, 0], [0.5, 8]]]


def test_without_a_bias_row_there_is_no_slice_of_a_bias() -> None:
    tape = Tape()
    z = tape.dense(Tensor(np.array([[2.0, 3.0]])), np.ones((2, 1)))
    tape.backward(z)
    assert z.value.tolist() == [[5.0]]
    assert z.slices().tolist() == [[[2.0], [3.0]]]


def test_asking_for_slices_too_early_or_of_another_step_says_what_to_do() -> None:
    tape, x = Tape(), Tensor(np.ones((1, 1)))
    with pytest.raises(ValueError, match=r"call backward\(\) first"):
        tape.dense(x, np.ones((1, 1))).slices()
    total = tape.add(x, x)
    tape.backward(total)
    with pytest.raises(ValueError, match="output of a dense step"):
        total.slices()


def test_softmax_passes_no_blame_back_by_itself() -> None:
    tape, softmax = Tape(), ACTIVATIONS["softmax"]
    z = tape.dense(Tensor(np.ones((1, 1))), np.ones((1, 2)))
    out = tape.apply(z, softmax.value, softmax.slope, softmax.shared)
    assert out.value.tolist() == [[0.5, 0.5]]
    with pytest.raises(ValueError, match="only together with cross-entropy"):
        tape.backward(out)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky relu", 0.01)])
@pytest.mark.parametrize("z", [0.0, -0.0])
def test_at_the_kink_the_lower_slope_counts(name: str, slope: float, z: float) -> None:
    assert ACTIVATIONS[name].slope.on_floats({"z": z, "a": 0.0}) == slope
    assert ACTIVATIONS[name].slope.on_arrays({"z": np.array([z]), "a": np.zeros(1)}).tolist() == [slope]
