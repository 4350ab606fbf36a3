"""Read pages with one other program; run by benchmarks/build.py, in the environment where that program lives.

    python benchmarks/rivals.py NAME PAGES

PAGES is a pickled list of (address, bytes). The first pages are read once beforehand, uncounted: what is loaded or
compiled once is no page's time. Prints JSON: pages, CPU seconds, how many gave a text.
"""

import json
import logging
import pickle
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

Reader = Callable[[str, bytes], object]
BEFOREHAND = 5


def lxml() -> Reader:
    """Parse the page, and nothing else: the floor."""
    from lxml import html

    return lambda _, body: html.document_fromstring(body) is not None


def trafilatura() -> Reader:
    """Read text and metadata, as it comes."""
    from trafilatura import bare_extraction

    return lambda url, body: getattr(bare_extraction(body, url=url, with_metadata=True), "text", None)


def newsplease() -> Reader:
    """Read an article with all of its extractors, as it comes."""
    from newsplease import NewsPlease

    return lambda url, body: getattr(NewsPlease.from_html(body.decode("utf-8", "replace"), url=url), "maintext", None)


def newspaper4k() -> Reader:
    """Read a Chinese article, as it comes."""
    from newspaper import Article

    def read(url: str, body: bytes) -> object:
        article = Article(url, language="zh", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return article.text

    return read


RIVALS = {"lxml": lxml, "trafilatura": trafilatura, "news-please": newsplease, "newspaper4k": newspaper4k}


def main() -> None:
    """Read every page; print what that took."""
    logging.disable(logging.CRITICAL)
    pages = pickle.loads(Path(sys.argv[2]).read_bytes())
    read = RIVALS[sys.argv[1]]()

    def text(url: str, body: bytes) -> bool:
        try:
            return bool(read(url, body))
        except Exception:  # noqa: BLE001  (a page that it cannot read is counted as such)
            return False

    for page in pages[:BEFOREHAND]:
        text(*page)
    begun = time.process_time()
    found = sum(text(*page) for page in pages)
    spent = time.process_time() - begun
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[0]) // 1000
    print(json.dumps({"pages": len(pages), "cpu": spent, "found": found, "peak": peak}))


if __name__ == "__main__":
    main()
