"""Palmer penguins, real measurements, as small balanced data sets whose inputs are exact in float64."""

from __future__ import annotations

import csv
from itertools import chain

import numpy as np

from piggybank.engine.classes import one_hot
from piggybank.engine.dataset import Dataset, two_words_label
from piggybank.scaling import Scaling, as_counts
from piggybank.shipped import asset_path

PENGUIN_SOURCE = (
    "Palmer penguins, CC0: Gorman KB, Williams TD, Fraser WR (2014), PLoS ONE 9(3): e90081; "
    "palmerpenguins package (Horst, Hill, Gorman 2020)"
)
COLUMNS = {
    "bill": ("bill_length_mm", "bill_mm", Scaling(10, 440, 64)),
    "bill depth": ("bill_depth_mm", "depth_mm", Scaling(10, 170, 16)),
    "flipper": ("flipper_length_mm", "flipper_mm", Scaling(1, 200, 16)),
    "mass": ("body_mass_g", "mass_g", Scaling(1, 4200, 1024)),
}
"""By the input's name: the table's column, what the scaling calls it, and the scaling."""
EVERY = {"Adelie": 12, "Chinstrap": 5, "Gentoo": 10}
"""Of each species every 12th (5th, 10th) measured bird is taken, 12 in all, so that the whole table is covered."""

Row = tuple[int, dict[str, str]]


def _chosen(species: tuple[str, ...], columns: list[str]) -> list[Row]:
    """12 birds of each species in turn, so that every batch holds them all, with their lines in the table."""
    with asset_path("data/penguins.csv").open(encoding="utf-8", newline="") as file:
        table = list(enumerate(csv.DictReader(file), start=2))
    measured = [row for row in table if "NA" not in [row[1][COLUMNS[name][0]] for name in columns]]
    birds = [[row for row in measured if row[1]["species"] == name][:: EVERY[name]][:12] for name in species]
    return list(chain.from_iterable(zip(*birds, strict=True)))


def _dataset(name: str, species: tuple[str, ...], columns: list[str]) -> Dataset:
    rows = _chosen(species, columns)
    inputs, scalings = [], []
    for column in columns:
        measured, spoken, scaling = COLUMNS[column]
        texts = [row[measured] for _, row in rows]
        counts, unit = as_counts(texts)
        inputs.append(scaling.scaled([count * (scaling.unit // unit) for count in counts]))
        scalings.append(scaling.text(spoken))
    places = [species.index(row["species"]) for _, row in rows]
    two = len(species) == 2
    return Dataset(
        name,
        np.array(inputs).T,
        np.array(places, dtype=np.float64) if two else one_hot(places, len(species)),
        tuple(columns),
        (two_words_label("species", *species),) if two else species,
        tuple(f"{row['species']} {line}" for line, row in rows),
        PENGUIN_SOURCE,
        species,
        tuple(scalings),
    )


def penguins() -> Dataset:
    """Lesson 12: 12 Adelie (target 0) and 12 Gentoo (1) in turn, bill and flipper.

    Among the rows whose bill and flipper were measured: the 1st, 13th, 25th … Adelie, the 1st, 11th, 21st … Gentoo.
    A row is named after its species and its line in assets/data/penguins.csv.
    """
    return _dataset("penguins", ("Adelie", "Gentoo"), ["bill", "flipper"])


def penguins_3() -> Dataset:
    """All three species, 12 of each in turn, one column a class, with four measurements."""
    return _dataset("penguins 3", ("Adelie", "Chinstrap", "Gentoo"), ["bill", "bill depth", "flipper", "mass"])
