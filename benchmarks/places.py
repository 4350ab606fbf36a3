"""Measure the search for places: milliseconds per 1,000 characters, and a sample whose main places a person can judge.

`FANGZHI_SHARED=DIR python benchmarks/places.py [--sample N] [--seed S]`
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from random import Random

from pipelines.places import name_path, places_of


def main() -> None:
    """Print the speed, then the sample: number, headline, its places."""
    parser = ArgumentParser()
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if "FANGZHI_SHARED" not in os.environ:
        sys.exit("FANGZHI_SHARED names no folder of measuring texts; nothing measured")
    lines = Path(os.environ["FANGZHI_SHARED"], "corpus", "gold.jsonl").read_text("utf-8").splitlines()
    articles = [("\n".join(row["text"]), row["title"]) for row in map(json.loads, lines)]
    started = time.perf_counter()
    places_of("", None)
    print(f"first call, with the table and the automaton: {(time.perf_counter() - started) * 1000:.0f} ms")
    started = time.perf_counter()
    results = [places_of(*article) for article in articles]
    seconds = time.perf_counter() - started
    characters = sum(len(text) for text, _ in articles)
    print(f"{len(articles)} articles, {characters:,} characters: {seconds * 1000 / len(articles):.2f} ms per article,")
    print(f"{seconds * 1e6 / characters:.2f} ms per 1,000 characters; {sum(map(bool, results))} have a main place")
    for number in sorted(Random(options.seed).sample(range(len(articles)), options.sample)):
        text, title = articles[number]
        names = ", ".join(name_path(place.code) for place in results[number]) or "–"
        print(f"{number:4} {(title or text)[:36]} | {names}")


if __name__ == "__main__":
    main()
