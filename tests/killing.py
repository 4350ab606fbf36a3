"""Kill a command at the worst moment: when it calls a function of ours."""

import signal
import subprocess
import sys
from collections.abc import Sequence

PROGRAM = """
import os, signal
import {module} as module
def die(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = die
from fangzhi.__main__ import main
main()
"""


def killed_in(function: str, words: Sequence[str]) -> bool:
    """Run `fangzhi` with words until it calls a function (`package.module.name`); say whether that came to pass."""
    module, _, name = function.rpartition(".")
    command = [sys.executable, "-c", PROGRAM.format(module=module, name=name), *words]
    return subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
