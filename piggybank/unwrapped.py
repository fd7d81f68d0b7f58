"""Three numpy functions without the Python around them, which costs more than what they do to a few hundred numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    from numpy._core.multiarray import c_einsum, count_nonzero
    from numpy._core.umath import clip as bare_clip  # type: ignore[attr-defined]  # a ufunc that stubs leave out
except ImportError:  # before numpy 2, or after a change inside numpy
    c_einsum, count_nonzero, bare_clip = np.einsum, np.count_nonzero, np.clip

einsum: Callable[..., Any] = c_einsum
count: Callable[[Any], int] = count_nonzero
clip: Callable[..., Any] = bare_clip
