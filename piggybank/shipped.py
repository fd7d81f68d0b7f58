"""Where the files that come with piggybank live: beside the package once installed, at the top of a checkout before."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def share_path(folder: str, name: str = "") -> Path:
    """The path of `name` in the shipped `folder` ("assets" or "lessons"), installed or in a checkout.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for base in (_PACKAGE / "share", _PACKAGE.parent):
        path = base / folder / name
        if path.exists():
            return path
    raise FileNotFoundError(f"piggybank's own file {folder}/{name} is missing; install the package again")


def asset_path(name: str) -> Path:
    """The path of one shipped asset, such as "art/piggy.svg" or "data/penguins.csv"."""
    return share_path("assets", name)
