"""Measure the repairs: injected pinyin undone, clean pages left alone, time against extraction.

usage: python benchmarks/repair.py [--shared FOLDER] [--worst N] [--texts N]

FOLDER (FANGZHI_SHARED by default) holds repair/pinyin_pairs.jsonl (trad, corrupted), samples/ and corpus/html. Every
change to a page of the corpus is printed, with its rule, so that a person can judge it. Times are CPU seconds.
"""

import argparse
import difflib
import gzip
import json
import os
import re
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.mirrors import VARIANTS, damaged
from crawler.capture import Capture
from pipelines.decode import decode
from pipelines.extract import extract, lay_out
from pipelines.extract.lines import Flat
from pipelines.parse import parse
from pipelines.records import Page, Repair, Skip
from pipelines.repair import repair_lines, repair_page, repair_text, undo
from pipelines.repair.pinyin.readings import LETTERS, is_toned
from pipelines.trim import trim

RESIDUE = re.compile(rf"\(([{LETTERS}]{{1,7}})\)")


def capture_of(body: bytes, content_type: str) -> Capture:
    """Return bytes as a capture."""
    return Capture(
        url="file:///page", fetched_at=datetime.now(UTC), status=0, headers=(("Content-Type", content_type),),
        body=body, sha256="", warc_file="", warc_offset=0,
    )  # fmt: skip


def pairs(path: Path, worst: int) -> None:
    """Print how much of the injected texts comes back."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    total = wrong = residue = guesses = guessed_wrong = 0
    start = time.process_time()
    for row in rows:
        repaired = repair_text(row["corrupted"], lines=False)
        if undo(repaired.text, repaired.repairs) != row["corrupted"]:
            print("  NOT REVERSIBLE", row["id"])
        total += len(row["trad"])
        guesses += sum(not repair.certain for repair in repaired.repairs)
        residue += sum(is_toned(found[1]) for found in RESIDUE.finditer(repaired.text))
        matcher = difflib.SequenceMatcher(None, row["trad"], repaired.text, autojunk=False)
        for kind, one, two, three, four in matcher.get_opcodes():
            if kind == "equal":
                continue
            wrong += max(two - one, four - three)
            near = [one for one in repaired.repairs if one.start <= four and one.end >= three]
            guessed_wrong += any(not repair.certain for repair in near)
            if worst > 0:
                worst -= 1
                print(f"  {row['trad'][max(0, one - 8) : two + 8]!r} → {repaired.text[max(0, three - 8) : four + 8]!r}")
    spent = time.process_time() - start
    print(f"pinyin: {len(rows)} texts, {total} characters, {1 - wrong / total:.5f} equal, {residue} readings left")
    print(f"        {guesses} guesses, {guessed_wrong} of them wrong, {spent:.2f} s")


def variants(path: Path, count: int) -> None:
    """Print, for every way in which mirrors spoil text, how much of the texts of the corpus comes back.

    "marked" is what stands for a loss (U+FFFD) or is logged as a guess; "silent" is wrong and says nothing.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = ["\n".join(row["text"]) for row in rows if sum(map(len, row["text"])) > 300][:count]
    print(f"{'mirror':26} characters    equal  marked  silent  readings left")
    for name in VARIANTS:
        total = marked = silent = left = 0
        for number, text in enumerate(texts):
            held, printed = damaged(text, name, number)
            repaired = repair_text(printed, lines=False)
            held = repair_text(held, lines=False).text  # what is wrong with the page itself
            total += len(held)
            left += len(RESIDUE.findall(repaired.text)) - len(RESIDUE.findall(held))
            for kind, one, two, three, four in difflib.SequenceMatcher(
                None, held, repaired.text, autojunk=False
            ).get_opcodes():
                near = [fix for fix in repaired.repairs if fix.start <= four and fix.end >= three]
                size = max(two - one, four - three) * (kind != "equal")
                if "\ufffd" in repaired.text[three:four] or any(not fix.certain for fix in near):
                    marked += size
                else:
                    silent += size
        print(f"{name:26} {total:10} {1 - (marked + silent) / total:8.5f} {marked:7} {silent:7} {left:14}")


def samples(folder: Path) -> None:
    """Print whether every line of the gold stands in the repaired documents."""
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        text = (folder / gold["file"]).read_text("utf-8")
        lines = {line.strip() for line in repair_text(text).text.split("\n")}
        missing = [line for line in gold["text"] if line not in lines]
        print(f"sample {gold['file']}: {len(gold['text']) - len(missing)} of {len(gold['text'])} lines exact")


def clean(folder: Path) -> None:
    """Print every change to the pages of the corpus, and the time that repairs take beside extraction.

    The time is that of a second run, when all tables are loaded, and of the pages alone that nothing is changed on.
    """
    bodies = [(file.name, gzip.decompress(file.read_bytes())) for file in sorted(folder.glob("*.gz"))]
    rules: Counter[str] = Counter()
    changed = set()
    for name, body in bodies:
        for repair in read(body, Counter()):
            changed.add(name)
            rules[repair.rule] += 1
            print(f"  {name[-30:]} {repair.rule}: {repair.before[:40]!r} → {repair.after[:40]!r}")
    print(f"corpus: {len(bodies)} pages, {len(changed)} changed: {dict(rules)}")
    seconds: Counter[str] = Counter()
    for name, body in bodies:
        if name not in changed:
            read(body, seconds)
    print("CPU seconds of the others:", {name: round(value, 3) for name, value in seconds.items()})
    whole = seconds["decode and parse"] + seconds["extract and trim"]
    print(f"repairs take {(seconds['repair'] + seconds['repair lines']) / whole:.1%} of the time of extraction")


def read(body: bytes, seconds: Counter[str]) -> tuple[Repair, ...]:
    """Read a page as the archive does, add the time of each stage, and return what was repaired."""
    page = timed(seconds, "decode and parse", lambda: parse(decode(capture_of(body, "text/html"))))
    layout = timed(seconds, "extract and trim", lay_out, page)
    repaired = timed(seconds, "repair", lambda: repair_page(page, layout.text))
    if repaired is not page:
        layout = timed(seconds, "repair", lay_out, repaired)
    _, log = timed(seconds, "repair lines", repair_lines, extracted(seconds, repaired, layout))
    return (*repaired.repairs, *log)


def extracted(seconds: Counter, page: Page, layout: Flat) -> tuple[str, ...]:
    """Return the lines of the article, or none."""
    try:
        return timed(seconds, "extract and trim", lambda: trim(extract(page, layout)).lines)
    except Skip:
        return ()


def timed(seconds: Counter, name: str, function, *arguments):  # noqa: ANN001, ANN002, ANN201
    """Call a function and add its CPU time."""
    start = time.process_time()
    result = function(*arguments)
    seconds[name] += time.process_time() - start
    return result


def main() -> None:
    """Print all four."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("FANGZHI_SHARED", ".")))
    parser.add_argument("--worst", type=int, default=20)
    parser.add_argument("--texts", type=int, default=40, help="texts of the corpus that are spoilt in every way")
    args = parser.parse_args()
    if not (args.shared / "repair" / "pinyin_pairs.jsonl").is_file():
        raise SystemExit(f"no repair/pinyin_pairs.jsonl under {args.shared}: name the folder with --shared")
    pairs(args.shared / "repair" / "pinyin_pairs.jsonl", args.worst)
    variants(args.shared / "corpus" / "gold.jsonl", args.texts)
    samples(args.shared / "samples")
    clean(args.shared / "corpus" / "html")


if __name__ == "__main__":
    main()
