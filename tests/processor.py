"""Which optional features of the processor numpy uses, so that runs can be compared without them."""

from __future__ import annotations

try:
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
except ImportError:  # before numpy 2
    from numpy.core._multiarray_umath import __cpu_dispatch__, __cpu_features__


def found_features() -> list[str]:
    """As numpy's own report lists them."""
    return [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
