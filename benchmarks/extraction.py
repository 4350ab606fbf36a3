"""Score extraction and the fields against labelled pages, and time it beside every peer that is installed.

    python benchmarks/extraction.py --shared FOLDER              all figures, ours and the peers'
    python benchmarks/extraction.py --no-peers --worst 20
    python benchmarks/extraction.py --write-floor [--allow-regression]

FOLDER (FANGZHI_SHARED by default) holds corpus/{gold.jsonl,html/*.gz}, samples/{gold.jsonl,*.txt} and
bench/score.py, whose rules score. Pages are parted by a hash of their site: rules are tuned on one part, the other is
held out; both are printed. CPU is process time a page, decoding and fields included, all readers in this one run, one
after the other over each page.
"""

import argparse
import gzip
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import md5, sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.capture import Capture
from pipelines.flow import read
from pipelines.records import Skip

FLOOR = Path(__file__).resolve().parents[1] / "tests" / "eval_floor.json"
FIELDS = ("title", "date", "source", "authors", "editors")
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
HELD_OUT = 3  # one site in three
SLACK = 0.0005  # of a figure: what rounding may cost
Output = dict[str, Any]
Floor = dict[str, dict[str, float]]
Reader = Callable[[Capture], Output]


def load_score(shared: Path) -> ModuleType:
    """Return the scoring script as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "bench" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{shared}: no bench/score.py there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages(shared: Path, part: str = "corpus") -> Iterator[tuple[Output, Capture]]:
    """Yield (gold, capture) of every labelled page."""
    for line in (shared / part / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        path = shared / part / (f"html/{gold['file']}.gz" if part == "corpus" else gold["file"])
        body = gzip.decompress(path.read_bytes()) if part == "corpus" else path.read_bytes()
        kind = "text/html" if part == "corpus" else "text/plain"
        yield (
            gold,
            Capture(
                url=f"file:///{gold['file']}", fetched_at=FETCHED, status=0, headers=(("Content-Type", kind),),
                body=body, sha256=sha256(body).hexdigest(), warc_file="corpus.warc", warc_offset=0,
            ),
        )  # fmt: skip


def digest(shared: Path) -> str:
    """Name the corpus that figures belong to: its gold and its pages."""
    total = sha256((shared / "corpus" / "gold.jsonl").read_bytes())
    for path in sorted((shared / "corpus" / "html").iterdir()):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def ours(capture: Capture) -> Output:
    """Read a page with the whole chain."""
    try:
        article = read(capture)
    except Skip as skip:
        return {"text": None, "skip": f"{skip.reason}: {skip.detail}"}
    when = article.published_at
    return {
        "title": article.title,
        "date": when.strftime("%Y-%m-%d %H:%M:%S") if when else None,
        "source": article.source,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "text": list(article.paragraphs),
    }


def peers() -> dict[str, Reader]:
    """Return a reader for every peer that is installed."""
    found: dict[str, Reader] = {}
    if importlib.util.find_spec("trafilatura"):
        import trafilatura

        def plain(capture: Capture, **options: bool) -> Output:
            document = trafilatura.bare_extraction(capture.body, with_metadata=True, **options)
            if document is None:
                return {}
            people = [name.strip() for name in (document.author or "").split(";") if name.strip()]
            site = document.sitename
            return {
                "title": document.title, "date": document.date, "source": site, "authors": people, "text": document.text
            }  # fmt: skip

        found["trafilatura"] = plain
        found["trafilatura precision"] = lambda capture: plain(capture, favor_precision=True)
        found["trafilatura fast"] = lambda capture: plain(capture, fast=True)
    if importlib.util.find_spec("gne"):
        from gne import GeneralNewsExtractor

        def gne(capture: Capture) -> Output:
            got = GeneralNewsExtractor().extract(capture.body.decode("utf-8", "replace"))
            return {
                "title": got["title"], "date": got["publish_time"], "authors": [got["author"]], "text": got["content"]
            }  # fmt: skip

        found["gne"] = gne
    if importlib.util.find_spec("resiliparse"):
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding

        found["resiliparse"] = lambda capture: {
            "text": extract_plain_text(bytes_to_str(capture.body, detect_encoding(capture.body)), main_content=True)
        }
    return found


def figures(score: ModuleType, rows: list[tuple[Output, Output]]) -> dict[str, float]:
    """Return the mean of every figure over (gold, output) pairs; a field that no page has is absent."""
    texts = [score.text_scores(gold, out) for gold, out in rows]
    found = {name: _mean([row[n] for row in texts]) for n, name in enumerate(("text P", "text R", "text F1"))}
    values: dict[str, list[float]] = {name: [] for name in FIELDS}
    for gold, out in rows:
        if gold.get("title"):
            values["title"].append(float(score.squeeze(gold["title"]) == score.squeeze(out.get("title"))))
        if (right := score.date_ok(gold.get("date"), out.get("date"))) is not None:
            values["date"].append(right)
        if "source" in gold:
            values["source"].append(float(score.squeeze(gold["source"]) == score.squeeze(out.get("source"))))
        for name in ("authors", "editors"):
            if name in gold:
                values[name].append(score.set_f1(gold[name], out.get(name)))
    return found | {name: _mean(hits) for name, hits in values.items() if hits}


def held_out(gold: Output) -> bool:
    """Say whether a page belongs to the part of the sites on which no rule is tuned."""
    return int(md5(gold["site"].encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT == 0


def evaluate(shared: Path) -> dict[str, dict[str, float]]:
    """Return our figures by part: all, tune, held-out, and each sample document by name."""
    score = load_score(shared)
    rows = [(gold, ours(capture)) for gold, capture in pages(shared)]
    found = {
        "all": figures(score, rows),
        "tune": figures(score, [row for row in rows if not held_out(row[0])]),
        "held-out": figures(score, [row for row in rows if held_out(row[0])]),
    }
    for gold, capture in pages(shared, "samples"):
        found[gold["file"].partition("_")[0]] = figures(score, [(gold, ours(capture))])
    return found


def losses(floor: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for every figure that stands below its floor."""
    return [
        f"{part}: {name} {now.get(part, {}).get(name, 0.0):.4f}, floor {least:.4f}"
        for part, wanted in floor.items()
        for name, least in wanted.items()
        if now.get(part, {}).get(name, 0.0) < least - SLACK
    ]


