"""One writer a file: a lock that the system takes back when the process ends, however it ends."""

from __future__ import annotations

import os
import sys

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
