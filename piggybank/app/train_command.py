"""`piggybank train`: a run of one's own, every number of it in a file."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from piggybank.app.option_words import in_options
from piggybank.app.options import UsageError
from piggybank.app.saying import pasted, say, warn
from piggybank.wording import counted, quote

if TYPE_CHECKING:
    from piggybank.engine.data import Dataset
    from piggybank.engine.rule import Rule
    from piggybank.training import Run

LAST_ACTIVATION = {"binary cross-entropy": "sigmoid", "cross-entropy": "softmax"}
"""What a loss expects of the last layer; any other gets a linear one."""
RULES = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AdamW")
MOST_CLASSES = 100
WITH_SAVINGS = ("Momentum", "Nesterov")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = commands.add_parser("train", help="train a network and save every number of it")
    train.add_argument("--data", required=True, help="a built-in set such as xor or penguins, or a CSV file")
    train.add_argument("--target", nargs="+", help="of a CSV file: the column to learn, or several")
    train.add_argument("--inputs", nargs="+", help="of a CSV file: the columns to learn from (all others)")
    train.add_argument("--scale", action="store_true", help="a CSV file's numbers moved and halved to spread around 0")
    train.add_argument("--validation", type=float, metavar="SHARE", help="of the rows: hold it back, such as 0.25")
    train.add_argument("--layers", type=int, nargs="*", default=[], help="widths of the hidden layers, such as 4 3")
    train.add_argument("--activation", help="of the hidden layers (tanh)")
    train.add_argument("--loss", default="squared error", help='such as "squared error" or "binary cross-entropy"')
    train.add_argument("--rule", help=f"how banks are broken: {', '.join(RULES)} (SGD)")
    train.add_argument("--learning-rate", type=float, default=0.1, help="0.1")
    train.add_argument("--momentum", type=float, metavar="PART", help="the part of the savings that is kept (0.9)")
    train.add_argument("--weight-decay", type=float, help="pull of every weight towards 0")
    train.add_argument("--clip-norm", type=float, help="bound of the root of all squared coins")
    train.add_argument("--batch-size", default="4", help='samples of a batch, or "all" (4)')
    train.add_argument("--accumulate", type=int, default=1, help="so many batches before a commit (1)")
    train.add_argument("--reduce", default="average", help="average or total")
    train.add_argument("--epochs", type=int, default=10, help="how often all rows are learned from (10)")
    train.add_argument("--seed", type=int, default=0, help="of the initial weights (0)")
    train.add_argument("--shuffle", type=int, metavar="SEED", help="a new order of rows every epoch")
    train.add_argument("--save", metavar="FILE", help="write every batch there, such as run.piggy")
    train.add_argument("--durable", action="store_true", help="wait after every batch until it is on the disk")
    train.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    train.set_defaults(action=_train)


def _train(options: argparse.Namespace) -> None:
    from piggybank.engine.checks import LARGEST_COUNT
    from piggybank.engine.data import DataError

    if not 1 <= options.epochs <= LARGEST_COUNT:
        raise UsageError(f"expected --epochs from 1 to {LARGEST_COUNT:,}, got {quote(options.epochs)}")
    _refuse_idle(options)
    try:
        run = _run(options)
    except DataError as error:
        raise UsageError(in_options(str(error))) from None
    if run.save_problem:
        raise UsageError(f"{run.save_problem.partition(';')[0]}; give --save another name or folder")
    data = _beside(options.save, run.dataset)
    if data:
        run.save_data(data, overwrite=options.overwrite)
    try:
        run.train(epochs=options.epochs)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        warn(f"stopped; {_batches(run)} committed{_whereabouts(run, options.save)}")
        raise
    home = _home(run, options.save)
    for line in _result(run, options.save, home, data):
        say(line)
    if home != options.save:
        where = f"all of it is in {home} instead" if home else "all of it could be saved nowhere else"
        warn(f"{options.save} is not whole; {where}")
        raise SystemExit(1)


def _refuse_idle(options: argparse.Namespace) -> None:
    """UsageError for an option that would have no effect."""
    if options.activation is not None and not options.layers:
        raise UsageError(
            "--activation is for the hidden layers, of which there are none; try --layers 4, or leave it out"
        )
    for name in ("durable", "overwrite"):
        if getattr(options, name) and options.save is None:
            raise UsageError(f"--{name} is for a file, but --save was not given; try --save run.piggy, or leave it out")


def _run(options: argparse.Namespace) -> Run:
    """The run that the options describe."""
    from piggybank.engine.data import load
    from piggybank.engine.network import Dense, Network
    from piggybank.training import Run

    target = options.target[0] if options.target and len(options.target) == 1 else options.target
    dataset = load(options.data, target=target, inputs=options.inputs, scale=options.scale)
    data = _beside(options.save, dataset)
    if data and os.path.lexists(data) and not options.overwrite:
        raise UsageError(f"{quote(data)}, where the data belong, is there already; give another --save, or --overwrite")
    for width in options.layers:
        if width < 1:
            raise UsageError(f"--layers expects whole numbers, each at least 1, got {width}; try --layers 4 3")
    if options.activation == LAST_ACTIVATION["cross-entropy"]:
        raise UsageError(
            '--activation softmax is for the last layer only; try --activation tanh --loss "cross-entropy"'
        )
    widths = [dataset.inputs.shape[1], *options.layers, _outputs(dataset, options.loss)]
    activations = ["tanh" if options.activation is None else options.activation] * len(options.layers) + [
        LAST_ACTIVATION.get(options.loss, "linear")
    ]
    layers = [Dense(*shape, name) for shape, name in zip(pairwise(widths), activations, strict=True)]
    return Run(
        Network(*layers, seed=options.seed),
        dataset,
        rule=_rule(options),
        loss=options.loss,
        batch_size=int(options.batch_size) if options.batch_size.isdecimal() else options.batch_size,
        reduce=options.reduce,
        shuffle=False if options.shuffle is None else options.shuffle,
        accumulate=options.accumulate,
        validation=options.validation,
        save=options.save,
        durable=options.durable,
        overwrite=options.overwrite,
    )


def _outputs(dataset: Dataset, loss: str) -> int:
    """One for every target column; after a softmax, one for every class of a single column."""
    columns = int(dataset.targets.shape[1])
    if columns > 1 or loss != "cross-entropy":
        return columns
    if dataset.classes:
        return len(dataset.classes)
    numbers = dataset.targets[:, 0].tolist()
    wrong = [number for number in numbers if number % 1 or not 0 <= number < MOST_CLASSES]
    if wrong:
        raise UsageError(
            f"--loss cross-entropy expects classes to learn, words or whole numbers from 0 to {MOST_CLASSES - 1}, "
            f'but found {wrong[0]:g}; try --loss "squared error"'
        )
    return max(2, int(max(numbers)) + 1)


def _beside(path: str | None, dataset: Dataset) -> str:
    """The file for data that are too many to stand in the run's; "" where they do stand there, or nothing is saved."""
    from piggybank.ledger.header_text import is_outside

    if not path or not is_outside(dataset.inputs.size + dataset.targets.size):
        return ""
    return str(Path(path).with_suffix(".bin"))


