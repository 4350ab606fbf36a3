"""Serve an archive by the real command over a real socket."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from browse.serve import serve_args
from tests.ports import free_port

METADATA = Path(__file__).parents[2] / "datasette_metadata.json"


class Live:
    """A running server: its address, and answers as httpx gives them (the address does not follow redirects)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=30)

    def json(self, path: str) -> Any:
        return json.loads(self.get(path).text)


@contextlib.contextmanager
def serving(archive: Path, *extra: str, python: str = sys.executable) -> Iterator[Live]:
    """Run `datasette` as `fangzhi serve` does until the block ends, by the Python of another environment if asked."""
    port = free_port()
    command = [python, "-m", "datasette", *serve_args(archive, METADATA, port=port, extra=extra)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        live = Live(f"http://127.0.0.1:{port}")
        try:
            _wait(live, process)
            yield live
        finally:
            process.terminate()
            process.communicate(timeout=60)


def _wait(live: Live, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            live.get("/-/versions.json")
            return
        if process.poll() is not None:
            raise RuntimeError(f"datasette ended: {process.stderr.read().decode() if process.stderr else ''}")
        time.sleep(0.1)
    raise RuntimeError("datasette does not answer")
