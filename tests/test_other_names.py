"""Names of other libraries, as attributes and in imports: one sentence says what to use here, and Python's own ways of
asking for attributes are answered as ever."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

import piggybank
from piggybank import SGD, Dataset, Dense, Lesson, Network, Run
from piggybank.app.cli import main
from piggybank.elsewhere import ATTRIBUTES, PACKAGE
from piggybank.spelling import NotHereError, spelled

RUN = Run(Network(Dense(2, 3, "tanh"), Dense(3, 1), seed=7), "xor", rule=SGD(0.5), batch_size=4).train(batches=2)
THINGS: dict[str, Any] = {
    "Run": RUN,
    "Network": RUN.network,
    "Dense": RUN.network.layers[0],
    "Ledger": RUN.ledger,
    "Dataset": RUN.dataset,
    "Rule": RUN.rule,
    "Lesson": Lesson(None, "Mine", RUN),
}
SPOKEN = {thing.lower(): thing for thing in THINGS} | {"layer": "Dense"}
"""What the sentences call each of them."""


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: RUN.fit, "Run has no fit; try run.train(epochs=10)"),  # type: ignore[attr-defined]
        (lambda: RUN.receipt, "Run has no receipt; it is the ledger's, run.ledger.receipt"),  # type: ignore[attr-defined]
        (lambda: RUN.dataset.X, "Dataset has no X; they are dataset.inputs"),  # type: ignore[attr-defined]
        (lambda: RUN.rule.lr, "Rule has no lr; it is in rule.settings"),  # type: ignore[attr-defined]
    ],
)
def test_an_attribute_of_another_library_is_answered_with_what_to_use_here(
    ask: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(AttributeError) as caught:
        ask()
    assert str(caught.value) == sentence


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_no_name_that_is_answered_for_stands_in_the_way_of_one_that_is_there(kind: str) -> None:
    there = {*dir(THINGS[kind]), *vars(THINGS[kind])}
    assert there.isdisjoint(ATTRIBUTES[kind])
    for name in ATTRIBUTES[kind]:
        assert not hasattr(THINGS[kind], name)
        assert getattr(THINGS[kind], name, "none") == "none"


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_what_the_answers_name_is_there(kind: str) -> None:
    for words in {*ATTRIBUTES[kind].values()}:
        if words.endswith("on the command line"):
            continue
        named = re.findall(rf"\b({'|'.join(SPOKEN)}|piggybank)((?:\.\w+)+)", re.sub(r'"[^"]*"', "", words))
        called = re.findall(r"\b[A-Z]\w+(?=\()", words)
        assert named or called or "(" in words, words
        for first, path in named:
            value = piggybank if first == "piggybank" else THINGS[SPOKEN[first]]
            for part in path.split(".")[1:]:
                value = getattr(value, part)
        assert all(hasattr(piggybank, name) for name in called), words


def test_what_takes_the_place_of_a_name_to_import_is_there() -> None:
    for here in PACKAGE.values():
        words = re.sub(r"'[^']*'", "", here)
        first = re.match(r"\w+", words)
        assert first is not None
        assert hasattr(piggybank, first[0]) or hasattr(RUN, words.split(".")[-1].split("(")[0]) or "loss=" in here


@pytest.mark.parametrize("name", ["nothing", "_repr_html_", "_ipython_canary_method_should_not_exist_", "__array__"])
@pytest.mark.parametrize("kind", THINGS)
def test_any_other_attribute_is_refused_in_the_words_of_python(kind: str, name: str) -> None:
    class Plain:
        pass

    with pytest.raises(AttributeError) as caught:
        getattr(Plain(), name)
    known = str(caught.value).replace("Plain", kind)
    with pytest.raises(AttributeError) as caught:
        getattr(THINGS[kind], name)
    assert str(caught.value) == known
    assert not isinstance(caught.value, NotHereError)
    assert (caught.value.name, caught.value.obj) == (name, THINGS[kind])  # type: ignore[attr-defined]  # from Python 3.10


def test_what_goes_wrong_inside_a_property_is_said_as_it_is() -> None:
    class Dataset:
        @property
        def broken(self) -> int:
            return len(self.missing)  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(AttributeError, match="object has no attribute 'missing'"):
        spelled(Dataset)().broken  # noqa: B018


def test_attributes_that_are_only_answered_for_are_not_listed() -> None:
    assert {"fit", "loss"}.isdisjoint(dir(RUN))
    assert "train" in dir(RUN)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("kind", ["Network", "Dense", "Dataset"])
def test_what_runs_are_made_of_is_copied_as_ever(kind: str, again: Callable[[Any], Any]) -> None:
    assert repr(again(THINGS[kind])) == repr(THINGS[kind])


def test_data_are_pickled_as_ever() -> None:
    again = pickle.loads(pickle.dumps(RUN.dataset))
    assert isinstance(again, Dataset)
    assert again.inputs.tobytes() == RUN.dataset.inputs.tobytes()


# Setting --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        (
            "Run",
            "rule",
            "Run.rule cannot be set: a run stays as it was made and recorded; run.fork(1, …) is one w",
        ),
        ("Run", "learning_rate", "Run.learning_rate cannot be set: a run stays as it was made"),
        ("Network", "seed", "Network.seed cannot be set: a network stays as it was made; make another"),
        ("Dense", "activation", "Dense.activation cannot be set: a layer stays as it was made; make another"),
    ],
)
def test_settings_that_nothing_would_notice_are_refused_with_what_to_do(kind: str, name: str, sentence: str) -> None:
    before = dict(vars(THINGS[kind]))
    with pytest.raises(AttributeError) as caught:
        setattr(THINGS[kind], name, 3)
    assert str(caught.value).startswith(sentence)
    assert vars(THINGS[kind]) == before


def test_a_test_may_put_something_in_the_place_of_a_method_and_take_it_away_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(RUN, "train", lambda: "not today")
        assert RUN.train() == "not today"  # type: ignore[comparison-overlap]
    with mock.patch.object(RUN, "save", return_value="saved"):
        assert RUN.save() == "saved"  # type: ignore[call-arg,comparison-overlap]
    assert {"train", "save"}.isdisjoint(vars(RUN))


def test_a_class_of_ones_own_that_is_made_of_one_takes_what_it_likes() -> None:
    class Mine(Network):
        def __init__(self) -> None:
            super().__init__(Dense(2, 1))
            self.words = "mine"

    assert Mine().words == "mine"
    mine = Mine()
    mine.words = "yours"
    assert mine.words == "yours"


# Imports --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("from piggybank import Linear", "cannot import name 'Linear' from 'piggybank'; here it is Dense"),
        (
            "from piggybank import SGD, RMSprop",
            "cannot import name 'RMSprop' from 'piggybank'; did you mean 'RMSProp'?",
        ),
        ("from piggybank import Ntwork as N", "cannot import name 'Ntwork' from 'piggybank'; did you mean 'Network'?"),
    ],
)
def test_an_import_is_answered_with_what_to_import_here(statement: str, sentence: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(statement)
    assert str(caught.value) == sentence
    assert caught.value.name == "piggybank"


def test_an_import_of_what_resembles_nothing_is_refused_in_the_words_of_python() -> None:
    with pytest.raises(ImportError, match=r"^cannot import name 'quux' from 'piggybank' \("):
        exec("from piggybank import quux")


def test_whoever_asks_in_another_way_than_by_an_import_is_told_that_there_is_no_attribute() -> None:
    assert not hasattr(piggybank, "Linear")
    assert getattr(piggybank, "Linear", None) is None
    assert __import__("piggybank", fromlist=["Linear"]) is piggybank
    with pytest.raises(AttributeError, match="has no attribute 'Linear'; here it is Dense"):
        piggybank.Linear  # noqa: B018


def test_modules_whose_names_resemble_one_of_the_package_are_imported_as_ever() -> None:
    code = "from piggybank import ledger, training, engine; print(ledger.__name__)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("piggybank.ledger\n", "")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("from piggybank import Linear", "line 1: cannot import name 'Linear' from 'piggybank'; here it is Dense"),
        ("import piggybank\npiggybank.load('xor').y", "line 2: Dataset has no y; they are dataset.targets"),
    ],
)
def test_a_script_that_uses_such_a_name_ends_in_the_sentence(
    script: str, sentence: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(script, encoding="utf-8")
    assert main(["lesson", str(path)]) == 2
    assert capsys.readouterr().err == f"piggybank: mine.py, {sentence}\n"
