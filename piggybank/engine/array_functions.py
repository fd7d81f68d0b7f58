"""`portable_arrays.array_tanh` and `array_exp` call by call, with buffers of their own: on a hundred numbers, what a
function does before its first numpy call takes as long as two such calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from piggybank.portable_arrays import c as constants

LARGEST = 8192
"""Up to so many elements a function's calls are written out; beyond, it takes the array in pieces."""
FILLED = 256
"""Up to so many elements a constant is an array of them all, which numpy takes a little sooner than one number."""
BUFFERS: dict[str, Any] = {
    "p": np.float64, "m": np.float64, "q": np.float64, "s": np.float64, "rows": np.float64,
    "i": np.int64, "k": np.int64, "flag": np.bool_,
}  # fmt: skip
TANH = """
clip({x}, c.least, c.most, {p})
add({p}, c.round128, {m})
bitwise_and({m_bits}, c.low13, {i})
c.tanhs.take({i}, 1, {rows}, 'clip')
subtract({p}, {row0}, {p})
multiply({p}, {p}, {s})
multiply({s}, c.t7, {q})
add({q}, c.t5, {q})
multiply({q}, {s}, {q})
add({q}, c.minus_third, {q})
multiply({q}, {s}, {q})
add({q}, c.one, {q})
multiply({q}, {p}, {q})
multiply({row1}, {q}, {s})
add({s}, c.one, {s})
multiply({q}, {row2}, {q})
divide({q}, {s}, {q})
add({row1}, {q}, {out})
"""
EXP = """
if count(less_equal(absolute({x}, {p}), c.usual, {flag})) < {size}: call_exp({x}, {out})
else:
 multiply({x}, c.inv, {m})
 add({m}, c.round, {m})
 bitwise_and({m_bits}, c.low12, {i})
 c.exps.take({i}, 1, {two}, 'clip')
 bitwise_and({m_bits}, c.above12, {k})
 subtract({m}, c.round, {m})
 multiply({m}, c.high, {q})
 subtract({x}, {q}, {p})
 multiply({m}, c.low, {s})
 subtract({p}, {s}, {p})
 multiply({p}, c.sixth, {q})
 add({q}, c.half, {q})
 multiply({p}, {p}, {s})
 multiply({q}, {s}, {q})
 add({p}, {q}, {q})
 multiply({row0}, {q}, {q})
 add({row1}, {q}, {q})
 add({row0}, {q}, {q})
 left_shift({k}, c.forty, {k})
 add({q_bits}, {k}, {out_bits})
"""
EXP_TO_1 = EXP.replace("less_equal(absolute({x}, {p}), c.usual, {flag})", "greater_equal({x}, c.lowest, {flag})")
"""Of numbers that are never above 0."""
WRITTEN_OUT = {"tanh": TANH, "exp": EXP, "exp to 1": EXP_TO_1}
"""Where numbers are outside the usual range, the function itself is called."""


def written_out(
    function: str,
    x: str,
    out: str,
    shape: tuple[int, ...],
    bind: Callable[[Any], str],
    bound: Mapping[str, Any],
) -> list[str]:
    """The lines for arrays of that shape; bind gives an object a name, bound are the objects that have one."""
    names = {"x": x, "out": out, "size": str(int(np.prod(shape)))}
    for buffer, kind in BUFFERS.items():
        array = np.zeros((3, *shape) if buffer == "rows" else shape, kind)
        names[buffer] = bind(array)
        if buffer == "rows":
            names.update((f"row{k}", bind(array[k])) for k in range(3))
            names["two"] = bind(array[:2])
        elif kind is not np.bool_:
            names[f"{buffer}_bits"] = bind(array.view(np.int64))
    names["out_bits"] = bind(bound[out].view(np.int64))
    text = WRITTEN_OUT[function]
    filled = int(np.prod(shape)) <= FILLED
    for name, constant in vars(constants).items():
        if f"c.{name}," in text:
            text = text.replace(f"c.{name},", f"{bind(np.full(shape, constant) if filled else constant)},")
    for name in ("tanhs", "exps"):
        text = text.replace(f"c.{name}.take", f"{bind(getattr(constants, name))}.take")
    return text.format_map(names).strip("\n").split("\n")
