"""T10, where PyTorch is installed: per-sample gradients, and a hundred steps of every rule beside its optimizers.

The conventions are the same but for two: PyTorch's clip_grad_norm_ divides by norm + 1e-6, ours by the norm, so here it
is clipped by hand; and Adam's corrections are 1 - beta^t there, fill levels here, which differ by rounding only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from piggybank import SGD, AdaGrad, Adam, AdamW, Dense, Momentum, Nesterov, Network, RMSProp, Rule, Run
from piggybank.ledger import bank

torch = pytest.importorskip("torch")
Figure = Callable[[str, object], None]

RATE, STEPS = 0.01, 100
CLIP = 0.05


def optimizer(name: str, **settings: Any) -> Callable[[list[Any]], Any]:
    return lambda parameters: getattr(torch.optim, name)(parameters, lr=RATE, **settings)


RULES: dict[str, tuple[Rule, Callable[[list[Any]], Any]]] = {
    "SGD": (SGD(RATE), optimizer("SGD")),
    "SGD, weight decay": (SGD(RATE, weight_decay=0.1), optimizer("SGD", weight_decay=0.1)),
    "Momentum": (Momentum(RATE, 0.9), optimizer("SGD", momentum=0.9)),
    "Nesterov, weight decay": (
        Nesterov(RATE, 0.9, weight_decay=0.1),
        optimizer("SGD", momentum=0.9, nesterov=True, weight_decay=0.1),
    ),
    "AdaGrad": (AdaGrad(RATE), optimizer("Adagrad", eps=1e-10)),
    "RMSProp": (RMSProp(RATE), optimizer("RMSprop")),
    "Adam": (Adam(RATE), optimizer("Adam")),
    "Adam, weight decay": (Adam(RATE, weight_decay=0.1), optimizer("Adam", weight_decay=0.1)),
    "AdamW": (AdamW(RATE), optimizer("AdamW")),
    "SGD, clipped by value": (SGD(RATE, clip_value=CLIP), optimizer("SGD")),
    "SGD, clipped by norm": (SGD(RATE, clip_norm=CLIP), optimizer("SGD")),
}


def data() -> tuple[Any, Any]:
    numbers = np.random.default_rng(3)
    return numbers.uniform(-1, 1, (12, 4)), numbers.uniform(-1, 1, (12, 2))


def run_of(rule: Rule) -> Run:
    network = Network(Dense(4, 5, "tanh"), Dense(5, 2), seed=6)
    return Run(network, data(), rule=rule, batch_size=4).train(batches=STEPS)


def parameters_of(run: Run, batch: int) -> list[Any]:
    return [torch.tensor(matrix, dtype=torch.float64, requires_grad=True) for matrix in run.ledger.weights_at(batch)]


def losses(parameters: list[Any], rows: list[int]) -> Any:
    inputs, targets = (torch.tensor(part[rows]) for part in data())
    hidden = torch.tanh(inputs @ parameters[0][:-1] + parameters[0][-1])
    outputs = hidden @ parameters[1][:-1] + parameters[1][-1]
    return ((outputs - targets) ** 2 / 2).sum(dim=1)


def distance(ours: Any, theirs: Any) -> float:
    """Relative to the largest of theirs; where theirs are all 0, as behind a dead ReLU, ours must be too."""
    far, size = float(np.abs(ours - theirs).max()), float(np.abs(theirs).max())
    return far / size if far else 0.0


def test_every_coin_is_pytorchs_gradient_of_that_samples_loss(figure: Figure) -> None:
    run, worst = run_of(SGD(RATE)), 0.0
    for batch in (1, 50, 100):
        record = run.ledger.batch(batch)
        for sample in range(record.count):
            parameters = parameters_of(run, batch - 1)
            losses(parameters, list(record.rows))[sample].backward()
            for layer, parameter in enumerate(parameters):
                coins = bank.all_slices(run.ledger.header, record, layer, sample + 1)
                worst = max(worst, distance(coins, parameter.grad.numpy()))
    figure("T10 per-sample gradients against PyTorch, largest relative difference", f"{worst:.1e}")
    assert worst <= 1e-12


functional = torch.nn.functional
HIDDEN: dict[str, Callable[[Any], Any]] = {
    "relu": torch.relu,
    "leaky relu": functional.leaky_relu,
    "elu": functional.elu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
HEADS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "squared error": ("linear", lambda z, t: (functional.mse_loss(z, t, reduction="none") / 2).sum(1)),
    "absolute error": ("linear", lambda z, t: functional.l1_loss(z, t, reduction="none").sum(1)),
    "huber 0.5": ("linear", lambda z, t: functional.huber_loss(z, t, reduction="none", delta=0.5).sum(1)),
    "binary cross-entropy": (
        "sigmoid",
        lambda z, t: functional.binary_cross_entropy_with_logits(z, t, reduction="none").sum(1),
    ),
    "cross-entropy": ("softmax", lambda z, t: functional.cross_entropy(z, t, reduction="none")),
}
"""For every loss its last activation, and PyTorch's losses of (weighted sums, targets), one for each sample."""


