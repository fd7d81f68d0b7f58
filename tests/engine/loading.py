"""How data are refused when they are loaded: in one line, which says what it has to."""

import pytest

from piggybank.engine.data import DataError, load


def refusal(*arguments, **options):
    """The message with which load refuses; always one line."""
    with pytest.raises(DataError) as caught:
        load(*arguments, **options)
    message = str(caught.value)
    assert message.isprintable(), message
    return message


def says(message, *parts):
    missing = [part for part in parts if part not in message]
    assert not missing, f"{missing} not in: {message}"
