"""The options of `train`: what they make, and that a refusal names them and not Python's arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import refused

from piggybank import open_ledger
from piggybank.app.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere")


FRUIT = "apples,kind,ripe,cost\n1,sweet,no,8\n3,sour,yes,6.5\n2,sweet,no,10\n5,sour,yes,9\n"


def fruit(*options: str) -> tuple[str, ...]:
    Path("fruit.csv").write_text(FRUIT, encoding="utf-8")
    return ("train", "--data", "fruit.csv", *options)


@pytest.mark.parametrize("column", ["kind", "ripe"])
def test_two_words_are_two_classes_for_a_cross_entropy(column: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--target", column, "--inputs", "apples", "--loss", "cross-entropy", "--save", "f.piggy")
    assert main(fruit(*options)) == 0
    header = open_ledger("f.piggy").header
    assert header.classes == (("sweet", "sour") if column == "kind" else ("no", "yes"))
    assert (header.layers[-1].activation, len(header.layers[-1].neurons)) == ("softmax", 2)


def test_class_numbers_are_as_many_classes_for_a_cross_entropy(capsys: pytest.CaptureFixture[str]) -> None:
    Path("three.csv").write_text("x,class\n1,0\n2,2\n3,1\n4,2\n", encoding="utf-8")
    options = ("--target", "class", "--loss", "cross-entropy", "--save", "t.piggy")
    assert main(["train", "--data", "three.csv", *options]) == 0
    assert len(open_ledger("t.piggy").header.layers[-1].neurons) == 3


def test_the_columns_to_learn_from_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(fruit("--target", "cost", "--inputs", "apples", "kind", "--save", "f.piggy")) == 0
    assert open_ledger("f.piggy").header.input_names == ("apples", "kind: sweet 0, sour 1")


XOR = ("train", "--data", "xor")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (fruit, "expected --target with the column to learn; name one of 'apples'"),
        (lambda: fruit("--target", "prize"), "there is no 'prize'"),
        (lambda: fruit("--target", "cost", "--inputs", "cost"), "different columns, but 'cost' is in both"),
        (
            lambda: fruit("--target", "cost", "--loss", "cross-entropy"),
            'expects classes to learn, words or whole numbers from 0 to 99, but found 6.5; try --loss "squared error"',
        ),
        (
            lambda: fruit("--target", "apples", "cost", "--loss", "cross-entropy"),
            "cross-entropy expects one 1 among 0s",
        ),
        (
            lambda: fruit("--target", "apples", "--loss", "binary cross-entropy"),
            "binary cross-entropy expects 0, 1 or a share between them, but found 3",
        ),
        (lambda: (*XOR, "--rule", ""), "there is no rule called ''"),
        (
            lambda: ("train", "--data", "one coin", "--validation", "0.5"),
            "--validation expects at least 2 rows to divide, got 1; give more data, or leave --validation out",
        ),
        (lambda: (*XOR, "--loss", "mse"), 'here it is --loss "squared error"'),
        (lambda: (*XOR, "--loss", "huber -1"), "got 'huber -1'; try 'huber 0.5'"),
        (lambda: (*XOR, "--loss", "triplet"), "compares the samples of a batch"),
        (lambda: (*XOR, "--layers", "3", "--activation", "batchnorm"), "mix the samples of a batch"),
        (lambda: (*XOR, "--layers", "3", "--activation", "softmax"), "last layer only; try --activation tanh --loss"),
        (
            lambda: (*XOR, "--layers", "3", "-1"),
            "--layers expects whole numbers, each at least 1, got -1; try --layers",
        ),
        (lambda: (*XOR, "--layers", "100000", "100000"), "a layer from 100000 to 100000 would have 10,000,000,000"),
        (lambda: (*XOR, "--batch-size", "-1"), "--batch-size should be a whole number from 1, or 'all', got '-1'"),
        (
            lambda: (*XOR, "--batch-size", "all", "--accumulate", "2"),
            "--accumulate expects micro-batches of a size, got --batch-size all; try --batch-size 2",
        ),
        (
            lambda: (*XOR, "--accumulate", "0"),
            "--accumulate expects a whole number of micro-batches, at least 1, got 0",
        ),
        (lambda: (*XOR, "--validation", "0.01"), "--validation 0.01 holds back 0 of 4 rows"),
        (lambda: (*XOR, "--validation", "nan"), "--validation should be a share of the rows"),
        (lambda: (*XOR, "--learning-rate", "nan"), "--learning-rate should be a finite number, got nan; try 0.1"),
        (lambda: (*XOR, "--rule", "Adam", "--clip-norm", "-1"), "--clip-norm should be a finite number, 0 or more"),
        (lambda: (*XOR, "--reduce", "mean"), "--reduce should be 'average' or 'total', got 'mean'; try 'average'"),
        (lambda: (*XOR, "--inputs", "x1"), "--target, --inputs and --scale only together with a CSV file"),
        (lambda: ("train", "--data", "xro"), "did you mean 'xor'?"),
    ],
)
def test_train_refuses_in_one_sentence_that_names_its_own_options(
    arguments: Callable[[], tuple[str, ...]], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refused(capsys, *arguments())
    assert says in message
    assert not re.search(r"\b\w+=|\w\(|[a-z]_[a-z]", message), message
