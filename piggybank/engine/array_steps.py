"""The fast path for networks beyond a few dozen weights: numpy calls on buffers that are made once.

Sums are those that `ordered.py` has found to run left to right, or running sums where a width is 1. The samples of a
batch lie in one vector (`planes.py`), and so does the state as the ledger keeps it, so that recording is two copies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from piggybank import halves
from piggybank.engine.array_writer import ArrayWriter, Operand, Program, UnsupportedError
from piggybank.engine.graph import Graph
from piggybank.engine.planes import ByNeuron, BySample, views
from piggybank.engine.task import LayerTask, Task
from piggybank.formula import Formula
from piggybank.ordered import Array, sums_of_products
from piggybank.recipe import Recipe, Reduction


class ArraySteps:
    """Batches of `count` samples; `before` (weights, then what the rule keeps) is shared between counts.

    `step(samples, after, *part, *numbers)`: where the ledger keeps its samples and what it leaves, what `planes.part`
    makes of inputs (count, inputs + 1 for a bias) and targets (count, outputs) in C order, and the task's varying
    numbers. It reads `before` and fills the first two. Raises UnsupportedError for a task that it cannot do, and
    ArithmeticError or ValueError in a step that needs the readable path.
    """

    def __init__(self, task: Task, count: int, before: Array) -> None:
        self.task, self.count = task, count
        self._program = Program()
        self._program.bound.update(sums=sums_of_products, weighted_sums=halves.weighted_sums)
        self.planes = planes_for(task, count)
        self.size = self.planes.size
        self._outputs, self._blame = self.planes.outputs, self.planes.blame
        self._before = before
        self._weights = views(before, [(layer.rows, layer.neurons) for layer in task.layers])
        self._totals = np.zeros(task.weights)
        self._sums: list[Array] = []
        self._given: list[str] = []
        self._forward()
        self._backward()
        self._commit()
        self._program.say(self.planes.recording(self._program.bind, "samples"))
        self.step = self._compile()

    def _compile(self) -> Callable[..., None]:
        names = sorted(self._program.bound)
        given = [f"given_{name}" for name in self.task.varying]
        arguments = ", ".join(("samples", "after", "x", "x_to_predict", "t", *given))
        body = "\n".join(f"  {line}" for line in self._program.lines)
        text = f"def make({', '.join(names)}):\n def step({arguments}):\n{body}\n return step\n"
        scope: dict[str, Any] = {"inf": float("inf")}
        exec(compile(text, "<a batch as numpy calls>", "exec"), scope)
        step: Callable[..., None] = scope["make"](*(self._program.bound[name] for name in names))
        return step

    def _operand(self, array: Array) -> Operand:
        return Operand(self._program.bind(array), array.shape)

    def _samples(self, array: Array) -> Operand:
        """Of an array (count, neurons), for what is done number by number."""
        return self._operand(self.planes.stored(array))

    # Sums -------------------------------------------------------------------------------------------------------------

    def _weighted_sums(self, given: str, weights: Array, out: Array) -> None:
        """As `ordered.weighted_sums` of given (count, rows) and weights (rows, neurons)."""
        bind, say = self._program.bind, self._program.say
        if weights.shape[1] > 1 and weights.size * self.count >= halves.LARGE:
            return say(f"weighted_sums({given}, {bind(weights)}, {bind(out)})")
        if weights.shape[1] > 1:
            return say(f"sums('bi,io->bo', {given}, {bind(weights)}, out={bind(out)})")
        products = np.zeros((self.count, len(weights) + 1))
        running = np.zeros_like(products)
        say(f"multiply({given}, {bind(weights.T)}, {bind(products[:, 1:])})")
        say(f"accumulate({bind(products)}, 1, None, {bind(running)})")
        say(f"{bind(out)}[...] = {bind(running[:, -1:])}")

    def _bank_totals(self, given: str, blame: Array, out: Array) -> None:
        """As `ordered.bank_totals` of given (count, rows) and blame (count, neurons)."""
        bind, say = self._program.bind, self._program.say
        if min(out.shape) > 1 and out.size * self.count >= halves.LARGE:  # turned round, as long rows add up fastest
            blame_by_neuron, by_neuron = np.zeros(blame.shape[::-1]), np.zeros(out.shape[::-1])
            say(f"{bind(blame_by_neuron)}[...] = {bind(blame.T)}")
            say(f"weighted_sums({bind(blame_by_neuron)}, {given}, {bind(by_neuron)})")
            return say(f"{bind(out)}[...] = {bind(by_neuron.T)}")
        if out.size > 1:
            return say(f"sums('bi,bo->io', {given}, {bind(blame)}, out={bind(out)})")
        products = np.zeros((self.count + 1, 1))
        running = np.zeros_like(products)
        say(f"multiply({given}, {bind(blame)}, {bind(products[1:])})")
        say(f"accumulate({bind(products)}, 0, None, {bind(running)})")
        say(f"{bind(out)}[...] = {bind(running[-1:])}")

    # A batch ----------------------------------------------------------------------------------------------------------

    def _forward(self) -> None:
        self._given, given = ["x"], "x_to_predict"
        for layer, weights, outputs in zip(self.task.layers, self._weights, self._outputs, strict=True):
            graph = Graph()
            value = graph.formula(layer.value, {"z": graph.variable("z")}) if not layer.shared.lines else None
            plain = value == graph.variable("z")
            sums = outputs if plain else self.planes.numbers(layer.neurons)
            self._sums.append(sums)
            self._weighted_sums(given, weights, sums)
            if value is None:
                self._shared_layer(layer, sums, outputs)
            elif not plain:
                writer = ArrayWriter(self._program, graph, {"z": self._samples(sums)}, ())
                writer.write([(value, self._samples(outputs))])
            if len(self._sums) < len(self.task.layers):
                given = self._next_given(outputs)

    def _next_given(self, outputs: Array) -> str:
        """What the next layer is given: these outputs, and the bias's ones."""
        bind, place = self._program.bind, len(self._sums)
        to_bank, to_predict = self.planes.given(place - 1, self.task.layers[place].has_bias)
        if to_bank is not outputs:
            self._program.say(f"{bind(to_bank[:, : outputs.shape[1]])}[...] = {bind(outputs)}")
        self._given.append(bind(to_bank))
        return bind(to_predict)

    def _shared_layer(self, layer: LayerTask, sums: Array, outputs: Array) -> None:
        """A layer with lines over all its neurons: neurons as rows, so that reductions run down whole rows."""
        bind, graph = self._program.bind, Graph()
        sums_by_neuron = sums.T
        if not sums_by_neuron.flags.c_contiguous:
            sums_by_neuron = np.zeros(sums.shape[::-1])
            self._program.say(f"{bind(sums_by_neuron)}[...] = {bind(sums.T)}")
        known = {"z": graph.variable("z")}
        _lines(graph, layer.shared, known)
        value = graph.formula(layer.value, known)
        writer = ArrayWriter(self._program, graph, {"z": self._operand(sums_by_neuron)}, sums_by_neuron.shape)
        writer.write([(value, self._operand(outputs.T))])

    def _backward(self) -> None:
        layers, bind = self.task.layers, self._program.bind
        last = len(layers) - 1
        targets = Operand("t", self.planes.stored(self._outputs[last]).shape)
        self._blame_of(last, self.task.blame, {"t": targets}, None if self.task.fused else layers[-1].slope)
        for index in range(last - 1, -1, -1):
            weights = self._weights[index + 1][: layers[index].neurons].T
            turned = self.planes.turned(weights)
            if turned is not weights:
                self._program.say(f"{bind(turned)}[...] = {bind(weights)}")
            self._weighted_sums(bind(self._blame[index + 1]), turned, self._blame[index])
            share = {"share": self._samples(self._blame[index])}
            self._blame_of(index, Formula("share"), share, layers[index].slope)
        totals = views(self._totals, [(layer.rows, layer.neurons) for layer in layers])
        for given, blame, out in zip(self._given, self._blame, totals, strict=True):
            self._bank_totals(given, blame, out)

    def _blame_of(self, index: int, arriving: Formula, more: dict[str, Operand], slope: Formula | None) -> None:
        """A layer's blame: what arrives, times the slope."""
        if self.task.layers[index].shared.lines and slope is not None:
            raise UnsupportedError("blame through a layer whose neurons share lines")
        graph = Graph()
        operands = {"z": self._samples(self._sums[index]), "a": self._samples(self._outputs[index]), **more}
        nodes = {name: graph.variable(name) for name in operands}
        if not {*arriving.names, *(slope.names if slope else ())} <= nodes.keys():
            raise UnsupportedError("blame by names that neurons share")
        blame = graph.formula(arriving, nodes)
        if slope is not None:
            blame = graph.binary("*", blame, graph.formula(slope, nodes))
        ArrayWriter(self._program, graph, operands, ()).write([(blame, self._target(self._blame[index], more))])

    def _target(self, blame: Array, more: dict[str, Operand]) -> Operand:
        return more.get("share") or self._samples(blame)

    def _commit(self) -> None:
        task, graph, size = self.task, Graph(), self.task.weights
        if "sum_of_averages" in {name for _, line in task.recipe.lines for name in line.names}:
            raise UnsupportedError("averages of micro-batches")
        per_weight, afters = ["before", *task.memory], ["after"]
        if task.state > size:
            afters = [f"after_{place}" for place in range(len(per_weight))]
            for place, name in enumerate(afters):
                self._program.say(f"{name} = after[{place * size}:{(place + 1) * size}]")
        befores = views(self._before, [(size,)] * len(per_weight))
        operands = {name: self._operand(view) for name, view in zip(per_weight, befores, strict=True)}
        operands["total"] = self._operand(self._totals)
        operands["repeats"] = self._operand(_repeats(task.layers))
        operands.update((name, Operand(f"given_{name}", None)) for name in task.varying)
        for place, name in enumerate(task.shared_memory, start=size * len(per_weight)):
            self._program.say(f"shared_{name} = {self._program.bind(self._before)}.item({place})")
            operands[name] = Operand(f"shared_{name}", None)
        known = {name: graph.constant(value) for name, value in task.numbers.items()}
        known["count"] = graph.constant(float(self.count))
        known["micro_batches"] = graph.constant(float(-(-self.count // (task.micro_size or self.count))))
        known.update((name, graph.variable(name)) for name in operands)
        _lines(graph, task.recipe, known)
        names = ("after", *task.memory)
        wanted = [(known[name], Operand(text, (size,))) for name, text in zip(names, afters, strict=True)]
        wanted += [(known[name], Operand("", None)) for name in task.shared_memory]
        found = ArrayWriter(self._program, graph, operands, (size,)).write(wanted)
        for place, name in enumerate(task.shared_memory, start=size * len(per_weight)):
            self._program.say(f"after[{place}] = {found[known[name]].text}")


def _lines(graph: Graph, recipe: Recipe, known: dict[str, int]) -> None:
    """Carry out a recipe's lines on nodes that stand for all weights, or all neurons, at once."""
    for name, line in recipe.lines:
        if isinstance(line, Reduction):
            known[name] = graph.reduction(line.function, graph.formula(line.inner, known))
        else:
            known[name] = graph.formula(line, known)


def _repeats(layers: Sequence[LayerTask]) -> Array:
    """For every weight 1, for a bias the number of its layer's inputs."""
    parts = [np.ones((layer.rows, layer.neurons)) for layer in layers]
    for layer, part in zip(layers, parts, strict=True):
        part[layer.inputs :] = float(layer.inputs)
    return np.concatenate([part.ravel() for part in parts])


def planes_for(task: Task, count: int) -> BySample:
    """By neuron unless layers are much wider than the batch, or large, or einsum would add in another order."""
    widths = [layer.neurons for layer in task.layers]
    sums = count * max(layer.rows * layer.neurons for layer in task.layers)
    in_order = count > 1 and all(layer.rows > 1 for layer in task.layers)
    fits = in_order and 4 * count >= max(widths) and sums < halves.LARGE
    return (ByNeuron if fits else BySample)(count, widths)
