"""The table of a commit's samples: what the pass makes of each, its coins, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

from piggybank.app.worksheet.formulas import by_hand
from piggybank.app.worksheet.model import ALONE, BLAME, COIN, DATA, PASS, Column, Row, Table
from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import Header, Weight
from piggybank.ledger.sources import input_value
from piggybank.ordered import Array
from piggybank.stage.classes import class_of, output_word
from piggybank.stage.data_row import row_spans
from piggybank.stage.digits import column, subscript, weight_title


@dataclass(frozen=True)
class Excerpt:
    """What a sheet shows of a run. whole: all weights, so that a learner can compute every pass; otherwise one weight
    and its neuron. listed: whether the data have a table of their own. short: whether every row says in a few words
    what its numbers are."""

    ledger: Ledger
    weights: tuple[Weight, ...]
    whole: bool
    listed: bool
    short: bool

    @property
    def header(self) -> Header:
        return self.ledger.header


def samples_table(excerpt: Excerpt, batch: int, help_given: int) -> Table:
    """The samples of a batch, one a row."""
    maker = _Maker(excerpt, batch, help_given)
    return Table("sample", maker.rows(), tuple(maker.columns()))


class _Maker:
    def __init__(self, excerpt: Excerpt, batch: int, help_given: int) -> None:
        self.excerpt, self.header, self.alone = excerpt, excerpt.header, help_given == ALONE
        self.record = excerpt.ledger.batch(batch)
        self.shown = not excerpt.whole and excerpt.weights[0].layer == len(self.header.layers) - 1
        """Whether the one weight's neuron is an output."""

    def rows(self) -> tuple[Row, ...]:
        size, count = self.header.micro_size, self.record.count
        found = []
        for number, row in enumerate(self.record.rows, 1):
            begins = self.header.accumulate > 1 and (number - 1) % size == 0
            above = f"micro-batch {(number - 1) // size + 1} of {-(-count // size)}" if begins else ""
            words = row_words(self.excerpt.ledger, row) if self.excerpt.short else self.header.row_names[row]
            found.append(Row(words, number, above))
        return tuple(found)

    def columns(self) -> list[Column]:
        found = self._whole_pass() if self.excerpt.whole else self._one_neuron()
        return [*found, *(self._coin(weight) for weight in self.excerpt.weights)]

    def _column(
        self, head: str, hint: str, kind: str, values: Array | list[float], can: bool = True, signed: bool = False
    ) -> Column:
        """can: whether a learner can compute it from what stands on the sheet."""
        texts = column([float(value) for value in values], signed)
        return Column(head, hint, kind, tuple(texts), can and self.alone)

    # The pass ---------------------------------------------------------------------------------------------------------

    def _whole_pass(self) -> list[Column]:
        last = len(self.header.layers) - 1
        found = [] if self.excerpt.listed or self.excerpt.short else self._data()
        for layer in range(last):
            found += [self._output(layer, place) for place in range(len(self.header.layers[layer].neurons))]
        outputs = range(len(self.header.layers[last].neurons))
        found += [self._output(last, place) for place in outputs]
        found += [self._error(place) for place in outputs]
        found.append(self._loss(True))
        if not is_plain_blame(self.header):
            found += [self._blame(last, place) for place in outputs]
        for layer in reversed(range(last)):
            found += [self._blame(layer, place) for place in range(len(self.header.layers[layer].neurons))]
        return found

    def _one_neuron(self) -> list[Column]:
        weight = self.excerpt.weights[0]
        numbers = range(1, self.record.count + 1)
        values = [input_value(self.excerpt.ledger, self.record, weight, number)[1] for number in numbers]
        what = "" if weight.is_bias or weight.layer else _other_word(self.header.input_names[weight.row], weight.source)
        hint = what or ("always 1" if weight.is_bias else f"output of {weight.source}" if weight.layer else "")
        found = [self._column(f"input {_source(weight)}", hint, DATA, values, False)]
        if self.shown:
            found += [self._target(weight.column), self._output(weight.layer, weight.column)]
            found.append(self._error(weight.column))
            if not is_plain_blame(self.header):
                found.append(self._blame(weight.layer, weight.column))
        else:
            found.append(self._blame(weight.layer, weight.column))
        return [*found, self._loss(self.shown)]

    def _data(self) -> list[Column]:
        rows = list(self.record.rows)
        names = zip(self.header.layers[0].sources, self.header.input_names, strict=True)
        found = [
            self._column(subscript(source), _other_word(name, source), DATA, self.header.inputs[rows, place], False)
            for place, (source, name) in enumerate(names)
        ]
        return [*found, *(self._target(place) for place in range(len(self.header.layers[-1].neurons)))]

    def _target(self, place: int) -> Column:
        values = self.header.targets[list(self.record.rows), place]
        neuron = self.header.layers[-1].neurons[place]
        hint = "" if class_of(self.header, neuron) else _other_word(self.header.target_names[place], neuron)
        return self._column(self._of_output("target", place), hint, DATA, values, False)

    def _of_output(self, word: str, place: int) -> str:
        outputs = self.header.layers[-1].neurons
        return word if len(outputs) == 1 else f"{word} {output_word(self.header, outputs[place])}"

    def _output(self, layer: int, place: int) -> Column:
        info = self.header.layers[layer]
        name, last = info.neurons[place], layer == len(self.header.layers) - 1
        head = self._of_output("prediction", place) if last else f"output {subscript(name)}"
        can = self.excerpt.whole and by_hand(info.value.text)
        hint = pass_hint(self.header, layer) if can else "given"
        hint = hint if by_hand(info.value.text) else f"{info.activation}, given"
        return self._column(head, hint, PASS, self.record.outputs[layer][:, place], can)

    def _error(self, place: int) -> Column:
        values = self.record.outputs[-1][:, place] - self.header.targets[list(self.record.rows), place]
        return self._column(self._of_output("error", place), "prediction − target", PASS, values, signed=True)

    def _loss(self, errors: bool) -> Column:
        """errors: whether every output's error stands on the sheet."""
        header, count = self.header, self.record.count
        losses = [sample_loss(self.excerpt.ledger, self.record.batch, number) for number in range(1, count + 1)]
        single = len(header.layers[-1].neurons) == 1
        hint = "error × error ÷ 2" if header.loss_value.text == "(a - t) * (a - t) / 2" else header.loss_name
        hint = hint if single else f"{hint}, of all outputs"
        can = errors and (single or self.excerpt.whole) and by_hand(header.loss_value.text)
        mean = [self.excerpt.ledger.batch_loss(self.record.batch)] if count > 1 else []
        return self._footed("loss", hint, PASS, [*losses, *mean], can, False)

    def _footed(self, head: str, hint: str, kind: str, values: list[float], can: bool, signed: bool) -> Column:
        """values: those of the samples and, where there are several, what they come to."""
        texts, count = column(values, signed), self.record.count
        foot = texts[count] if count > 1 else ""
        return Column(head, hint, kind, tuple(texts[:count]), can and self.alone, foot)

    # Blame and coins --------------------------------------------------------------------------------------------------

    def _blame(self, layer: int, place: int) -> Column:
        info = self.header.layers[layer]
        head, hint = f"blame of {subscript(info.neurons[place])}", blame_hint(self.header, layer, place)
        names = {*info.slope.names, *self.header.loss_blame.names}
        can = self.excerpt.whole if "z" in names or not self.shown else True
        can = can and by_hand(info.slope.text) and by_hand(self.header.loss_blame.text)
        return self._column(head, hint if can else "", BLAME, self.record.blame[layer][:, place], can, True)

    def _coin(self, weight: Weight) -> Column:
        blame = blame_word(self.header, weight.layer, weight.column)
        hint = f"1 × {blame}" if weight.is_bias else f"{_source(weight)} × {blame}"
        coins = bank.slices(self.header, self.record, weight).tolist()
        total = bank.running_totals(self.header, self.record, weight)[-1:].tolist() if self.record.count > 1 else []
        head = f"coin {weight_title(weight.source, weight.target)}" if len(self.header.weights) > 1 else "coin"
        return self._footed(head, hint, COIN, [*coins, *total], True, True)


