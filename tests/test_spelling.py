"""Misspelt arguments: one sentence says which was meant, and what is wrapped keeps its signature, types and help."""

from __future__ import annotations

import inspect
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import piggybank
from piggybank import (
    SGD,
    Adam,
    Choice,
    Constant,
    Cosine,
    Cue,
    Dense,
    Lesson,
    Momentum,
    Network,
    Question,
    RMSProp,
    Rule,
    Run,
    WarmUp,
    load,
    open_ledger,
    play,
)
from piggybank.app.cli import main
from piggybank.spelling import ArgumentError, spelled


def network(**arguments: Any) -> Network:
    return Network(Dense(2, 1), **arguments)


def run() -> Run:
    return Run(network(), "xor").train(epochs=1)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Run(network(), "xor", batchsize=4), "Run takes no batchsize=; did you mean batch_size=?"),
        (lambda: Run(network(), dataset="xor"), "Run takes no dataset=; did you mean data=?"),
        (lambda: Run(network(), "xor", optimizer=SGD(0.1)), "Run takes no optimizer=; did you mean rule=?"),
        (lambda: SGD(lr=0.1), "SGD takes no lr=; did you mean learning_rate=?"),
        (lambda: Momentum(0.1, momentum=0.9), "Momentum takes no momentum=; did you mean friction=?"),
        (lambda: Adam(0.1, beta1=0.9), "Adam takes no beta1=; did you mean keep_mean=?"),
        (lambda: RMSProp(0.1, eps=1e-8), "RMSProp takes no eps=; did you mean epsilon=?"),
        (lambda: SGD(0.1, Clip_Norm=1.0), "SGD takes no Clip_Norm=; did you mean clip_norm=?"),
        (lambda: Cosine(epoch=3), "Cosine takes no epoch=; did you mean epochs=?"),
        (lambda: Rule("mine", (), constant={}), "Rule takes no constant=; did you mean constants=?"),
        (lambda: Dense(2, 3, activaton="tanh"), "Dense takes no activaton=; did you mean activation=?"),
        (lambda: load("xor", colour="red"), "load takes no colour=; it takes data=, target=, inputs=, scale="),
        (lambda: network(sed=7), "Network takes no sed=; did you mean seed=?"),
        (lambda: load("a.csv", targt="b"), "load takes no targt=; did you mean target=?"),
        (lambda: run().train(epoch=3), "train takes no epoch=; did you mean epochs=?"),
        (lambda: run().fork(1, lr=3), "fork takes no lr=; did you mean learning_rate=?"),
        (lambda: run().ledger.receipt("x1->y", batches=1), "receipt takes no batches=; did you mean batch=?"),
        (lambda: run().ledger.lasting("x1->y", bach=1), "lasting takes no bach=; did you mean batch=?"),
        (lambda: open_ledger("a.piggy", verfy=True), "open_ledger takes no verfy=; did you mean verify=?"),
        (lambda: play(run(), titel="Mine"), "play takes no titel=; did you mean title=?"),
        (lambda: Cue("1.1.1", say="x"), "Cue takes no say=; did you mean says=?"),
        (lambda: Lesson(None, "Mine", run(), cue=[]), "Lesson takes no cue=; did you mean cues=?"),
        (lambda: Question("1.1.1", "?", "coin", hint=["a"]), "Question takes no hint=; did you mean hints=?"),
        (lambda: Question.how_far("1.1.1", "?", chose=True), "how_far takes no chose=; did you mean choose=?"),
        (lambda: Choice("coin", text="?"), "Choice takes no text=; did you mean says=?"),
        (lambda: RMSProp(0.1, alpha=0.9), "RMSProp takes no alpha=; did you mean keep_square=?"),
        (lambda: Dense(in_features=2, outputs=1), "Dense takes no in_features=; did you mean inputs=?"),
        (lambda: Dense(2, units=1), "Dense takes no units=; did you mean outputs=?"),
    ],
)
def test_a_misspelt_argument_is_named_with_the_one_that_was_meant(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: SGD(0.1, momentum=0.9), "SGD takes no momentum=; try Momentum(0.1, friction=0.9)"),
        (lambda: SGD(0.1, nesterov=True), "SGD takes no nesterov=; try Nesterov(0.1, friction=0.9)"),
        (lambda: Adam(0.1, betas=(0.9, 0.999)), "Adam takes no betas=; its betas are keep_mean= and keep_square="),
        (
            lambda: Run(network(), "xor", lr=0.1),
            "Run takes no lr=; the rate is the rule's: rule=SGD(learning_rate=0.1)",
        ),
        (
            lambda: Run(network(), "xor", epochs=3),
            "Run takes no epochs=; how long is said when it trains: run.train(epochs=10)",
        ),
        (
            lambda: Run(network(), "xor", seed=3),
            "Run takes no seed=; first weights have theirs in Network(…, seed=7), the order of rows is shuffle=7",
        ),
    ],
)
def test_what_other_libraries_have_as_an_argument_is_said_where_it_is_here(
    call: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Linear", "module 'piggybank' has no attribute 'Linear'; here it is Dense"),
        ("CrossEntropyLoss", "module 'piggybank' has no attribute 'CrossEntropyLoss'; here it is loss='cross-entropy'"),
        ("RMSprop", "module 'piggybank' has no attribute 'RMSprop'; did you mean 'RMSProp'?"),
    ],
)
def test_a_name_of_another_library_is_answered_with_the_one_that_it_has_here(name: str, sentence: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(piggybank, name)
    assert str(caught.value) == sentence


def test_arguments_of_our_own_stand_in_no_signature() -> None:
    names = [name for thing in (Run, Dense, Adam, load, play) for name in inspect.signature(thing).parameters]
    assert "save" in names
    assert not [name for name in names if name.startswith("_")]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: run().train(5),
            "train takes its arguments by name, got 1 without; they are epochs=, batches=, past_trouble=",
        ),
        (
            lambda: run().ledger.receipt("x1->y", 1, 2),
            "receipt takes 1 argument without a name, got 3; the others go by name: batch=, sample=, banked=",
        ),
        (
            lambda: Run(network(), "xor", 4),
            "Run takes 2 arguments without a name, got 3; the others go by name: target=",
        ),
        (
            lambda: Momentum(0.1, 0.9, 0.01),
            "Momentum takes 2 arguments without a name, got 3; the others go by name: w",
        ),
        (lambda: WarmUp(1, 2), "WarmUp takes 1 argument without a name, got 2"),
        (lambda: Constant(0.1), "Constant takes 0 arguments without a name, got 1"),
    ],
)
def test_arguments_without_a_name_that_are_too_many_are_refused_with_the_names_of_the_others(
    call: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value).startswith(sentence)


