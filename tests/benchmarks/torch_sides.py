"""PyTorch's sides of the engine benchmark; importing this needs torch, which the tests and the package do not.

BackPACK and Opacus are two more, each when it is installed.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import torch
from torch.func import functional_call, grad, vmap
from torch.nn.utils._per_sample_grad import call_for_per_sample_grads

backpack = opacus = None
with contextlib.suppress(ImportError):
    import backpack
    from backpack.extensions import BatchGrad
with contextlib.suppress(ImportError):
    import opacus

if TYPE_CHECKING:
    from engine import Job

RATE = 0.1
Step = Callable[..., None]
warnings.filterwarnings("ignore", message="Full backward hook is firing")


def sides(job: Job) -> dict[str, Callable[[int], tuple[float, float]]]:
    """Each way by its name, as a function of epochs that gives wall time and this thread's processor time."""
    found = {
        "torch, batch gradient only": lambda epochs: _timed(job, _plain, epochs),
        "torch ExpandedWeights": lambda epochs: _timed(job, _expanded, epochs),
        "torch vmap(grad)": lambda epochs: _timed(job, _vmapped, epochs),
    }
    if backpack is not None:
        found["BackPACK BatchGrad"] = lambda epochs: _timed(job, _backpacked, epochs, backpack.extend)
    if opacus is not None:
        found["Opacus GradSampleModule"] = lambda epochs: _timed(job, _sampled, epochs, _with_samples)
    return found


def _timed(
    job: Job, step: Step, epochs: int, prepare: Callable[[torch.nn.Module], torch.nn.Module] = lambda model: model
) -> tuple[float, float]:
    n, h, m = job.widths
    activation = torch.nn.Tanh() if job.hidden == "tanh" else torch.nn.ReLU()
    model = torch.nn.Sequential(torch.nn.Linear(n, h), activation, torch.nn.Linear(h, m)).double()
    with torch.no_grad():
        for weight, start in zip(model.parameters(), job.weights(), strict=True):
            weight[:] = torch.from_numpy(start.T)
    model = prepare(model)
    inputs, targets = map(torch.from_numpy, job.data())
    wall, own = perf_counter(), thread_time()
    for _ in range(epochs):
        for place in range(0, job.rows, job.batch):
            step(job, model, inputs[place : place + job.batch], targets[place : place + job.batch])
    elapsed = perf_counter() - wall, thread_time() - own
    job.check([weight.detach().numpy().T for weight in model.parameters()], epochs)
    return elapsed


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
    _commit(model, "grad_sample")


def _vmapped(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    weights = {name: weight.detach() for name, weight in model.named_parameters()}

    def one(weights: dict[str, torch.Tensor], x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return _loss(job, functional_call(model, weights, (x[None],)), t[None])

    slices = vmap(grad(one), in_dims=(None, 0, 0))(weights, x, t)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight -= RATE * slices[name].mean(dim=0)


def _backpacked(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    with backpack.backpack(BatchGrad()):
        _loss(job, model(x), t).backward()
    _commit(model, "grad_batch")


def _with_samples(model: torch.nn.Module) -> torch.nn.Module:
    return opacus.GradSampleModule(model, loss_reduction="sum")


def _sampled(job: Job, model: torch.nn.Module, x: torch.Tensor, t: torch.Tensor) -> None:
    _loss(job, model(x), t).backward()
    _commit(model, "grad_sample")


def _commit(model: torch.nn.Module, slices: str) -> None:
    """Every weight moves by its slices' mean; slices: the name under which they were left, and are taken away."""
    with torch.no_grad():
        for weight in model.parameters():
            weight -= RATE * getattr(weight, slices).mean(dim=0)
            setattr(weight, slices, None)
            weight.grad = None
