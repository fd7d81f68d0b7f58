"""Refusals as the command line says them: the engine speaks of Python's arguments, the command has options."""

from __future__ import annotations

import re

OPTIONS = {
    "batch_size": "batch-size", "learning_rate": "learning-rate", "weight_decay": "weight-decay",
    "clip_norm": "clip-norm", "friction": "momentum", "accumulate": "accumulate", "validation": "validation",
    "shuffle": "shuffle", "reduce": "reduce", "target": "target", "inputs": "inputs", "scale": "scale",
    "loss": "loss", "rule": "rule", "seed": "seed", "sample": "sample",
}  # fmt: skip
"""Python's arguments, and the options that set them."""
_GIVEN = re.compile(rf"\b({'|'.join(OPTIONS)})=(?:'([^']*)'|\[[^\]]*\]|([\w.+-]+))?")
_SUBJECT = re.compile(rf"^({'|'.join(OPTIONS)}) (?=should|expects)")
PHRASES = (
    ("give arrays as one pair, load((inputs, targets)), and a built-in set by its name alone", "name a set alone"),
    ("leave scale out", "leave --scale out"),
    ("leave validation out", "leave --validation out"),
)


def in_options(message: str) -> str:
    """The sentence with `--batch-size 2` for `batch_size=2`, and so on."""
    for python, spoken in PHRASES:
        message = message.replace(python, spoken)
    message = _SUBJECT.sub(lambda found: f"--{OPTIONS[found[1]]} ", message)
    message = re.sub(r"\bDense\((\d+), (\d+)[^)]*\)", r"a layer from \1 to \2", message)
    return _GIVEN.sub(_option, message)


def _option(found: re.Match[str]) -> str:
    value = found[2] if found[2] is not None else found[3] or ""
    quoted = f'"{value}"' if " " in value else value
    return f"--{OPTIONS[found[1]]} {quoted}".rstrip()
