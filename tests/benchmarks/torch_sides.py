"""PyTorch's sides of the engine benchmark; importing this needs torch, which the tests and the package do not."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import torch
from torch.func import functional_call, grad, vmap
from torch.nn.utils._per_sample_grad import call_for_per_sample_grads

if TYPE_CHECKING:
    from engine import Job

PLAIN = "torch, batch gradient only"
RATE = 0.1


def sides(job: Job) -> dict[str, Callable[[int], tuple[float, float]]]:
    """Each way by its name, as a function of epochs that gives wall time and this thread's processor time."""
    return {
        PLAIN: lambda epochs: _timed(job, _plain, epochs),
        "torch ExpandedWeights": lambda epochs: _timed(job, _expanded, epochs),
        "torch vmap(grad)": lambda epochs: _timed(job, _vmapped, epochs),
    }


def _timed(job: Job, step: Callable[..., None], epochs: int) -> tuple[float, float]:
    n, h, m = job.widths
    activation = torch.nn.Tanh() if job.hidden == "tanh" else torch.nn.ReLU()
    model = torch.nn.Sequential(torch.nn.Linear(n, h), activation, torch.nn.Linear(h, m)).double()
    inputs, targets = map(torch.from_numpy, job.data())
    wall, own = perf_counter(), thread_time()
    for _ in range(epochs):
        for place in range(0, job.rows, job.batch):
            step(job, model, inputs[place : place + job.batch], targets[place : place + job.batch])
    return perf_counter() - wall, thread_time() - own


def _loss(job: Job, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Summed over the samples."""
    if job.softmax:
        return torch.nn.functional.cross_entropy(outputs, targets, reduction="sum")
    return ((outputs - targets) ** 2).sum() / 2


def _plain(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    model.zero_grad()
    (_loss(job, model(x), t) / len(x)).backward()
    with torch.no_grad():
        for weight in model.parameters():
            weight -= RATE * weight.grad


def _expanded(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    outputs = call_for_per_sample_grads(model, batch_size=len(x), loss_reduction="sum")(x)
    _loss(job, outputs, t).backward()
    with torch.no_grad():
        for weight in model.parameters():
            weight -= RATE * weight.grad_sample.mean(dim=0)
            weight.grad_sample = None
            weight.grad = None


def _vmapped(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    weights = {name: weight.detach() for name, weight in model.named_parameters()}

    def one(weights: dict[str, torch.Tensor], x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return _loss(job, functional_call(model, weights, (x[None],)), t[None])

    slices = vmap(grad(one), in_dims=(None, 0, 0))(weights, x, t)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight -= RATE * slices[name].mean(dim=0)
