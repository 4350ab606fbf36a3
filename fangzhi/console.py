"""Make consoles: as wide as the terminal, wide enough for every table where there is none."""

from rich.console import Console

WIDE = 160  # characters; a pipe or a log file has no width of its own


def console(*, stderr: bool = False) -> Console:
    """Return a console on stdout or stderr."""
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=WIDE)
