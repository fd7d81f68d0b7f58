"""A training run in exact fractions, written from the conventions alone: it knows no recipe, no formula, no array.

As long as every number on the way is a float64, rounding changes nothing, and a run must give exactly these numbers;
the first one that no float64 holds stops the oracle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

F = Fraction
Matrix = list[list[Fraction]]
Row = tuple[list[Fraction], list[Fraction]]


class UnrepresentableError(Exception):
    """An exact number that no float64 holds: from here on rounding is right, and the oracle stops."""


def held(value: Fraction) -> Fraction:
    """The value, when it has at most 53 binary digits and is far from the ends of float64's range."""
    top, bottom = value.numerator, value.denominator
    digits = (top // (top & -top)).bit_length() if top else 0
    if bottom & (bottom - 1) or digits > 53 or max(top.bit_length(), bottom.bit_length()) > 1000:
        raise UnrepresentableError
    return value


def total(terms: Sequence[Fraction]) -> Fraction:
    """The sum; every partial sum must be representable too."""
    result = F(0)
    for term in terms:
        result = held(result + held(term))
    return result


def root(value: Fraction) -> Fraction:
    result = F(math.isqrt(value.numerator), math.isqrt(value.denominator))
    if result * result != value:
        raise UnrepresentableError
    return held(result)


def sign(value: Fraction) -> Fraction:
    return F((value > 0) - (value < 0))


@dataclass(frozen=True)
class Settings:
    """What a run was asked for. activations, bias: of every layer; loss: its name; micro: samples of a micro-batch."""

    activations: Sequence[str]
    bias: Sequence[bool]
    loss: str
    rule: str
    constants: dict[str, Fraction]
    reduce: str
    fault: str
    batch_size: int
    micro: int


def numbers_of(nested: Any) -> list[Any]:
    if isinstance(nested, (list, tuple)):
        return [leaf for part in nested for leaf in numbers_of(part)]
    return [nested]


class Oracle:
    """The run; `batch` carries out the next one. All that has a number a weight stands in one list, layer by layer."""

    def __init__(self, settings: Settings, weights: list[Matrix]) -> None:
        self.settings, self.weights = settings, weights
        self.kept: dict[str, list[Fraction]] = {}
        self.carried = F(0)
        self.fill = {"mean": F(0), "square": F(0)}

    def batch(self, rows: Sequence[Row]) -> dict[str, Any]:
        passes = [self._pass(*row) for row in rows]
        outputs, losses, coins = ([found[part] for found in passes] for part in range(3))
        banks = [total(column) for column in zip(*coins, strict=True)]
        adjustments = self._commit(coins, banks)
        moved = iter([held(w + d) for w, d in zip(numbers_of(self.weights), adjustments, strict=True)])
        self.weights = [[[next(moved) for _ in row] for row in matrix] for matrix in self.weights]
        return {
            "outputs": numbers_of(outputs), "losses": losses, "coins": numbers_of(coins), "totals": banks,
            "adjustment": adjustments, "weights": numbers_of(self.weights),
        }  # fmt: skip

    # One sample ---------------------------------------------------------------------------------------------------

    def _pass(self, inputs: list[Fraction], targets: list[Fraction]) -> tuple[list[Any], Fraction | None, list[Any]]:
        """Outputs of every layer, the loss (None where rounding is right), and the coin of every weight."""
        given, sums, outputs, values = [], [], [], inputs
        for matrix, name, bias in zip(self.weights, self.settings.activations, self.settings.bias, strict=True):
            given.append([*values, F(1)] if bias else values)
            columns = range(len(matrix[0]))
            sums.append([total([x * row[k] for x, row in zip(given[-1], matrix, strict=True)]) for k in columns])
            values = [held(z * self._slope(name, z)) for z in sums[-1]]
            outputs.append(values)
        errors = [held(a - t) for a, t in zip(values, targets, strict=True)]
        blame = self._back([self._loss_slope(error) for error in errors], sums)
        coins = [[[held(x * b) for b in bs] for x in xs] for xs, bs in zip(given, blame, strict=True)]
        return outputs, self._loss(errors), numbers_of(coins)

    def _back(self, arriving: list[Fraction], sums: list[list[Fraction]]) -> list[list[Fraction]]:
        """Every layer's blame, from what arrives at the last."""
        blame: list[list[Fraction]] = []
        for layer in range(len(sums) - 1, -1, -1):
            slopes = [self._slope(self.settings.activations[layer], z) for z in sums[layer]]
            blame.insert(0, [held(b * slope) for b, slope in zip(arriving, slopes, strict=True)])
            matrix = self.weights[layer]
            roads = matrix[: len(matrix) - self.settings.bias[layer]] if layer else []  # nobody blames the data
            arriving = [total([w * b for w, b in zip(row, blame[0], strict=True)]) for row in roads]
        return blame

    @staticmethod
    def _slope(name: str, z: Fraction) -> Fraction:
        return F(1) if name == "linear" or z > 0 else {"relu": F(0), "leaky relu": F(0.01)}[name]

    def _delta(self) -> Fraction:
        return F(float(self.settings.loss.removeprefix("huber") or 1))

    def _loss_slope(self, error: Fraction) -> Fraction:
        if self.settings.loss == "squared error":
            return error
        if self.settings.loss == "absolute error":
            return sign(error)
        return error if abs(error) <= self._delta() else self._delta() * sign(error)

    def _loss(self, errors: list[Fraction]) -> Fraction | None:
        try:
            return total([self._loss_of(error) for error in errors])
        except UnrepresentableError:
            return None

    def _loss_of(self, error: Fraction) -> Fraction:
        if self.settings.loss == "absolute error":
            return abs(error)
        if self.settings.loss == "squared error" or abs(error) <= self._delta():
            return held(held(error * error) / 2)
        return held(self._delta() * held(abs(error) - self._delta() / 2))

    # The commit ---------------------------------------------------------------------------------------------------

    def _memory(self, name: str, size: int) -> list[Fraction]:
        return self.kept.setdefault(name, [F(0)] * size)

    def _commit(self, coins: list[list[Fraction]], banks: list[Fraction]) -> list[Fraction]:
        fault, count, size = self.settings.fault, F(len(coins)), len(banks)
        if fault == "forgot-to-empty":
            banks = [held(old + new) for old, new in zip(self._memory("bank", size), banks, strict=True)]
            self.kept["bank"] = banks
        if fault == "stale-last-batch":
            banks = [held(old + new) for old, new in zip(self._memory("left", size), banks, strict=True)]
            short, count = count < self.settings.batch_size, self.carried + count
            self.kept["left"], self.carried = (banks, count) if short else ([F(0)] * size, F(0))
            if short:
                return [F(0)] * size
        averages = self._averages(coins, banks, count)
        moves = self._moves(self._pulls(averages))
        if fault == "bias-updated-per-input":
            moves = [held(times * move) for times, move in zip(self._repeats(), moves, strict=True)]
        return moves

    def _averages(self, coins: list[list[Fraction]], banks: list[Fraction], count: Fraction) -> list[Fraction]:
        if self.settings.reduce == "total" or self.settings.fault == "sum-for-mean":
            return banks
        if self.settings.fault != "average-of-averages":
            return [held(bank / count) for bank in banks]
        parts = [coins[start : start + self.settings.micro] for start in range(0, len(coins), self.settings.micro)]
        means = [[held(total(column) / len(part)) for column in zip(*part, strict=True)] for part in parts]
        return [held(total(column) / len(parts)) for column in zip(*means, strict=True)]

    def _pulls(self, averages: list[Fraction]) -> list[Fraction]:
        """The average coins clipped, and with the house coin of weight decay."""
        known, pulls = self.settings.constants, averages
        if "clip_value" in known:
            pulls = [min(known["clip_value"], max(-known["clip_value"], average)) for average in averages]
        if "clip_norm" in known:
            norm = root(total([average * average for average in averages]))
            shrink = min(F(1), held(known["clip_norm"] / norm)) if norm else F(1)
            pulls = [held(average * shrink) for average in averages]
        if known.get("weight_decay"):
            houses = [held(known["weight_decay"] * weight) for weight in numbers_of(self.weights)]
            pulls = [held(pull + house) for pull, house in zip(pulls, houses, strict=True)]
        return pulls

    def _moves(self, pulls: list[Fraction]) -> list[Fraction]:
        rule, known = self.settings.rule, self.settings.constants
        rate = -known["learning_rate"]
        if rule in ("Momentum", "Nesterov"):
            old = [held(known["friction"] * savings) for savings in self._memory("savings", len(pulls))]
            saved = self.kept["savings"] = [held(a + b) for a, b in zip(old, pulls, strict=True)]
            ahead = [held(known["friction"] * savings) for savings in saved] if rule == "Nesterov" else []
            pulls = [held(pull + more) for pull, more in zip(pulls, ahead, strict=True)] if ahead else saved
        if rule == "AdaGrad":
            jar = [held(a + held(p * p)) for a, p in zip(self._memory("square_jar", len(pulls)), pulls, strict=True)]
            self.kept["square_jar"] = jar
            return [held(held(rate * pull) / self._divisor(square)) for pull, square in zip(pulls, jar, strict=True)]
        if rule == "Adam":
            means = self._jar("mean", pulls)
            squares = self._jar("square", [held(pull * pull) for pull in pulls])
            return [
                held(held(rate * mean) / self._divisor(square)) for mean, square in zip(means, squares, strict=True)
            ]
        return [held(rate * pull) for pull in pulls]

    def _jar(self, which: str, pulls: list[Fraction]) -> list[Fraction]:
        """Adam's: it leaks, and what it holds is divided by how full it is by now."""
        keep, name = self.settings.constants[f"keep_{which}"], f"{which}_jar"
        rest = held(1 - keep)
        jar = self._memory(name, len(pulls))
        jar = self.kept[name] = [held(held(keep * a) + held(rest * b)) for a, b in zip(jar, pulls, strict=True)]
        fill = self.fill[which] = held(held(keep * self.fill[which]) + rest)
        return [held(a / fill) for a in jar]

    def _divisor(self, square: Fraction) -> Fraction:
        epsilon = self.settings.constants["epsilon"]
        if self.settings.fault == "epsilon-inside-root":
            return root(held(square + epsilon))
        return held(root(square) + epsilon)

    def _repeats(self) -> list[int]:
        """1; for a bias the number of its layer's inputs."""
        found = []
        for matrix, bias in zip(self.weights, self.settings.bias, strict=True):
            inputs = len(matrix) - bias
            found += [inputs if bias and row == inputs else 1 for row, line in enumerate(matrix) for _ in line]
        return found
