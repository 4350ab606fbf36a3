"""What a host is asked for next costs the same, however much waits and however much is known."""

import pytest

from crawler.frontier import Frontier

ROW = "INSERT INTO urls (url, outlet, host, kind, priority, due, found_at, fetched_at) VALUES (?, ?, ?, ?, 20, ?, 0, ?)"
NOW = 1_000_000.0


def steps(folder, *, waiting: int, known: int) -> int:
    """Return how many hundreds of steps SQLite takes to find what fifty leases take."""
    with Frontier(folder / f"{waiting}-{known}.db", clock=lambda: NOW) as frontier:
        frontier.begin()
        new = [(f"http://a.example/{n}", "a", "a.example", "article", 1.0, None) for n in range(waiting)]
        old = [(f"http://a.example/old/{n}", "a", "a.example", "article", NOW + 9, 1.0) for n in range(known)]
        frontier.database.executemany(ROW, old + new)
        count = 0

        def tick() -> int:
            nonlocal count
            count += 1
            return 0

        frontier.database.set_progress_handler(tick, 100)
        assert all(frontier.lease("a.example", ["a"]) for _ in range(50))
        return count


@pytest.mark.parametrize("more", [{"waiting": 20_000, "known": 100}, {"waiting": 100, "known": 20_000}])
def test_lease_costs_the_same_however_much_there_is(tmp_path, more):
    assert steps(tmp_path, **more) < 2 * steps(tmp_path, waiting=100, known=100)


def test_new_days_come_first_and_known_rows_in_their_turn(tmp_path):
    with Frontier(tmp_path / "crawl.db", clock=lambda: NOW) as frontier:
        frontier.begin()
        rows = [("old-new", "2026-01-01", None), ("new", "2026-03-02", None), ("again", "2026-03-01", 1.0)]
        for name, day, fetched in rows:
            frontier.database.execute(ROW, (f"http://a.example/{name}", "a", "a.example", "article", 1.0, fetched))
            frontier.database.execute("UPDATE urls SET day = ? WHERE url LIKE ?", (day, f"%/{name}"))
        leased = [frontier.lease("a.example", ["a"]).url.rpartition("/")[2] for _ in rows]
    assert leased == ["new", "again", "old-new"]
