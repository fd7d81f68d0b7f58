"""The fast path for small networks: a whole batch as straight-line Python made of the formulas' own texts.

Around a dozen weights, what a numpy call costs before it computes anything exceeds the arithmetic; one long function
over local variables does not pay it. The operations and their order are those of the readable engine, so the bits are.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import TypeAlias

from piggybank.engine.graph import Graph, Writer, scope
from piggybank.engine.task import LayerTask, Task
from piggybank.formula import Formula
from piggybank.recipe import Reduction

Nodes: TypeAlias = "list[int]"
Row: TypeAlias = "tuple[float, ...]"
Steps: TypeAlias = (
    "Callable[[Iterable[tuple[Row, ...]], Row, memoryview, memoryview, int, int, Callable[[None, None], None]], None]"
)

SAMPLES = "samples"


class ScalarSteps:
    """Batches of `count` samples as one function.

    operations: how many it carries out, a measure of its time. The text is compiled at the first `run`.
    """

    def __init__(self, task: Task, count: int) -> None:
        self.task, self.count = task, count
        self._graph = Graph()
        batch = _Batch(self._graph, task, count)
        self._writer = Writer(self._graph, [*batch.samples, *batch.state])
        self.operations = self._writer.operations + len(batch.samples) + len(batch.state)
        self._batch = batch
        self._function: Steps | None = None

    def run(
        self,
        batches: Iterable[tuple[Row, ...]],
        state: Row,
        samples: memoryview,
        states: memoryview,
        strides: tuple[int, int],
        recorded: Callable[[None, None], None],
    ) -> None:
        """Carry out the batches, each a tuple of rows (inputs, targets), the last entry its varying numbers if any.

        state: weights, memory and shared memory before the first; samples, states: bytes to write each batch's results
        into, strides: bytes from one batch's to the next. Calls recorded(None, None) after each. Raises ArithmeticError
        or ValueError at a batch that needs the readable path; that batch is then not recorded.
        """
        if self._function is None:
            self._function = self._compile()
        self._function(batches, state, samples, states, *strides, recorded)

    def _compile(self) -> Steps:
        names = scope()
        exec(compile(self.source(), "<a batch as straight-line Python>", "exec"), names)
        packers = (struct.Struct(f"{len(nodes)}d").pack_into for nodes in (self._batch.samples, self._batch.state))
        make: Callable[..., Steps] = names["make"]
        return make(*packers)

    def source(self) -> str:
        """The text of the function."""
        batch, body = self._batch, self._writer.statements
        rows = [f"({', '.join(row)},)" for row in batch.row_names]
        if self.task.varying:
            rows.append(f"({', '.join(f'given_{name}' for name in self.task.varying)},)")
        results = [", ".join(self._writer.text(node) for node in nodes) for nodes in (batch.samples, batch.state)]
        state = f"({', '.join(batch.state_names)},)"
        borrowed = sorted(name for name in scope() if any(name in line for line in body))
        lines = [
            "def make(pack_samples, pack_state):",
            f" def steps(batches, state, samples, states, samples_step, state_step, recorded{_defaults(borrowed)}):",
            "  samples_at = state_at = 0",
            f"  {state} = state",
            f"  for {', '.join(rows)}, in batches:",
            *(f"   {line}" for line in body),
            f"   pack_samples(samples, samples_at, {results[0]})",
            f"   {state} = {results[1]},",
            f"   pack_state(states, state_at, {', '.join(batch.state_names)})",
            "   recorded(None, None)",
            "   samples_at += samples_step",
            "   state_at += state_step",
            " return steps",
        ]
        return "\n".join(lines)


def _defaults(names: list[str]) -> str:
    return "".join(f", {name}={name}" for name in names)


class _Batch:
    """The graph of one batch: its variables, and the nodes of everything that is recorded, in the ledger's order."""

    def __init__(self, graph: Graph, task: Task, count: int) -> None:
        self.graph, self.task, self.count = graph, task, count
        first, last = task.layers[0], task.layers[-1]
        self.row_names = [
            [*(f"x{row}_{i}" for i in range(first.inputs)), *(f"t{row}_{k}" for k in range(last.neurons))]
            for row in range(count)
        ]
        per_weight = ["w", *(f"m{k}_" for k in range(len(task.memory)))]
        self.state_names = [f"{stem}{i}" for stem in per_weight for i in range(task.weights)]
        self.state_names += [f"shared{k}" for k in range(len(task.shared_memory))]
        weights = [graph.variable(name) for name in self.state_names[: task.weights]]
        self.matrices: list[list[Nodes]] = []
        for layer in task.layers:
            self.matrices.append([weights[i * layer.neurons :][: layer.neurons] for i in range(layer.rows)])
            weights = weights[layer.rows * layer.neurons :]
        passes = [self._pass([graph.variable(name) for name in row]) for row in self.row_names]
        inputs, outputs, blame = (
            [[one[part][k] for one in passes] for k in range(len(task.layers))] for part in range(3)
        )
        self.samples = [node for part in (*outputs, *blame) for row in part for node in row]
        self.state = self._commit(inputs, blame)

    def _pass(self, row: Nodes) -> tuple[list[Nodes], list[Nodes], list[Nodes]]:
        """One sample: each layer's inputs, outputs and blame."""
        graph, layers = self.graph, self.task.layers
        values, targets = row[: layers[0].inputs], row[layers[0].inputs :]
        inputs, outputs, slopes, known = [], [], [], [dict[str, int]()]
        for layer, matrix in zip(layers, self.matrices, strict=True):
            given = [*values, graph.constant(1.0)] if layer.has_bias else values
            inputs.append(given)
            sums = [
                graph.total([graph.binary("*", x, matrix[i][k]) for i, x in enumerate(given)])
                for k in range(layer.neurons)
            ]
            known = self._shared(layer, sums)
            values = [graph.formula(layer.value, names) for names in known]
            for names, value in zip(known, values, strict=True):
                names["a"] = value
            outputs.append(values)
            slopes.append([graph.formula(layer.slope, names) for names in known])
        blame = [graph.formula(self.task.blame, {**names, "t": t}) for names, t in zip(known, targets, strict=True)]
        if not self.task.fused:
            blame = [graph.binary("*", *pair) for pair in zip(blame, slopes[-1], strict=True)]
        all_blame = [blame]
        for index in range(len(layers) - 1, 0, -1):
            shares = [
                graph.total([graph.binary("*", b, w) for b, w in zip(blame, self.matrices[index][i], strict=True)])
                for i in range(layers[index].inputs)
            ]
            blame = [graph.binary("*", *pair) for pair in zip(shares, slopes[index - 1], strict=True)]
            all_blame.insert(0, blame)
        return inputs, outputs, all_blame

    def _shared(self, layer: LayerTask, sums: Nodes) -> list[dict[str, int]]:
        """The names that a layer's formulas may use, for each of its neurons."""
        known = [{"z": z} for z in sums]
        for name, line in layer.shared.lines:
            self._line(name, line, known)
        return known

    def _line(self, name: str, line: Formula | Reduction, known: list[dict[str, int]]) -> None:
        """Carry out one line of a recipe at every place; a reduction gives all places the same."""
        formula = line.inner if isinstance(line, Reduction) else line
        values = [self.graph.formula(formula, names) for names in known]
        if isinstance(line, Reduction):
            reduced = self.graph.total(values) if line.function == "sum" else self.graph.largest(values)
            values = [reduced] * len(known)
        for names, value in zip(known, values, strict=True):
            names[name] = value

    def _commit(self, inputs: list[list[Nodes]], blame: list[list[Nodes]]) -> Nodes:
        """The state after the commit: the recipe, line by line, for every weight."""
        graph, task = self.graph, self.task
        numbers = {name: graph.constant(value) for name, value in task.numbers.items()}
        numbers.update((name, graph.variable(f"given_{name}")) for name in task.varying)
        numbers.update(
            count=graph.constant(float(self.count)), micro_batches=graph.constant(float(self._micro_batches))
        )
        named = dict(zip(self.state_names, map(graph.variable, self.state_names), strict=True))
        numbers.update((name, named[f"shared{k}"]) for k, name in enumerate(task.shared_memory))
        known: list[dict[str, int]] = []
        for layer, given, wrong in zip(task.layers, inputs, blame, strict=True):
            for i in range(layer.rows):
                for k in range(layer.neurons):
                    coins = [graph.binary("*", x[i], b[k]) for x, b in zip(given, wrong, strict=True)]
                    place = len(known)
                    known.append(numbers | {"total": graph.total(coins), "before": named[f"w{place}"]})
                    known[-1]["sum_of_averages"] = self._sum_of_averages(coins)
                    known[-1]["repeats"] = graph.constant(float(layer.inputs if i == layer.inputs else 1))
                    known[-1].update((name, named[f"m{k}_{place}"]) for k, name in enumerate(task.memory))
        for name, line in task.recipe.lines:
            self._line(name, line, known)
        state = [names[name] for name in ("after", *task.memory) for names in known]
        return state + [known[0][name] for name in task.shared_memory]

    @property
    def _micro_batches(self) -> int:
        return -(-self.count // (self.task.micro_size or self.count))

    def _sum_of_averages(self, coins: Nodes) -> int:
        graph, size = self.graph, self.task.micro_size or self.count
        parts = [coins[start : start + size] for start in range(0, self.count, size)]
        return graph.total([graph.binary("/", graph.total(part), graph.constant(float(len(part)))) for part in parts])
