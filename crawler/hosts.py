"""Remember of each host what its robots.txt asks, until when it rests, whether its validators lie."""

from crawler.memory import Memory


class HostMemory(Memory):
    """Read and write the table of hosts."""

    def note_robots(self, host: str, *, status: int | None, crawl_delay: float | None) -> None:
        """Record what the robots.txt of a host said, and when."""
        self.database.execute(
            """INSERT INTO hosts (host, crawl_delay, robots_status, robots_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (host) DO UPDATE SET crawl_delay = excluded.crawl_delay,
            robots_status = excluded.robots_status, robots_at = excluded.robots_at""",
            (host, crawl_delay, status, self.clock()),
        )

    def distrust(self, host: str, reason: str) -> None:
        """Believe the validators (ETag, Last-Modified) of a host no longer."""
        self.database.execute(
            "INSERT INTO hosts (host, lies) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET lies = excluded.lies",
            (host, reason[:500]),
        )

    def distrusted(self) -> set[str]:
        """Return the hosts whose validators are not believed."""
        return {row["host"] for row in self.database.execute("SELECT host FROM hosts WHERE lies IS NOT NULL")}

    def cool_down(self, host: str, seconds: float, reason: str) -> None:
        """Let a host rest; remembered over runs."""
        self.database.execute(
            """INSERT INTO hosts (host, cool_until, cool_reason) VALUES (?, ?, ?)
            ON CONFLICT (host) DO UPDATE SET cool_until = excluded.cool_until, cool_reason = excluded.cool_reason""",
            (host, self.clock() + seconds, reason),
        )

    def cooling(self) -> dict[str, float]:
        """Return until when (seconds since 1970) hosts rest."""
        rows = self.database.execute("SELECT host, cool_until FROM hosts WHERE cool_until > ?", (self.clock(),))
        return {row["host"]: float(row["cool_until"]) for row in rows}

    def crawl_delays(self) -> dict[str, float]:
        """Return the Crawl-delay (seconds) of every host whose robots.txt asked for one."""
        rows = self.database.execute("SELECT host, crawl_delay FROM hosts WHERE crawl_delay IS NOT NULL")
        return {row["host"]: float(row["crawl_delay"]) for row in rows}
