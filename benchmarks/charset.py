"""Compare our choice of charset with other detectors, on pages re-encoded truly, silently and lyingly, and damaged.

usage: python benchmarks/charset.py [--pages N] [--shared FOLDER] [--only NAME …]

The pages are taken from FOLDER/corpus/html (FANGZHI_SHARED by default), the labelled samples from FOLDER/charset.
chardet and resiliparse are taken from .venv-bench, where `make bench` puts them; without it they are named as not
installed. Times are CPU seconds of this process.
"""

import argparse
import gzip
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes
from w3lib.encoding import html_to_unicode

from pipelines.decode import decode_bytes

APART = Path(__file__).resolve().parent.parent / ".venv-bench" / "lib"
CJK = ["utf_8", "gb18030", "gbk", "big5", "big5hkscs", "utf_16", "cp949", "shift_jis"]
CHARSETS = ("gb18030", "gbk", "big5", "utf-8", "utf-16", "utf-16-le")
LABELS = {
    "gb18030": "gb18030",
    "gbk": "gbk",
    "big5": "big5",
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
}
LIES = {"gb18030": "utf-8", "gbk": "big5", "big5": "gb2312", "utf-8": "gbk", "utf-16": "gb2312", "utf-16-le": "gb2312"}
META = re.compile(r"<meta\b[^>]*\bcharset\b[^>]*>|<\?xml[^>]*\?>", re.IGNORECASE)
UNDAMAGED = ("true", "none", "lie")
FAMILY = {
    **dict.fromkeys(("gb2312", "gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("big5hkscs", "cp950", "big5_hkscs", "big5-hkscs"), "big5"),
    **dict.fromkeys(("utf_8", "utf8", "utf-8-sig", "ascii"), "utf-8"),
    **dict.fromkeys(("utf_16", "utf_16_le", "utf-16-le", "utf-16le", "utf-16be", "utf-16-be"), "utf-16"),
}


def family(name: str | None) -> str:
    """Return the family of a charset label; "none" where there is none."""
    low = (name or "none").lower()
    return FAMILY.get(low, low)


def ours(body: bytes) -> str | None:
    """Decide by our own means."""
    return decode_bytes(body).charset


def detectors() -> dict[str, Callable[[bytes], str | None]]:
    """Return every detector that is installed, by name."""
    sys.path += map(str, APART.glob("python*/site-packages"))  # at the end: what both have is taken from here
    found: dict[str, Callable[[bytes], str | None]] = {"fangzhi": ours}
    found["charset-normalizer"] = lambda body: getattr(from_bytes(body).best(), "encoding", None)
    found["charset-normalizer, CJK only"] = lambda body: getattr(
        from_bytes(body, cp_isolation=CJK).best(), "encoding", None
    )
    if find_spec("chardet"):
        found["chardet"] = lambda body: import_module("chardet").detect(body)["encoding"]
    if find_spec("resiliparse"):
        found["resiliparse"] = lambda body: import_module("resiliparse.parse.encoding").detect_encoding(body)
    found["w3lib"] = lambda body: html_to_unicode(None, body)[0]
    return found


def declared(text: str, label: str | None) -> str:
    """Return the page with that charset declared, or with no declaration."""
    bare = META.sub("", text)
    if label is None:
        return bare
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    head = re.search(r"<head[^>]*>", bare, re.IGNORECASE)
    return bare[: head.end()] + meta + bare[head.end() :] if head else meta + bare


def variants(text: str) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield (charset, kind, the right text, bytes) for every way to write a page."""
    for charset in CHARSETS:
        for kind, label in (("true", LABELS[charset]), ("none", None), ("lie", LIES[charset])):
            page = declared(text, label)
            try:
                body = page.encode(charset)
            except UnicodeEncodeError:
                continue
            yield charset, kind, page, body
            if kind != "none":
                continue
            place = middle(page, charset)
            yield charset, "inserted", page, body[:place] + b"\xff" + body[place:]
            yield charset, "split", page, body[: place + 1] + b"\xff" + body[place + 1 :]
            if not charset.startswith("utf-16"):  # there every pair of bytes is some character
                yield charset, "lead lost", page, body[:place] + b"\xff" + body[place + 1 :]
                yield charset, "trail lost", page, body[: place + 1] + b"\xff" + body[place + 2 :]
            yield charset, "cut", page, body[: place + 1]


def middle(page: str, charset: str) -> int:
    """Return the byte offset of the Han character nearest behind the middle of the page."""
    found = re.compile("[\u4e00-\u9fff]").search(page, len(page) // 2) or re.compile("[\u4e00-\u9fff]").search(page)
    return len(page[: found.start()].encode(charset)) if found else 0


def same(kind: str, page: str, text: str, bad: int) -> bool:
    """Say whether a text is what it should be: identical, or identical but for one or two marked characters."""
    if kind in UNDAMAGED:
        return text == page
    if kind == "cut":
        return bad > 0 and page.startswith(text.rstrip("\ufffd"))
    head = common(page, text)
    tail = common(page[:head:-1], text[:head:-1])
    return bad > 0 and head + tail >= len(page) - 2


def common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next(
        (number for number, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


class Tally(NamedTuple):
    """What was counted."""

    right: Counter
    total: Counter
    identical: Counter
    seconds: Counter
    confusion: dict[str, Counter]


def main() -> None:
    """Print one table of right answers, one of confusions, one of times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=0, help="only so many pages")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("FANGZHI_SHARED", ".")))
    parser.add_argument("--only", nargs="*", help="only these detectors")
    parser.add_argument("--worst", type=int, default=10)
    args = parser.parse_args()
    tools = {name: tool for name, tool in detectors().items() if not args.only or name in args.only}
    files = sorted((args.shared / "corpus" / "html").glob("*.gz"))
    if not files:
        raise SystemExit(f"no pages under {args.shared}/corpus/html: name the folder with --shared or FANGZHI_SHARED")
    files = files[:: max(1, len(files) // args.pages)] if args.pages else files
    tally = Tally(Counter(), Counter(), Counter(), Counter(), {name: Counter() for name in tools})
    for file in files:
        text = gzip.decompress(file.read_bytes()).decode("utf-8", "replace").replace("\ufffd", "")
        for charset, kind, page, body in variants(text):
            key = (charset, kind)
            tally.total[key] += 1
            read = decode_bytes(body)
            good = same(kind, page, read.text, read.bad_bytes)
            tally.identical[key] += good
            if not good and args.worst > 0:
                args.worst -= 1
                print(f"  not identical: {file.name} {key} read as {read.charset}, {read.bad_bytes} bad bytes")
            for name, tool in tools.items():
                start = time.process_time()
                answer = tool(body)
                if kind in UNDAMAGED:  # of the others most detectors see the first bad byte and give up
                    tally.seconds[name, family(charset)] += time.process_time() - start
                tally.right[name, key] += family(answer) == family(charset)
                tally.confusion[name][family(charset), family(answer)] += 1
    report(tools, tally)
    samples(tools, args.shared / "charset")


def report(tools: dict[str, Callable[[bytes], str | None]], tally: Tally) -> None:
    """Print the tables."""
    print(f"{'charset':10} {'kind':10} {'pages':>5} {'identical':>10}  " + "  ".join(tools))
    for key, count in tally.total.items():
        shares = "  ".join(f"{tally.right[name, key] / count:{len(name)}.3f}" for name in tools)
        print(f"{key[0]:10} {key[1]:10} {count:5} {tally.identical[key] / count:10.4f}  {shares}")
    print(f"identical in all: {tally.identical.total()} of {tally.total.total()}")
    print("CPU seconds, pages without damage")
    for name in tools:
        spent = (f"{charset} {value:.2f}" for (tool, charset), value in tally.seconds.items() if tool == name)
        print(f"  {name:30}", "  ".join(spent))
    print("confusions (written as, taken for: times)")
    for name in (one for one in ("chardet", "resiliparse") if not find_spec(one)):
        print(f"  {name:30} not installed")
    for name in tools:
        wrong = [
            f"{one}→{other} {times}" for (one, other), times in tally.confusion[name].most_common() if one != other
        ]
        print(f"  {name:30}", ", ".join(wrong[:8]) or "none")


def samples(tools: dict[str, Callable[[bytes], str | None]], folder: Path) -> None:
    """Print how many of the labelled byte samples each detector names rightly."""
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text("utf-8").splitlines()]
    print(f"labelled samples: {len(rows)}")
    for name, tool in tools.items():
        good = sum(family(tool((folder / row["file"]).read_bytes())) == row["label"] for row in rows)
        print(f"  {name:30} {good}")


if __name__ == "__main__":
    main()