def test_it_is_a_type_error_as_everywhere_in_python() -> None:
    with pytest.raises(TypeError):
        SGD(lr=0.1)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["Run", "Dense", "Network", "SGD", "Adam", "load", "play", "Lesson", "Cue"])
def test_signature_and_help_are_those_of_what_is_wrapped(name: str) -> None:
    thing = getattr(piggybank, name)
    signature = str(inspect.signature(thing))
    assert "arguments" not in signature
    assert "named" not in signature
    text = pydoc.plain(pydoc.render_doc(thing))
    assert name in text
    for one in inspect.signature(thing).parameters:
        assert one in text
    assert inspect.getdoc(thing)


def test_what_is_wrapped_takes_everything_it_took() -> None:
    @spelled
    def several(first: int, *others: int, last: int = 3) -> tuple[int, tuple[int, ...], int]:
        """Words."""
        return first, others, last

    assert several(1, 2, last=4) == (1, (2,), 4)
    assert several.__doc__ == "Words."
    assert several(first=1) == (1, (), 3)
    with pytest.raises(ArgumentError, match=r"several takes no others=; it takes first=, last="):
        several(1, others=2)


def test_a_missing_argument_is_still_named_by_python() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'learning_rate'"):
        SGD()  # type: ignore[call-arg]


def test_a_script_with_a_misspelt_argument_ends_in_the_sentence(tmp_path: Any, capsys: Any) -> None:
    script = tmp_path / "mine.py"
    script.write_text("from piggybank import SGD\nrule = SGD(lr=0.1)\n")
    assert main(["lesson", str(script)]) == 2
    assert capsys.readouterr().err == "piggybank: mine.py, line 2: SGD takes no lr=; did you mean learning_rate=?\n"


@pytest.mark.parametrize(("at", "says"), [(1, "x"), ("1.1.1", None)])
def test_a_cue_of_anything_but_text_is_refused(at: Any, says: Any) -> None:
    with pytest.raises(LookupError, match=r"of a cue is a text, got (1|None); try Cue\("):
        Cue(at, says)


def test_words_of_a_cue_that_are_no_number_are_named() -> None:
    with pytest.raises(LookupError, match=r"the cue at 1\.1\.1 names 'coni', which cues cannot; did you mean 'coin'\?"):
        Cue("1.1.1", "The {coni} falls.")


def test_editors_and_type_checkers_are_told_that_the_package_has_types() -> None:
    assert (Path(piggybank.__file__).parent / "py.typed").is_file()
