"""Where pictures, films and exports go: each is written aside and takes its place only when it is whole."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from piggybank.ledger.claiming import beside, mode_for, set_mode

ENDINGS = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def aside(path: Path) -> Iterator[IO[bytes]]:
    """A file beside the target, for writing; it takes the target's place when the block ends well, else it goes. Its
    name ends as the target's, which tells programs that write to it by name what to write."""
    with beside(path, path.suffix) as (handle, name):
        os.close(handle)
        with open(name, "wb") as file:
            yield file
        set_mode(name, mode_for(path))
        os.replace(name, path)


@contextmanager
def room_beside(path: Path) -> Iterator[Path]:
    """A folder beside the target for the parts that it will be put together from; it goes with the block."""
    with tempfile.TemporaryDirectory(prefix=".piggybank-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """SIGTERM and SIGHUP, as of a system that shuts down, end the block as an exception does."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.signal(one, end) for one in ENDINGS if signal.getsignal(one) is signal.SIG_DFL}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system refuses in the block, such as room on the disk, is an OSError with one sentence about the
    target. Asked to end meanwhile, the program does so in good order, and leaves nothing behind."""
    try:
        with _ending_in_order():
            yield
    except OSError as error:
        if error.errno is None:  # a sentence already
            raise
        raise OSError(
            f"{path.name or path} could not be written ({error.strerror}); make room there, or write to another folder"
        ) from None
