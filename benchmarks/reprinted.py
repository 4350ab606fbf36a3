"""Measure what one more copy of a text costs the store, where ever more of them are held.

FANGZHI_SHARED=DIR python benchmarks/reprinted.py --held 50 200 800

A hundred outlets print one generated text, a third of them with a line of their own below it, and name each other as
the source. The copies that are timed come one at a time, as on a quiet day; in one batch they would be ranked once.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from archives import EVERY, OUTLETS, START, Press, Story

from pipelines.outcome import Outcome
from pipelines.store import Store

TIMED = 9
LINES = 7  # that outlets put below a text


def copy(press: Press, number: int, title: str, text: str) -> list[Outcome]:
    """Return the looks at one copy."""
    outlet, source = press.outlets[number % OUTLETS], press.outlets[number * 7 % OUTLETS].name
    at = START + number * EVERY
    own = "" if number % 3 else f"\n（{outlet.name}编辑整理{number % LINES}）"
    return list(press.looks(Story(f"{outlet.home}{at:%Y%m}/{number}.html", outlet, at, source, title, text + own)))


def main() -> None:
    """Print the median of a few more copies, milliseconds of processor each, for each number that are held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held", type=int, nargs="+", default=[50, 200, 800])
    given = parser.parse_args()
    press = Press(1, share=0.35)
    title, text = press.writer.article()
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "archive.db")) as store:
        store.start_build()
        store.set_outlets({outlet.slug: outlet for outlet in press.outlets})
        number = 0
        for held in sorted(given.held):
            store.add([look for one in range(number, held) for look in copy(press, one, title, text)])
            number, taken = held, []
            for _ in range(TIMED):
                outcomes = copy(press, number, title, text)
                begun = time.process_time()
                store.add(outcomes)
                taken.append((time.process_time() - begun) * 1000)
                number += 1
            print(f"{held:6} copies held: one more {statistics.median(taken):8.1f} ms", flush=True)


if __name__ == "__main__":
    main()
