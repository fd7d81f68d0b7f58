"""Graphs of formulas as numpy calls that write into buffers made once: the same operations, elementwise, in order.

A call on a small array costs half a microsecond whatever it computes, so nothing is allocated, converted or looked up
while training: buffers, constants and functions are bound to the written text beforehand.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from piggybank.arithmetic import ARRAY, SCALAR
from piggybank.engine.array_functions import LARGEST, WRITTEN_OUT, written_out
from piggybank.engine.graph import Graph
from piggybank.ordered import Array
from piggybank.unwrapped import clip, count

Shape = tuple[int, ...]
BINARY = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
COMPARE = {
    ">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal", "==": "equal", "!=": "not_equal",
}  # fmt: skip
INTO = {"sqrt", "abs", "tanh", "exp", "sigmoid", "log"}
"""Functions that take the array to write into as their second argument."""

FEW = 4
"""Up to so many rows are taken one by one."""


class UnsupportedError(Exception):
    """This cannot be written as array calls; the readable path takes it."""


@dataclass(frozen=True)
class Operand:
    """What a text stands for: an array of that shape, or a Python float (shape None). own: nobody else's buffer."""

    text: str
    shape: Shape | None
    own: bool = False


class Program:
    """Statements, and the objects that their names stand for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bound: dict[str, Any] = {name: getattr(np, name) for name in (*BINARY.values(), *COMPARE.values())}
        self.bound.update((f"call_{name}", function) for name, function in ARRAY.items())
        self.bound.update((f"one_{name}", function) for name, function in SCALAR.items())
        self.bound.update((name, getattr(np, name)) for name in ("absolute", "bitwise_and", "left_shift"))
        self.bound.update(
            negative=np.negative, where=np.where, accumulate=np.add.accumulate, maximum=np.maximum, clip=clip
        )
        self.bound.update(highest=np.maximum.reduce, count=count, largest=_largest, nan=np.nan)
        self._free: dict[Shape, list[str]] = {}

    def bind(self, value: Any) -> str:
        """A name for the object."""
        name = f"b{len(self.bound)}"
        self.bound[name] = value
        return name

    def buffer(self, shape: Shape) -> str:
        """An array to use until it is given back."""
        free = self._free.get(shape)
        return free.pop() if free else self.bind(np.zeros(shape))

    def give_back(self, name: str, shape: Shape) -> None:
        self._free.setdefault(shape, []).append(name)

    def row(self, name: str, row: int, shape: Shape) -> str:
        """A name for a row of an array of that shape; of others the array itself."""
        array = self.bound[name]
        return self.bind(array[row]) if array.shape == shape else name

    def write_out(self, function: str, x: str, out: str, shape: Shape) -> None:
        """A function of `portable_arrays`, its calls one by one, on arrays of that shape."""
        self.lines.extend(written_out(function, x, out, shape, self.bind, self.bound))

    def say(self, line: str) -> None:
        self.lines.append(line)


def _largest(terms: Array, out: Array) -> None:
    """The first of the largest along the first axis, nan if one is: for zeros of both signs."""
    place = np.argmax(terms, axis=0, keepdims=True)
    out[...] = np.take_along_axis(terms, place, axis=0)[0]


class ArrayWriter:
    """Writes the wanted nodes of one graph into their targets.

    variables: an operand for each variable's name; shape: of everything a reduction runs over, along its first axis.
    """

    def __init__(self, program: Program, graph: Graph, variables: Mapping[str, Operand], shape: Shape) -> None:
        self._program, self._graph, self._variables, self._shape = program, graph, variables, shape
        self._operands: dict[int, Operand] = {}

    def write(self, wanted: Sequence[tuple[int, Operand]]) -> dict[int, Operand]:
        """The statements, in order; returns each wanted node's operand, which is its target where that is an array."""
        graph, needed = self._graph, self._graph.needed([node for node, _ in wanted])
        uses = Counter(node for node, _ in wanted)
        for node in needed:
            uses.update(graph.keys[node][2:])
        targets = dict(wanted)
        for node in sorted(needed):
            self._operands[node] = self._carry_out(node, targets.get(node), uses)
            for part in graph.keys[node][2:]:
                uses[part] -= 1
                self._release(part, uses)
        for node, target in wanted:
            if target.shape is not None and self._operands[node].text != target.text:
                self._program.say(f"{target.text}[...] = {self._operands[node].text}")
        return {node: self._operands[node] for node, _ in wanted}

    def _release(self, node: int, uses: Counter[int]) -> None:
        operand = self._operands[node]
        if uses[node] == 0 and operand.own and operand.shape is not None:
            self._program.give_back(operand.text, operand.shape)
            self._operands[node] = Operand(operand.text, operand.shape)

    def _carry_out(self, node: int, target: Operand | None, uses: Counter[int]) -> Operand:
        kind, detail, *parts = self._graph.keys[node]
        if kind == "variable":
            return self._variables[detail]
        if kind == "constant":
            return Operand(detail, None)
        operands = [self._operands[part] for part in parts]
        if kind == "reduction":
            return self._reduction(detail, parts[0])
        if all(operand.shape is None for operand in operands):
            return self._scalar(node, kind, detail, [operand.text for operand in operands])
        texts = [self._array_text(operand) for operand in operands]
        shape = np.broadcast_shapes(*(operand.shape for operand in operands if operand.shape is not None))
        if kind == "choose" or (kind == "call" and detail not in INTO):
            return self._allocating(node, kind, detail, texts, shape)
        out = target if target is not None and target.shape == shape else self._out(parts, shape, uses)
        if kind == "binary":
            self._binary(BINARY[detail], operands, texts, out)
        elif detail in WRITTEN_OUT and self._is_written_out(out):
            function = "exp to 1" if detail == "exp" and self._never_above_0(parts[0]) else detail
            self._program.write_out(function, texts[0], out.text, shape)
        else:
            function = "negative" if kind == "negate" else f"call_{detail}"
            self._program.say(f"{function}({texts[0]}, {out.text})")
        return out

    def _is_written_out(self, out: Operand) -> bool:
        """Whether calls may go into it one by one: of the state that a batch leaves, every batch has an array anew."""
        return out.text in self._program.bound and math.prod(out.shape or ()) <= LARGEST

    def _binary(self, function: str, operands: Sequence[Operand], texts: Sequence[str], out: Operand) -> None:
        """Row by row where an operand is one row for all and they are few: broadcasting costs a microsecond."""
        program, shape = self._program, out.shape or ()
        names = [*texts, out.text]
        arrays = [program.bound.get(name) for name in names]
        one_row = any(operand.shape == shape[1:] for operand in operands)
        if not one_row or shape[0] > FEW or any(array is None for array in arrays):
            return program.say(f"{function}({', '.join(names)})")
        for row in range(shape[0]):
            program.say(f"{function}({', '.join(program.row(name, row, shape) for name in names)})")

    def _out(self, parts: Sequence[int], shape: Shape, uses: Counter[int]) -> Operand:
        """A buffer to write into: an operand's own, when this is its last use."""
        for part in parts:
            operand = self._operands[part]
            if operand.own and operand.shape == shape and uses[part] == parts.count(part):
                self._operands[part] = Operand(operand.text, operand.shape)
                return operand
        return Operand(self._program.buffer(shape), shape, own=True)

    def _array_text(self, operand: Operand) -> str:
        """As an argument of a numpy call: constants as arrays without dimensions, which are taken fastest."""
        if operand.shape is not None or (operand.text.isidentifier() and operand.text not in ("nan", "inf")):
            return operand.text
        return self._program.bind(np.array(float(operand.text)))

    def _scalar(self, node: int, kind: str, detail: str, texts: list[str]) -> Operand:
        texts = [f"({text})" for text in texts]
        name = f"v{len(self._program.lines)}_{node}"
        expression = {
            "binary": f" {detail} ".join(texts),
            "negate": f"-{texts[0]}",
            "call": f"one_{detail}({', '.join(texts)})",
            "choose": f"{texts[2]} if {texts[0]} {detail} {texts[1]} else {texts[3]}" if len(texts) == 4 else "",
        }[kind]
        self._program.say(f"{name} = {expression}")
        return Operand(name, None)

    def _allocating(self, node: int, kind: str, detail: str, texts: list[str], shape: Shape) -> Operand:
        """Calls that make a new array, as numpy has no other."""
        name = f"v{len(self._program.lines)}_{node}"
        if kind == "choose":
            self._program.say(f"{name} = where({COMPARE[detail]}({texts[0]}, {texts[1]}), {texts[2]}, {texts[3]})")
        else:
            self._program.say(f"{name} = call_{detail}({', '.join(texts)})")
        return Operand(name, shape)

    def _never_above_0(self, node: int) -> bool:
        """Whether it takes the largest of a node from that node, as softmax does."""
        kind, detail, *parts = self._graph.keys[node]
        return (kind, detail) == ("binary", "-") and self._graph.keys[parts[1]] == ("reduction", "largest", parts[0])

    def _reduction(self, function: str, node: int) -> Operand:
        """Along the first axis: one number for all weights, or one row for a layer whose neurons are rows."""
        operand = self._operands[node]
        if operand.shape != self._shape:
            raise UnsupportedError("a reduction of what is the same everywhere")
        program, rest = self._program, self._shape[1:]
        out = program.bind(np.zeros(rest))
        rows = self._rows(operand)
        if function == "sum" and rows:
            never_minus_0 = self._graph.keys[node][:2] == ("call", "exp")  # then 0 and the first one add up to that one
            so_far = rows.pop(0) if never_minus_0 and len(rows) > 1 else program.bind(np.array(0.0))
            for row in rows:
                program.say(f"add({so_far}, {row}, {out})")
                so_far = out
        elif function == "sum":
            running = np.zeros(self._shape)
            program.say(f"accumulate({operand.text}, 0, None, {program.bind(running)})")
            program.say(f"add({program.bind(running[-1, ...])}, {program.bind(np.array(0.0))}, {out})")
        else:
            if len(rows) > 1:
                program.say(f"maximum({rows[0]}, {rows[1]}, out={out})")
                for row in rows[2:]:
                    program.say(f"maximum({out}, {row}, out={out})")
            else:
                program.say(f"highest({operand.text}, 0, None, {out})")
            program.say(f"if count({out}) < {int(np.prod(rest))}: largest({operand.text}, {out})")
        if rest:
            return Operand(out, rest)
        name = f"v{len(program.lines)}_sum"
        program.say(f"{name} = {out}.item()")
        return Operand(name, None)

    def _rows(self, operand: Operand) -> list[str]:
        """Names of an array's rows, if they are few."""
        array = self._program.bound.get(operand.text)
        if array is None or len(self._shape) < 2 or len(array) > FEW:
            return []
        return [self._program.bind(row) for row in array]