def row_words(ledger: Ledger, row: int) -> str:
    """The data row (from 0) as the screen writes it in short; "" where only its name is short enough."""
    spans = row_spans(ledger, row)
    return "".join(span.text for span in spans) if len(spans) > 1 else ""


def is_plain_blame(header: Header) -> bool:
    """Whether an output's blame is its error, prediction − target, and nothing else."""
    return header.loss_blame.text == "a - t" and (header.loss_fused or header.layers[-1].slope.text == "1")


def blame_word(header: Header, layer: int, place: int) -> str:
    """What a neuron's blame is called in front of a pencil."""
    last = layer == len(header.layers) - 1
    if last and is_plain_blame(header):
        return (
            "error" if len(header.layers[-1].neurons) == 1 else f"error {subscript(header.layers[-1].neurons[place])}"
        )
    return f"blame of {subscript(header.layers[layer].neurons[place])}"


def blame_hint(header: Header, layer: int, place: int) -> str:
    """How one comes by a neuron's blame."""
    slope = f"slope of {header.layers[layer].activation}"
    if layer == len(header.layers) - 1:
        return f"error × {slope}" if header.loss_blame.text == "a - t" else f"blame from the loss × {slope}"
    targets, name = header.layers[layer + 1].neurons, header.layers[layer].neurons[place]
    if len(targets) > 1:
        return f"every blame × its weight, added, × {slope}"
    return f"{blame_word(header, layer + 1, 0)} × weight {weight_title(name, targets[0])} × {slope}"


def pass_hint(header: Header, layer: int) -> str:
    """How one comes by an output of a layer."""
    info = header.layers[layer]
    terms = [f"{subscript(source)} × weight" for source in info.sources] + ["bias"] * info.has_bias
    summed = " + ".join(terms) if len(terms) <= 2 else "each input × its weight, added"
    return summed if info.value.text == "z" else f"{info.activation} of {summed}"


def _source(weight: Weight) -> str:
    return "of the bias" if weight.is_bias else subscript(weight.source)


def _other_word(name: str, source: str) -> str:
    return "" if name == source else name
