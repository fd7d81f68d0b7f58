"""Options that cannot be understood get one sentence, where argparse prints its whole usage and words of its own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

KINDS = {"int": "a whole number", "float": "a number"}
POSITIONAL = {"which": "a lesson's number or a file", "file": "a file"}
"""What arguments without dashes are called, by their names in the parser."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose refusals are one sentence each; as everywhere, the exit code is 2."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What is left over is refused by the command that it was given to, which knows its own options."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {rest[0]}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        from piggybank.wording import printable

        self.exit(2, f"piggybank: {printable(self._sentence(message))}; see {self.prog} --help\n")

    def _sentence(self, message: str) -> str:
        for pattern, words in _ANSWERS:
            found = re.match(pattern, message, flags=re.DOTALL)
            if found:
                return words(found, self)
        return message

    @property
    def called(self) -> str:
        """The command itself."""
        return self.prog.rpartition(" ")[2]

    @property
    def commands(self) -> list[str]:
        """The names of the commands, where this is the parser of all of them."""
        groups = [action for action in self._actions if isinstance(action, argparse._SubParsersAction)]
        return [name for group in groups for name in group.choices]

    @property
    def options(self) -> list[str]:
        """Every option by its long name."""
        return [name for action in self._actions for name in action.option_strings if name.startswith("--")]


def _kind(found: re.Match[str], _: Parser) -> str:
    point = found[3].strip("'").replace(",", ".", 1)
    more = f"; try {point}" if found[2] == "float" and re.fullmatch(r"[+-]?\d*\.\d+", point) and "," in found[3] else ""
    return f"{found[1]} expects {KINDS[found[2]]}, got {found[3]}{more}"


def _nothing(found: re.Match[str], _: Parser) -> str:
    return f"{found[1]} expects something after it, and what begins with a dash is taken for an option"


def _command(found: re.Match[str], parser: Parser) -> str:
    from piggybank.wording import quote, suggestion

    return f"there is no command called {quote(found[2])}; {suggestion(found[2], parser.commands)}"


def _left_over(found: re.Match[str], parser: Parser) -> str:
    from piggybank.elsewhere import ARGUMENTS
    from piggybank.wording import nearest, quote

    if not found[1].startswith("-"):
        return f"{quote(found[1])} is one too many"
    name = found[1].partition("=")[0]
    here = ARGUMENTS.get(name.lstrip("-").replace("-", "_"), ())
    same = [option for option in parser.options if option.lstrip("-").replace("-", "_") in here]
    near = same or nearest(name, parser.options)
    return f"there is no option {name}" + (f", did you mean {near[0]}?" if near else "")


def _missing(found: re.Match[str], parser: Parser) -> str:
    return f"{parser.called} needs {_and([POSITIONAL.get(name, name) for name in found[1].split(', ')])}"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


_ANSWERS: Sequence[tuple[str, Callable[[re.Match[str], Parser], str]]] = (
    (r"argument (.*?): invalid (int|float) value: (.*)", _kind),
    (r"argument (.*?): expected (?:one|at least one) argument", _nothing),
    (r"argument .*?: invalid choice: (['\"])(.*?)\1(?: \(|, maybe you meant )", _command),
    (r"unrecognized arguments: (.*)", _left_over),
    (r"the following arguments are required: (.*)", _missing),
    (
        r"one of the arguments (.*) is required",
        lambda found, parser: f"{parser.called} needs {found[1].replace(' ', ' or ')}",
    ),
    (r"argument (.*?): not allowed with argument (.*)", lambda found, _: f"{found[1]} does not go with {found[2]}"),
)
"""What argparse says, and who says it better."""
