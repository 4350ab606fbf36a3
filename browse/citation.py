"""Write the line by which an archived article is cited."""

import sqlite3

from browse.display import calm, moment, when


def citation(article: sqlite3.Row, capture: sqlite3.Row, address: str) -> str:
    """Return title, outlet, date, original address, permanent address, time of capture and digest, in that order."""
    verb = "captured" if capture["status"] else "imported"
    parts = [
        f"“{calm(article['title'] or '')}”" if article["title"] else "",
        calm(article["outlet_name"] or article["outlet"] or ""),
        when(article["published_local"], article["date_precision"]),
        calm(article["url"]),
        address,
        f"{verb} {moment(capture['fetched_at'])}",
        f"sha256 {capture['sha256']}",
    ]
    return ", ".join(part for part in parts if part) + "."
