"""JAX's side of the engine benchmark; importing this needs jax, which the tests and the package do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from engine import Job

RATE = 0.1
jax.config.update("jax_enable_x64", True)


def sides(job: Job) -> dict[str, Callable[[int], tuple[float, float]]]:
    """As of `torch_sides`."""
    return {"jax jit(vmap(grad))": lambda epochs: _timed(job, epochs)}


@cache
def _step(job: Job) -> Callable[..., Any]:
    """A compiled batch: the weights after it, and every sample's slices, which are thereby really made."""
    activation = jnp.tanh if job.hidden == "tanh" else jax.nn.relu

    def loss(weights: Any, x: jax.Array, t: jax.Array) -> jax.Array:
        w1, b1, w2, b2 = weights
        outputs = activation(x @ w1 + b1) @ w2 + b2
        return -(jax.nn.log_softmax(outputs) * t).sum() if job.softmax else ((outputs - t) ** 2).sum() / 2

    def step(weights: Any, x: jax.Array, t: jax.Array) -> Any:
        slices = jax.vmap(jax.grad(loss), in_axes=(None, 0, 0))(weights, x, t)
        return [weight - RATE * part.mean(axis=0) for weight, part in zip(weights, slices, strict=True)], slices

    return jax.jit(step)


def _timed(job: Job, epochs: int) -> tuple[float, float]:
    step, weights, (inputs, targets) = _step(job), [jnp.asarray(part) for part in job.weights()], job.data()
    places = [slice(place, place + job.batch) for place in range(0, job.rows, job.batch)]
    batches = [(jnp.asarray(inputs[place]), jnp.asarray(targets[place])) for place in places]
    wall, own = perf_counter(), thread_time()
    for _ in range(epochs):
        for x, t in batches:
            weights, slices = step(weights, x, t)
    jax.block_until_ready((weights, slices))
    elapsed = perf_counter() - wall, thread_time() - own
    job.check([np.asarray(part) for part in weights], epochs)
    return elapsed
