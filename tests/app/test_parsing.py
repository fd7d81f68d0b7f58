"""Options that cannot be understood: one sentence that says what is wrong and where there is help, and the code 2."""

from __future__ import annotations

import pytest

from piggybank import __version__
from piggybank.app.cli import _parser, main

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("train --data xor --epochs 1e3", "--epochs expects a whole number, got '1e3'; see piggybank train --help"),
        ("train --data xor --learning-rate x", "--learning-rate expects a number, got 'x'; see piggybank train --help"),
        ("train --data xor --epoch 3 --layer 2 --epocs 3", "there is no option --epocs, did you mean --epochs?; see"),
        ("train --data xor --save -x.piggy", "--save expects something after it, and what begins with a dash is"),
        ("train --data xor --zzz=3", "there is no option --zzz; see piggybank train --help"),
        ("train", "train needs --data; see piggybank train --help"),
        ("receipt 2 --weight a->b", "receipt needs --batch; see piggybank receipt --help"),
        ("receipt --batch 1", "receipt needs a lesson's number or a file; see"),
        ("receipt 2 --batch 1", "receipt needs --weight or --neuron; see piggybank receipt --help"),
        ("receipt", "receipt needs a lesson's number or a file and --batch; see piggybank receipt --help"),
        ("receipt 2 --weight a->b --neuron b --batch 1", "--neuron does not go with --weight; see"),
        ("audit a.piggy --basic --strict", "--strict does not go with --basic; see piggybank audit --help"),
        ("audit a.piggy b.piggy", "'b.piggy' is one too many; see piggybank audit --help"),
        ("audit", "audit needs a file; see piggybank audit --help"),
        ("export 2", "export needs --csv or --xlsx or --html; see piggybank export --help"),
        ("lessn 2", "there is no command called 'lessn'; did you mean 'lesson'? (known: 'lesson', 'receipt', "),
        ("less'n", "there is no command called \"less'n\"; did you mean 'lesson'? (known: 'lesson', "),
        ("--verzion", "there is no option --verzion, did you mean --version?"),
        ("train --data xor --learning-rate 0,3", "--learning-rate expects a number, got '0,3'; try 0.3; see piggybank"),
        ("train --data xor --learning-rate 1,234,5", "--learning-rate expects a number, got '1,234,5'; see piggybank"),
        ("train --data xor --epochs 0,3", "--epochs expects a whole number, got '0,3'; see piggybank train"),
        ("train --data xor --lr 0.3", "there is no option --lr, did you mean --learning-rate?; see piggybank train"),
        ("train --data xor --optimizer=adam", "there is no option --optimizer, did you mean --rule?; see piggybank"),
        ("train --data xor --random-state 3", "there is no option --random-state, did you mean --seed?; see piggybank"),
        ("train --data xor --hidden 3", "there is no option --hidden, did you mean --layers?; see piggybank train"),
        ("snapshot 2 --output x.png", "there is no option --output, did you mean --out?; see piggybank snapshot"),
    ],
)
def test_what_cannot_be_understood_is_said_in_one_sentence(
    arguments: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    printed = capsys.readouterr()
    assert (left.value.code, printed.out) == (2, "")
    assert printed.err.startswith(f"piggybank: {sentence}")
    assert printed.err.count("\n") == 1
    assert printed.err.endswith(" --help\n")


def test_it_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"piggybank {__version__}\n")


def test_a_command_that_python_has_a_suggestion_for_gets_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """Python 3.15 has one unasked, and its words are others than those before."""
    with pytest.raises(SystemExit):
        _parser().error("argument : invalid choice: 'lessn', maybe you meant 'lesson'? (choose from 'lesson', 'audit')")
    said = capsys.readouterr().err
    assert said.startswith("piggybank: there is no command called 'lessn'; did you mean 'lesson'? (known: 'lesson', ")


def test_a_name_that_could_move_the_cursor_is_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "a.piggy", "\x1b[2J\n"])
    said = capsys.readouterr().err
    assert said.removesuffix("\n").isprintable()


@pytest.mark.parametrize(
    "arguments",
    [
        "receipt 2 --weight x1->y --batch 9999999",
        "snapshot 2 --at 9999999.9999999.1 --out x.png",
        "record 2 --to 9999999.9999999.1 --out x.gif",
        "export 2 --csv tables --to 9999999",
        "worksheet 2 --to 9999999 --out sheet.html",
    ],
)
def test_a_batch_that_nobody_would_wait_for_is_refused_at_once(
    arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments.split()) == 2
    says = "batch 9999999 is more than 1,000,000 beyond the 0 that were made; ask for an earlier one"
    assert capsys.readouterr().err == f"piggybank: {says}\n"


def test_a_number_of_any_length_is_said_in_a_few_digits(capsys: pytest.CaptureFixture[str]) -> None:
    for digits, said in ((15, "1e+15"), (400, "more than 1e300")):
        assert main(["receipt", "2", "--weight", "x1->y", "--batch", "1" + "0" * digits]) == 2
        assert f"batch {said} is" in capsys.readouterr().err
