"""What operating systems do differently: the lock that keeps a file to one writer, released when the process ends,
however it ends; and waiting until what was written is on the disk."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

FAR = 1 << 62
"""A byte far beyond any file's end: Windows locks bytes, and a locked one cannot be read."""

if sys.platform == "win32":
    import msvcrt

    def lock(handle: int) -> bool:
        """Take the lock of an open file; False when another has it."""
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_END)
        return True

    def flush_disk(handle: int) -> None:
        """Have the disk write what it was given, where fsync has not seen to that."""

else:
    import errno
    import fcntl

    def lock(handle: int) -> bool:
        """Take the lock of an open file; False when another has it. A file system without locks lets everybody in."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            return problem.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN)
        return True

    WHOLLY = getattr(fcntl, "F_FULLFSYNC", None)
    """macOS's way; its fsync leaves what was written in the disk's own memory."""

    def flush_disk(handle: int) -> None:
        """Have the disk write what it was given, where fsync has not seen to that; some disks cannot be asked."""
        if WHOLLY is not None:
            with suppress(OSError):
                fcntl.fcntl(handle, WHOLLY)