def main() -> None:
    """Print the figures, or pin them as the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=os.environ.get("FANGZHI_SHARED"))
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--worst", type=int, default=0, help="also name the N pages with the lowest text F1")
    parser.add_argument("--write-floor", action="store_true", help=f"pin the figures in {FLOOR.name}")
    parser.add_argument("--allow-regression", action="store_true", help="let a figure of the floor be lowered")
    options = parser.parse_args()
    if options.shared is None:
        parser.error("name the folder of labelled pages with --shared or FANGZHI_SHARED")
    if options.write_floor:
        write_floor(Path(options.shared), allow=options.allow_regression)
    else:
        compare(Path(options.shared), {"fangzhi": ours} | ({} if options.no_peers else peers()), options.worst)


def compare(shared: Path, readers: dict[str, Reader], worst: int) -> None:
    """Read every page with every reader in turn, and print what each made of them and what time it took."""
    score = load_score(shared)
    rows: dict[str, list[tuple[Output, Output]]] = {name: [] for name in readers}
    spent = dict.fromkeys(readers, 0.0)
    for _, capture in list(pages(shared))[:3]:  # what is compiled or loaded once is no page's time
        for reader in readers.values():
            reader(capture)
    for gold, capture in pages(shared):
        for name, reader in readers.items():
            begun = time.process_time()
            out = reader(capture)
            spent[name] += time.process_time() - begun
            rows[name].append((gold, out))
    for name, outputs in rows.items():
        _report(name, figures(score, outputs), spent[name] / len(outputs))
    for part, wanted in (("tune", False), ("held-out", True)):
        _report(f"  {part}", figures(score, [row for row in rows["fangzhi"] if held_out(row[0]) is wanted]))
    for gold, capture in pages(shared, "samples"):
        _report(f"  {gold['file'][:20]}", figures(score, [(gold, ours(capture))]))
    ranked = sorted(
        (score.text_scores(gold, out)[2], gold["file"], out.get("skip", "")) for gold, out in rows["fangzhi"]
    )
    for value, file, skip in ranked[:worst]:
        print(f"  F1 {value:.3f}  {file}  {skip}")
    if "trafilatura" in spent:
        print(f"CPU a page, of trafilatura's default with metadata: {spent['fangzhi'] / spent['trafilatura']:.2f}")


def write_floor(shared: Path, *, allow: bool) -> None:
    """Pin the figures; refuse to lower one unless that is allowed in so many words."""
    now = evaluate(shared)
    if FLOOR.exists() and not allow:
        old = json.loads(FLOOR.read_text("utf-8"))
        kept: Floor = old["floor"] if old["corpus"] == digest(shared) else {}
        lowered = losses(kept, now)
        if lowered:
            sys.exit("\n".join([*lowered, "the floor stays; --allow-regression lowers it"]))
        now = {
            part: {name: max(value, kept.get(part, {}).get(name, 0.0)) for name, value in row.items()}
            for part, row in now.items()
        }
    rounded = {part: {name: int(value * 10_000) / 10_000 for name, value in row.items()} for part, row in now.items()}
    text = json.dumps({"corpus": digest(shared), "floor": rounded}, ensure_ascii=False, indent=1)
    FLOOR.write_text(text + "\n", "utf-8")


def _report(name: str, row: dict[str, float], seconds: float | None = None) -> None:
    cells = "  ".join(
        f"{key} {value:.4f}" if key.startswith("text") else f"{key} {value:.3f}" for key, value in row.items()
    )
    print(f"{name:24}{cells}" + (f"  CPU {seconds * 1000:.1f} ms" if seconds is not None else ""))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


if __name__ == "__main__":
    main()
