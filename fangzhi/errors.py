"""Turn an error that a person can mend into one line and an exit code."""

import errno
from dataclasses import dataclass

from crawler.outlet import OutletError
from crawler.reader import WarcError

MENDS = {
    errno.ENOSPC: (7, "the disk is full: free some space and run the same command again"),
    errno.EDQUOT: (7, "the disk quota is used up: free some space and run the same command again"),
    errno.EADDRINUSE: (8, "the port is taken: stop the program that holds it, or choose another with --port"),
    errno.EACCES: (9, "permission denied: choose another place, or change who may write there"),
    errno.EROFS: (9, "the file system is read-only: choose another place"),
    errno.ENOENT: (4, "no such file or folder: check the path"),
    errno.EISDIR: (4, "that is a folder; a file is needed"),
    errno.ENOTDIR: (4, "a file stands where a folder is needed"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What to print (one line, without prefix) and the exit code."""

    code: int
    line: str


def explain(error: Exception) -> Cause | None:
    """Return the line and the code for an expected error, None for a bug."""
    if isinstance(error, OutletError):
        return Cause(3, str(error))
    if isinstance(error, WarcError):
        return Cause(4, str(error))
    if isinstance(error, OSError) and error.errno in MENDS:
        code, mend = MENDS[error.errno]
        return Cause(code, f"{error.filename}: {mend}" if error.filename else mend)
    return None
