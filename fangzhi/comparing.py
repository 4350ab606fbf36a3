"""Say in lines what a rebuild would change, for a person who is to accept it or not."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.comparison import Comparison

WIDTH = 60  # characters of a line of text that are shown


def lines_of(found: Comparison, archive: Path) -> Iterator[str]:
    """Yield a comparison line by line."""
    before, after = found.articles
    yield f"{archive}: {before} articles; made anew: {after}"
    if found.is_empty:
        yield "nothing would change"
        return
    for kind, counts in (("gained", found.gained), ("lost", found.lost), ("changed", found.changed)):
        if counts:
            yield f"{kind}: {counts.total()} ({_counted(counts)})"
    lost, gained = found.characters
    if lost or gained:
        yield f"text: lines of {lost} characters go, of {gained} come"
    if found.fields:
        yield f"fields: {_counted(found.fields)}"
    for name, rules in found.rules.items():
        yield f"{name}: " + ", ".join(f"{rule} {before} → {after}" for rule, (before, after) in rules.items())
    for kind, samples in found.samples.items():
        for sample in samples:
            yield f"  {kind} {sample['id']} {sample['url']} {sample['title'] or ''} {sample.get('why', '')}".rstrip()
            yield from (f"    - {line[:WIDTH]}" for line in sample.get("before", ()))
            yield from (f"    + {line[:WIDTH]}" for line in sample.get("after", ()))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name or 'no outlet'} {count}" for name, count in counts.most_common())
