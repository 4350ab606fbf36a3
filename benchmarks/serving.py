"""Serve an archive by the real Datasette on loopback, as `fangzhi serve` does."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from browse.serve import serve_args

METADATA = Path(__file__).parents[1] / "datasette_metadata.json"
START = 60.0  # seconds


@contextlib.contextmanager
def serving(archive: Path) -> Iterator[str]:
    """Serve until the block ends; give the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "datasette", *serve_args(archive, METADATA, port=port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/-/versions.json", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit("Datasette does not answer")