def _whereabouts(run: Run, path: str | None) -> str:
    """Where they are."""
    home = _home(run, path)
    if home:
        return f" and in {home}; seal {run.ledger.seal}"
    return ", but saved nowhere: --save was not given" if path is None else ", but not all could be saved"


def _home(run: Run, path: str | None) -> str | None:
    """The file that has all batches: `path`, or where that failed another that is written now; "" where that fails
    too, None where no file was asked for."""
    return path if path is None or not run.save_problem else elsewhere(run, path)


def elsewhere(run: Run, path: str) -> str:
    """The whole run in a file of that name, or nearly, in the working folder or in that for what is temporary; gives
    where, "" when neither takes it."""
    from piggybank.ledger.records import LedgerError

    name = Path(path)
    for folder in _folders():
        file, number = folder / name.name, 1
        while os.path.lexists(file):
            number += 1
            file = folder / f"{name.stem}-{number}{name.suffix}"
        try:
            return str(run.save(file))
        except LedgerError:
            continue
    return ""


def _folders() -> Iterator[Path]:
    """The working folder and that for what is temporary, as far as there are any."""
    for folder in (os.getcwd, tempfile.gettempdir):
        with suppress(OSError):
            yield Path(folder())


def _rule(options: argparse.Namespace) -> Rule:
    """The rule that the options describe; --momentum alone asks for Momentum."""
    from piggybank.engine import rules
    from piggybank.wording import suggestion

    name = options.rule if options.rule is not None else "SGD" if options.momentum is None else "Momentum"
    known = {rule.lower(): rule for rule in RULES}
    if name.lower() not in known:
        raise UsageError(f"there is no rule called {name!r}; {suggestion(name, RULES)}")
    name = known[name.lower()]
    settings = {"learning_rate": options.learning_rate, "clip_norm": options.clip_norm}
    if options.weight_decay is not None:
        settings["weight_decay"] = options.weight_decay
    if options.momentum is not None:
        if name not in WITH_SAVINGS:
            raise UsageError(f"--momentum is for a rule with savings, got --rule {name}; try --rule Momentum")
        settings["friction"] = options.momentum
    rule: Rule = getattr(rules, name)(**settings)
    return rule


def _batches(run: Run) -> str:
    count = len(run.ledger)
    return f"{count:,} {'batch' if count == 1 else 'batches'}"


def _result(run: Run, path: str | None, home: str | None, data: str) -> Iterator[str]:
    """What training came to. path: the file that was asked for; home: the one that has all of it; data: that of the
    data."""
    ledger = run.ledger
    first, last = ledger.batch_loss(1), ledger.batch_loss(len(ledger))
    yield f"{_batches(run)} committed; loss of the first {first:.6g}, of the last {last:.6g}"
    if run.held is not None:
        found = run.validation_at(len(ledger))
        right = f", {found.accuracy} right" if found.accuracy else ""
        yield f"of {counted(len(run.held), 'row')} held back: loss {found.loss:.6g}{right}"
    if home or path is None:
        yield f"seal {ledger.seal}"
    if home:
        beside, option = (f", the data in {data}", f" --data {pasted(data)}") if data else ("", "")
        yield f"saved in {home}{beside}; watch it with: piggybank play {pasted(home)}{option}"
