"""No page hangs a reader, none fills its memory: costs grow no faster than the page, within bounds that are stated."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile_pages import NOISES, SENTENCE, TEXT, outcome, web

MOST = 1024**3  # bytes that reading any one page may take beside what an ordinary one does
TIMES = 4
WORST = 2.5 * TIMES  # a cost that grows with the square of the page would be TIMES times TIMES


def cost(page):
    """Return the seconds of CPU that a page takes."""
    begun = time.process_time()
    outcome(page)
    return time.process_time() - begun


@pytest.fixture(scope="module")
def ordinary():
    return cost(web(TEXT.replace(SENTENCE, f"{SENTENCE}{SENTENCE}") * 300))


@pytest.mark.parametrize(("noise", "most"), [row[1:] for row in NOISES], ids=[row[0] for row in NOISES])
def test_page_that_is_larger_costs_no_more_than_its_size(noise, most, ordinary):
    bound = WORST * max(cost(web(TEXT + noise(most // TIMES))), ordinary)

    # all garbage of the tests before may be collected while one is measured, hardly while each of three is
    assert any(cost(web(TEXT + noise(most))) < bound for _ in range(3))


def run(bound):
    """Read the fullest pages in a process that may take so many bytes more than for an ordinary one."""
    script = Path(__file__).with_name("hostile_pages.py")
    return subprocess.run(
        [sys.executable, "-m", f"tests.{script.stem}", str(bound)],
        cwd=script.parents[1], capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own account of a process is Linux's")
def test_fullest_pages_are_read_within_the_bound_of_memory():
    done = run(MOST)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "20 MB: too-large",
        "tags that only paint: article",
        "broken lines: article",
        "100,000 nested tags: too-deep",
        "an attribute without end: article",
        "attributes without end: article",
        "entity bomb: not-article",
    ]
