"""A host that asks for patience rests as a whole, not only the page that said so."""


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
