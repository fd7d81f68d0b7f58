"""Formulas that are made up, and numbers at the edges of what a float holds."""

from __future__ import annotations

import math

from hypothesis import strategies as st

EDGES = [0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 5e-324, -5e-324, 1e308, -1e308, 745.2, -745.2, math.inf, -math.inf, math.nan]
leaves = st.sampled_from(["z", "a", "t", "1", "0.5", "3", "0.1"])


def compound(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(part, st.sampled_from("+-*/"), part).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    one = st.tuples(st.sampled_from(["exp", "log", "tanh", "sigmoid", "cos", "floor", "sqrt", "abs", "sign"]), part)
    pair = st.tuples(st.sampled_from(["max", "min"]), part, part).map(lambda p: f"{p[0]}({p[1]}, {p[2]})")
    choice = st.tuples(part, part, st.sampled_from(["<", ">=", "=="]), part, part)
    return st.one_of(
        two,
        one.map(lambda p: f"{p[0]}({p[1]})"),
        pair,
        part.map(lambda p: f"-({p})"),
        choice.map(lambda p: f"({p[0]} if {p[1]} {p[2]} {p[3]} else {p[4]})"),
    )


numbers = st.floats(allow_nan=False, width=64)
