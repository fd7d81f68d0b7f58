"""`piggybank train`: a run of one's own, every number of it in a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from piggybank.app.options import UsageError

if TYPE_CHECKING:
    from piggybank.engine.rules import Rule
    from piggybank.training import Run

LAST_ACTIVATION = {"binary cross-entropy": "sigmoid", "cross-entropy": "softmax"}
"""What a loss expects of the last layer; any other gets a linear one."""
RULES = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AdamW")
WITH_SAVINGS = ("Momentum", "Nesterov")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = commands.add_parser("train", help="train a network and save every number of it")
    train.add_argument("--data", required=True, help="a built-in set such as xor or penguins, or a CSV file")
    train.add_argument("--target", nargs="+", help="of a CSV file: the column to learn, or several")
    train.add_argument("--scale", action="store_true", help="a CSV file's numbers moved and halved to spread around 0")
    train.add_argument("--validation", type=float, metavar="SHARE", help="of the rows: hold it back, such as 0.25")
    train.add_argument("--layers", type=int, nargs="*", default=[], help="widths of the hidden layers, such as 4 3")
    train.add_argument("--activation", default="tanh", help="of the hidden layers (tanh)")
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
    from piggybank.engine.data import load
    from piggybank.engine.network import Dense, Network
    from piggybank.training import Run

    if options.epochs < 1:
        raise UsageError(f"expected --epochs from 1, got {options.epochs}")
    target = options.target[0] if options.target and len(options.target) == 1 else options.target
    dataset = load(options.data, target=target, scale=options.scale)
    widths = [dataset.inputs.shape[1], *options.layers, dataset.targets.shape[1]]
    activations = [options.activation] * len(options.layers) + [LAST_ACTIVATION.get(options.loss, "linear")]
    layers = [Dense(*shape, name) for shape, name in zip(pairwise(widths), activations, strict=True)]
    run = Run(
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
    try:
        run.train(epochs=options.epochs)
    except KeyboardInterrupt:
        where = f"in {options.save}" if options.save and not run.save_problem else "but nowhere saved"
        print(f"\npiggybank: stopped; {_batches(run)} committed and {where}", file=sys.stderr)
        raise
    print(*_result(run, options.save), sep="\n")


def _rule(options: argparse.Namespace) -> Rule:
    """The rule that the options describe; --momentum alone asks for Momentum."""
    from piggybank.engine import rules
    from piggybank.wording import suggestion

    name = options.rule or ("SGD" if options.momentum is None else "Momentum")
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


def _result(run: Run, path: str | None) -> Iterator[str]:
    """What training came to."""
    ledger = run.ledger
    first, last = ledger.batch_loss(1), ledger.batch_loss(len(ledger))
    yield f"{_batches(run)} committed; loss of the first {first:.6g}, of the last {last:.6g}"
    if run.held is not None:
        found = run.validation_at(len(ledger))
        right = f", {found.accuracy} right" if found.accuracy else ""
        yield f"of {len(run.held)} rows held back: loss {found.loss:.6g}{right}"
    yield f"seal {ledger.seal}"
    if path and not run.save_problem:
        yield f"saved in {path}; watch it with: piggybank play {path}"