def targets_for(loss: str) -> Any:
    numbers = np.random.default_rng(5)
    if "cross-entropy" in loss:
        return np.eye(3)[numbers.integers(0, 3, 12)]
    return numbers.uniform(-2, 2, (12, 3))


def furthest_coin(hidden: str, loss: str) -> float:
    """The largest distance of a coin from PyTorch's gradient in six batches."""
    last, head = HEADS[loss]
    network = Network(Dense(4, 5, hidden), Dense(5, 3, last), seed=8)
    rows = 2 * data()[0], targets_for(loss)
    run = Run(network, rows, rule=SGD(0.25), loss=loss, batch_size=4).train(batches=6)
    found = []
    for record in run.ledger:
        parameters = parameters_of(run, record.batch - 1)
        inputs, targets = (torch.tensor(part[list(record.rows)]) for part in rows)
        sums = HIDDEN[hidden](inputs @ parameters[0][:-1] + parameters[0][-1]) @ parameters[1][:-1] + parameters[1][-1]
        for sample, own in enumerate(head(sums, targets), 1):
            for layer, gradient in enumerate(torch.autograd.grad(own, parameters, retain_graph=True)):
                coins = bank.all_slices(run.ledger.header, record, layer, sample)
                found.append(distance(coins, gradient.numpy()))
    assert not np.isnan(found).any()
    return max(found)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_coins_under_every_loss_are_pytorchs_gradients(hidden: str, figure: Figure) -> None:
    worst = max(furthest_coin(hidden, loss) for loss in HEADS)
    figure(f"T10 coins with {hidden}, every loss, against PyTorch, largest relative difference", f"{worst:.1e}")
    assert worst <= 1e-12


@pytest.mark.parametrize("name", RULES)
def test_a_hundred_steps_end_where_pytorchs_optimizer_ends(name: str, figure: Figure) -> None:
    rule, make = RULES[name]
    run = run_of(rule)
    parameters = parameters_of(run, 0)
    chosen = make(parameters)
    for record in run.ledger:
        chosen.zero_grad()
        losses(parameters, list(record.rows)).mean().backward()
        if "value" in name:
            torch.nn.utils.clip_grad_value_(parameters, CLIP)
        if "norm" in name:
            norm = torch.sqrt(sum((parameter.grad**2).sum() for parameter in parameters))
            for parameter in parameters:
                parameter.grad *= min(1.0, CLIP / norm)
        chosen.step()
    pairs = zip(run.ledger.weights_at(STEPS), parameters, strict=True)
    worst = max(distance(ours, theirs.detach().numpy()) for ours, theirs in pairs)
    figure(f"T10 {name}, weights after {STEPS} steps against PyTorch, relative difference", f"{worst:.1e}")
    assert worst <= 1e-12
