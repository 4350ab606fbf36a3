"""Let scrapy-playwright hold the browser that renders pages: how it is started, and what it may never do by itself.

The browser reaches no network: whatever a page asks for is answered by `crawler/render.py`. Loaded by name, where an
outlet says `browser = true`; the extra `browser` installs what is needed.
"""

import os
import shutil
from pathlib import Path

from scrapy.settings import Settings
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.wire import WireHandler

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # what slips past the routes finds no host
)


class BrowserHandler(ScrapyPlaywrightDownloadHandler, WireHandler):  # type: ignore[misc]  # it ships no types
    """Download with the browser where a request says so (`playwright` in its meta), else over the wire as ever."""


def use_browser(settings: Settings) -> None:
    """Set up the download handlers and the browser."""
    handler = "crawler.browser.BrowserHandler"
    settings.set("DOWNLOAD_HANDLERS", {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler})
    # Chromium refuses its sandbox to root, who should not crawl anyway
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    options = {"args": flags, "executable_path": executable(), "handle_sigint": False, "handle_sigterm": False}
    settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", {name: value for name, value in options.items() if value is not None})


def is_there() -> bool:
    """Say whether a browser is installed: the system's own, or the one that `playwright install` fetches."""
    return executable() is not None or any((Path.home() / ".cache/ms-playwright").glob("chromium*"))


def executable() -> str | None:
    """Return the system's own Chromium, None where there is none but, perhaps, Playwright's."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
