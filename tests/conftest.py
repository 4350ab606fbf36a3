"""A web on loopback that tests fill, and crawls of it in a process of their own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from crawler.reader import iter_captures
from tests.demo_days import DemoDays, crawled, shared_folder

RUNNER = Path(__file__).with_name("run_crawl.py")
Answer = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make golden` write what golden pages now give, for a reviewer to read as a difference."""
    parser.addoption("--write-golden", action="store_true", help="rewrite the article.json of every golden page")


class Loopback:
    """Answer for any number of `*.localhost` hosts on one port of 127.0.0.1; note every request."""

    def __init__(self, folder: Path, crawls: "Crawls") -> None:
        self.folder = folder
        self.crawls = crawls
        self.answers: dict[tuple[str, str], Answer] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.lock = Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def url(self, path: str, host: str = "paper") -> str:
        return f"http://{host}.localhost:{self.port}{path}"

    def put(self, path: str, body: bytes | str = b"", *, host: str = "paper", status: int = 200, **headers: str) -> str:
        """Let a path answer; header names are given with underscores."""
        data = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.answers[f"{host}.localhost", path] = (status, named, data)
        return self.url(path, host)

    def call(self, path: str, answer: Callable[[BaseHTTPRequestHandler], None], *, host: str = "paper") -> str:
        """Let a path be answered by a function that may do to the connection what it likes."""
        self.answers[f"{host}.localhost", path] = answer
        return self.url(path, host)

    def paths(self, host: str = "paper") -> list[str]:
        with self.lock:
            return [path for name, path, _ in self.seen if name == f"{host}.localhost"]

    def outlet(self, *, host: str = "paper", **changes: Any) -> Outlet:
        """Return an outlet of a host: articles are `/a/N.html`, one column `/list.html`."""
        given: dict[str, Any] = {
            "slug": host,
            "name": "河湾日报",
            "home": self.url("/", host),
            "kind": "paper",
            "delay": 0,
            "private": True,
            "sources": [{"type": "column", "url": self.url("/list.html", host), "next": "下一页"}],
            "urls": {"article": [r"/a/\d+\.html$"], "list": [r"/list(?:_\d+)?\.html$"]},
        }
        return Outlet.model_validate({**given, **changes})

    def crawl(self, *outlets: Outlet, check: bool = True, **options: Any) -> dict[str, Any]:
        """Crawl in a process of its own, into this test's folder; return the report."""
        given = {"lifetime": 90, **json.loads(self.command(*outlets, **options)[2])}
        output, errors = self.folder / "crawl.out", self.folder / "crawl.err"
        code = self.crawls.run({"given": given, "output": str(output), "errors": str(errors)})
        said, wrong = output.read_text(), errors.read_text()
        if check:
            assert code == 0, wrong or said
        report = json.loads(said.splitlines()[-1]) if said.strip() else {}
        return {"code": code, "stderr": wrong, **report}

    def command(self, *outlets: Outlet, **options: Any) -> list[str]:
        given = {
            "outlets": [outlet.model_dump(mode="json") for outlet in outlets or (self.outlet(),)],
            "captures": str(self.folder / "captures"),
            "crawl_db": str(self.folder / "crawl.db"),
            **options,
        }
        return [sys.executable, str(RUNNER), json.dumps(given)]

    def captures(self) -> list[Capture]:
        """Return everything captured so far, in the order of the files."""
        files = sorted((self.folder / "captures").glob("*.warc.gz"))
        return [capture for path in files for capture in iter_captures(path)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = (self.headers.get("Host") or "").partition(":")[0]
                with web.lock:
                    web.seen.append((host, self.path, dict(self.headers.items())))
                answer = web.answers.get((host, self.path), (404, {"Content-Type": "text/plain"}, b"none"))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Print nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    self.close_connection = True

        return Handler


class Crawls:
    """A process that has done its imports and forks for each crawl: that halves the time of these tests."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(RUNNER), "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, wanted: dict[str, Any]) -> int:
        """Run one crawl; return its exit code, negative where a signal ended it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture(scope="session")
def crawls() -> Iterator[Crawls]:
    forks = Crawls()
    yield forks
    forks.stop()


@pytest.fixture
def loopback(tmp_path: Path, crawls: Crawls) -> Iterator[Loopback]:
    web = Loopback(tmp_path, crawls)
    yield web
    web.stop()


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of what the fixture `made` of a file of tests has made, to change at will."""
    return shutil.copytree(made, tmp_path / "here")


@pytest.fixture(scope="session")
def demo_days(tmp_path_factory: pytest.TempPathFactory) -> DemoDays:
    """The demonstration web, crawled on its five days."""
    return crawled(shared_folder(tmp_path_factory.getbasetemp()))
