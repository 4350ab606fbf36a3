"""Read the fields that a page carries as data in its scripts: for pages that print none of them."""

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import islice

from pipelines.describe.scene import Scene
from pipelines.extract.embedded import script_texts

_KEY = r"(?<![A-Za-z])[\"']?(?P<key>{})[\"']?\s*[:=]\s*"
PRINTED = re.compile(
    _KEY.format(
        "datePublished|pubDate|pub_?[tT]ime|publish_?[tT]ime|publish_?[dD]ate|(?:ori_?)?[cC]reate_?[tT]ime|news_?[tT]ime|time|ptime"
    )
    + r"""["'](?P<value>(?:19|20)\d\d[-/]\d\d?[-/]\d\d?[T ]\d\d?:\d\d(?::\d\d)?[^"']{0,8})"""
)
COUNTED = re.compile(  # seconds or thousandths of them since 1970
    _KEY.format("ct|pub_?[tT]ime|publish_?[tT]ime|create_?[tT]ime") + r"""["']?(?P<value>1\d{9})(?:\d{3})?(?!\d)"""
)
SOURCE = re.compile(
    _KEY.format("source|sourceName|source_name|mediaName|media_name") + r"""["'](?P<value>[^"'<>{}]{2,30})["']"""
)
AUTHOR = re.compile(r'"author"\s*:\s*\[?\s*\{[^{}]*?"name"\s*:\s*"(?P<value>[^"]{2,20})"')  # of linked data
WHOLE = re.compile(r"""\bdata["']?\s*:\s*\[\s*\{""")  # the list of one in which Nuxt keeps what a page shows
HAN = re.compile(r"[\u3400-\u9fff]")
OPENING = 12  # characters of the text by which its script is known
MOST = 20  # values of one kind that are looked at in one script
LONGEST = 2_000_000  # characters of one script


def sources_in_scripts(scene: Scene) -> Iterator[str]:
    """Yield the source that a script names.

    Pages carry the data of other articles too, in lists. So it counts where it stands in no list, and either its
    script holds the very text of the article or the page says the name once more.
    """
    page = scene.draft.page
    opening = next(iter(scene.draft.lines), "")[:OPENING]
    escaped = "".join(f"\\u{ord(char):04x}" for char in opening)
    for source in script_texts(page):
        text = source[:LONGEST]
        if "ource" not in text and "edia" not in text:
            continue
        name = next((name for name in _outside_lists(SOURCE, text) if HAN.search(name)), None)
        if name and (opening in text or escaped in text or page.text.count(name) > 1):
            yield name


def authors_in_scripts(scene: Scene) -> Iterator[str]:
    """Yield the persons that the page's linked data call its authors."""
    for source in script_texts(scene.draft.page):
        if '"author"' in source[:LONGEST] and '"@type"' in source[:LONGEST]:
            yield from (found["value"] for found in islice(AUTHOR.finditer(source[:LONGEST]), MOST))


def time_in_scripts(scene: Scene, zone: tzinfo) -> str | None:
    """Return the first time that a script names as the article's, as it stands there, a counted one in the zone."""
    for source in script_texts(scene.draft.page):
        text = source[:LONGEST]
        for printed in _outside_lists(PRINTED, text):
            return printed
        for counted in _outside_lists(COUNTED, text):
            return datetime.fromtimestamp(int(counted), zone).isoformat(timespec="seconds")
    return None


def _outside_lists(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the values that a script gives in no list: there stand the other articles, but for linked data."""
    for found in islice(pattern.finditer(text), MOST):
        before = text[: found.start()]
        lists = before.count("[") - before.count("]")
        if found["key"] == "datePublished" or lists == 0 or (lists == 1 and len(WHOLE.findall(before)) == 1):
            yield found["value"]
