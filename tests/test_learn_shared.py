"""The labelled pages are read the same where their sites have been learnt from others of them."""

import gzip
import hashlib
import json
import os
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.flow import Reader
from pipelines.learn.place import says_the_same
from pipelines.learn.school import templates_of
from tests.learnt_paper import START

SHARED = os.environ.get("FANGZHI_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="FANGZHI_SHARED does not name the folder of labelled pages")
FEWEST = 8  # pages of a site of which one half can teach


def sites() -> dict[str, list[Capture]]:
    """Every site of which there are enough pages, with their captures."""
    home = Path(SHARED or "", "corpus")
    found = defaultdict(list)
    for number, line in enumerate((home / "gold.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        body = gzip.decompress((home / "html" / f"{row['file']}.gz").read_bytes())
        found[row["site"].replace(".", "-")].append(
            Capture(
                url=f"http://{row['site']}/{number}.html", fetched_at=START, status=200, body=body,
                headers=(("Content-Type", "text/html"),), sha256="ff" + hashlib.sha256(body).hexdigest()[2:],
                warc_file="a.warc.gz", warc_offset=number,
            )
        )  # fmt: skip
    return {site: pages for site, pages in found.items() if len(pages) >= FEWEST}


def test_no_field_of_a_page_is_lost_to_what_was_learnt():
    pages = by_template = 0
    for slug, captures in sites().items():
        home = "/".join(captures[0].url.split("/")[:3])
        source = {"type": "column", "url": f"{home}/"}
        outlet = Outlet.model_validate({"slug": slug, "name": slug, "home": home, "kind": "paper", "sources": [source]})
        plain, half = Reader({slug: outlet}), len(captures) // 2
        lessons = [one.lesson for one in map(plain.lesson, captures[:half]) if one.lesson]
        learnt = Reader({slug: outlet.taught(templates_of(lessons, START - timedelta(days=1)))})
        for capture in captures[half:]:
            whole, quick = plain.outcome(capture), learnt.outcome(capture)
            assert whole.kind == quick.kind
            pages += 1
            if quick.template:
                by_template += 1
                assert says_the_same(quick.reading.article, whole.reading.article), capture.url
    assert by_template * 2 > pages  # most of them, so that this says something
