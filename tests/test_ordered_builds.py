"""Builds of numpy differ in the order they add in: a probe finds what this one does, and the bits stay the same."""

from __future__ import annotations

import hashlib
import itertools
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nets import bits
from processor import found_features
from sums import numbers

from piggybank import ordered, unwrapped

Figure = Callable[[str, object], None]


ROOT = Path(__file__).resolve().parent.parent


def test_the_probe_accepts_sums_in_order_and_refuses_others() -> None:
    def in_order(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (ordered.slow_weighted_sums if subscripts == "bi,io->bo" else ordered.slow_bank_totals)(a, b)

    def backwards(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        if subscripts == "bi,io->bo":
            return ordered.slow_weighted_sums(a[:, ::-1], b[::-1])
        return ordered.slow_bank_totals(a[::-1], b[::-1])

    def fused(subscripts: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One rounding for multiply and add, as on processors whose build fuses them."""
        wide = [np.asarray(part, dtype=np.longdouble) for part in (a, b)]
        left, right = wide if subscripts == "bi,io->bo" else (wide[0].T, wide[1])
        total = np.zeros((left.shape[0], right.shape[1]))
        for i in range(left.shape[1]):
            total = (total + left[:, i : i + 1] * right[i]).astype(np.float64)
        return total

    def only_turned(kind: Callable[..., np.ndarray], place: int) -> Callable[..., np.ndarray]:
        """In order, but for the layout that the probe looks at in that place."""
        calls = itertools.count()
        return lambda *given: (kind if next(calls) % 6 == place else in_order)(*given)

    def accepted(kind: Callable[..., np.ndarray]) -> bool:
        def einsum(*given: Any, out: np.ndarray) -> None:
            out[...] = kind(*given)

        return ordered.keeps_order(einsum)

    assert accepted(in_order)
    assert not accepted(backwards)
    assert not any(accepted(only_turned(backwards, place)) for place in range(6))
    if np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant:
        assert not accepted(fused)


@pytest.mark.parametrize("sums", [ordered.product_by_product, ordered.sum_by_sum])
def test_where_einsum_does_not_keep_the_order_the_sums_are_the_same(
    sums: ordered.Sums, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, weights, blame = numbers((5, 9), 1, True), numbers((9, 4), 2, True), numbers((5, 4), 3, True)

    def all_sums() -> list[list[bytes]]:
        return [
            bits(ordered.weighted_sums(x, weights)),
            bits(ordered.bank_totals(x, blame)),
            bits(ordered.blame_shares(blame, weights)),
        ]

    quick = all_sums()
    monkeypatch.setattr(ordered, "sums_of_products", sums)
    assert all_sums() == quick


def test_a_build_whose_einsum_fuses_or_reorders_takes_the_next_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def reordering(subscripts: str, one: np.ndarray, other: np.ndarray, *, out: np.ndarray) -> None:
        ordered.sum_by_sum(subscripts, one[:, ::-1] if subscripts == "bi,io->bo" else one[::-1], other[::-1], out=out)

    monkeypatch.setattr(unwrapped, "einsum", reordering)
    found = runpy.run_path(ordered.__file__)
    assert found["sums_of_products"] is found["product_by_product"]


# The same bits at other CPU levels ------------------------------------------------------------------------------------

DIGEST = """
import hashlib, sys
sys.path.insert(0, "tests")
from nets import RUNS
from processor import found_features
digest = hashlib.sha256()
for name in sorted(RUNS):
    run = RUNS[name]().train(epochs=6)
    for batch in range(len(run.ledger) + 1):
        for matrix in run.ledger.weights_at(batch):
            digest.update(matrix.astype("<f8").tobytes())
print(digest.hexdigest())
print(" ".join(found_features()))
"""


def digest_here() -> str:
    from nets import RUNS

    digest = hashlib.sha256()
    for name in sorted(RUNS):
        run = RUNS[name]().train(epochs=6)
        for batch in range(len(run.ledger) + 1):
            for matrix in run.ledger.weights_at(batch):
                digest.update(matrix.astype("<f8").tobytes())
    return digest.hexdigest()


def test_a_run_gives_the_same_bits_at_lower_cpu_levels(figure: Figure) -> None:
    features = found_features()
    if not features:
        pytest.skip("this numpy uses no optional CPU feature here")
    levels = [features, features[len(features) // 2 :]]
    here = digest_here()
    for level in levels:
        environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(level), "PYTHONPATH": str(ROOT)}
        result = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        digest, used = result.stdout.splitlines()
        assert not set(used.split()) & set(level)  # they really are off
        assert digest == here, f"without {' '.join(level)}"
    figure("T16 CPU levels compared besides this machine's own", len(levels))


def test_without_numpys_inner_functions_its_public_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy._core.multiarray", None)
    found = runpy.run_path(unwrapped.__file__)
    assert (found["einsum"], found["count"], found["clip"]) == (np.einsum, np.count_nonzero, np.clip)


FORKED = """
import os, signal, sys
import numpy as np
from piggybank import halves
halves.PROCESSORS, out = 2, np.zeros((4, 3))
ones = np.ones((4, 2)), np.ones((2, 3))
halves.weighted_sums(*ones, out)
child = os.fork()
out[:] = 0.0
if not child:
    signal.alarm(20)
halves.weighted_sums(*ones, out)
assert (out == 2.0).all()
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_a_forked_process_adds_up_in_halves_too() -> None:
    """It has no threads but the one that forked, and would wait for the other for ever."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
