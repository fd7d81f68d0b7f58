"""The corpus of forged ledgers (T7), whole."""

from __future__ import annotations

import forged_faults  # noqa: F401  # each adds its own
import forged_files  # noqa: F401
import forged_forks  # noqa: F401
import forged_formulas  # noqa: F401
import forged_numbers  # noqa: F401
from forging import FORGERIES

__all__ = ["FORGERIES"]
