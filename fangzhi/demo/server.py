"""Serve the demonstration web on loopback: one port, one host name for each site."""

import gzip
from collections import Counter
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from fangzhi.demo.record import Resource
from fangzhi.demo.site import TODAY, Site
from fangzhi.demo.web import PORT, web


class DemoServer:
    """Answer HTTP on 127.0.0.1 from a thread of its own, from entering the context to leaving it.

    `day` may be set at any time; the next answer is of that day. `requests` counts what was answered, by
    (host, path, status).
    """

    def __init__(self, port: int = PORT, *, day: int = 1) -> None:
        self.day = day
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self._lock = Lock()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.demo = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """Return the port that is served, the one chosen where 0 was asked for."""
        return int(self._http.server_address[1])

    @property
    def day(self) -> int:
        """Return the day of the demonstration that is served."""
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        if day not in TODAY:
            raise ValueError(f"the demonstration web has the days 1 to {max(TODAY)}, not {day}")
        self._day = day

    def count(self, host: str, path: str, status: int) -> None:
        """Note one answer."""
        with self._lock:
            self.requests[host, path, status] += 1

    def start(self) -> Self:
        """Begin to answer; return this server."""
        web(self.day, self.port)  # the pages are made before the first request, so that no answer is slow
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(port: int = PORT, day: int = 1) -> DemoServer:
    """Return a server of the demonstration web, to be used as a context; port 0 chooses a free one.

    Raises OSError where the port is taken.
    """
    return DemoServer(port, day=day)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    demo: DemoServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing: the terminal belongs to the crawl."""

    def _answer(self, *, with_body: bool) -> None:
        demo = self.server.demo
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        site = web(demo.day, demo.port).get(host)
        resource = _find(site, self.path)
        headers = list(resource.headers)
        body = resource.body
        status = resource.status
        if site and site.validators and status == 200:
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            headers.append(("ETag", tag))
            if self._is_known(tag, dict(headers).get("Last-Modified")):
                status, body, headers = 304, b"", [pair for pair in headers if pair[0] != "Content-Type"]
        if site and site.compressed and status == 200 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        demo.count(host, self.path, status)
        self.send_response_only(status)
        self.send_header("Server", site.software if site else "nginx")
        self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _is_known(self, tag: str, modified: str | None) -> bool:
        """Say whether the client holds this very answer; a tag, where it sends one, decides alone."""
        if "If-None-Match" in self.headers:
            return self.headers["If-None-Match"] == tag
        return modified is not None and self.headers.get("If-Modified-Since") == modified


def _find(site: Site | None, path: str) -> Resource:
    """Return what a site answers, a plain 404 where it has nothing or where there is no such site."""
    if site and path in site.resources:
        return site.resources[path]
    body = b"<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>"
    return Resource(body=body, status=404, headers=(("Content-Type", "text/html"),))
