"""What looks at several samples of a batch at once, and is therefore refused, however it is spelled: its coins would
belong to nobody."""

from __future__ import annotations

import re

from piggybank.engine.data import DataError
from piggybank.wording import quote

LAYERS = ("batchnorm", "batchrenorm", "batchsoftmax", "overthebatch", "minibatchdiscrimination", "minibatchstd")
LOSSES = (
    "contrastive", "triplet", "quadruplet", "npair", "infonce", "ntxent", "siamese", "simclr", "supcon", "barlowtwin",
    "vicreg", "lifted", "multisimilarity", "mmd", "meandiscrepancy",
)  # fmt: skip
"""Parts of names, in small letters with nothing between them."""


def refuse(thing: object) -> None:
    """DataError with the reason for a layer or a loss that couples samples, by its name; nothing for any other."""
    name = thing if isinstance(thing, str) else str(getattr(thing, "__name__", type(thing).__name__))
    plain = re.sub(r"[\W_]", "", name.lower())
    if any(part in plain for part in LAYERS) or plain == "bn":
        raise DataError(
            f"{quote(name)} would mix the samples of a batch before the bank, so that a coin belonged to several rows "
            "at once and nobody could say whose it is; leave it out, and scale the inputs beforehand instead"
        )
    if any(part in plain for part in LOSSES):
        raise DataError(
            f"{quote(name)} compares the samples of a batch with one another, so that a coin would belong to several "
            "rows at once; losses here look at one sample at a time, such as 'squared error' or 'cross-entropy'"
        )
