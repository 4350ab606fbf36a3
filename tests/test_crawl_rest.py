"""A host that asks for patience rests as a whole, not only the page that said so."""

from crawler.frontier import Frontier
from crawler.rhythm import LONGEST_REST


def test_busy_host_is_left_in_peace_in_this_run_and_the_next(loopback):
    links = "".join(f'<a href="/a/{number}.html">x</a>' for number in range(5))
    for host in ("paper", "other"):
        loopback.put("/list.html", links, host=host)
        for number in range(5):
            loopback.put(f"/a/{number}.html", "<p>x", host=host)
    for number in range(5):
        loopback.put(f"/a/{number}.html", status=503, Retry_After="7200")
    outlets = [loopback.outlet(host=host, delay=0.05) for host in ("paper", "other")]
    loopback.crawl(*outlets)
    first = [path for path in loopback.paths() if path.startswith("/a/")]
    before = len(loopback.paths())
    loopback.crawl(*outlets)

    assert len(first) == 1
    assert len(loopback.paths()) == before
    assert len([path for path in loopback.paths("other") if path.startswith("/a/")]) == 5


def test_no_server_can_silence_itself_for_longer_than_a_week(loopback):
    loopback.put("/list.html", '<a href="/a/1.html">x</a>')
    loopback.put("/a/1.html", status=503, Retry_After="99999999")
    loopback.crawl(loopback.outlet(delay=0.05))
    with Frontier(loopback.folder / "crawl.db", read_only=True) as frontier:
        rests = [until - frontier.clock() for until in frontier.cooling().values()]

    assert len(rests) == 1
    assert LONGEST_REST - 60 < rests[0] <= LONGEST_REST
