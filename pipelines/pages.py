"""Put the looks at the pages of one article together: looks at the whole, as if it had come in one piece.

A page counts from the beginning as it was first read, so that one which comes late completes the article and edits
nothing. An edit of any page is one of the article; pages that were read in one round changed together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipelines.fingerprint import content_digest
from pipelines.history import Look
from pipelines.outcome import Kind
from pipelines.told import Texts

ROUND = timedelta(hours=6)  # in which a crawl fetches all pages of an article


@dataclass(frozen=True, slots=True)
class Whole:
    """An article as all its pages make it.

    `looks` are those at the whole, `texts` headline and text of each of its contents by digest. `last` is the last
    reading of every page that was read, by number, in order. `known` are the numbers of all pages that the article
    has now, with those addresses that pagers name, `own` those of the pages whose text makes its own.
    """

    looks: tuple[Look, ...]
    texts: Texts
    last: Mapping[int, Look]
    own: tuple[int, ...] = (1,)
    known: Mapping[int, str | None] = field(default_factory=dict)

    @property
    def paged(self) -> bool:
        """Say whether it has more pages than a first one."""
        return bool(self.known)

    @property
    def missing(self) -> bool:
        """Say whether one of its pages was never read."""
        return not self.known.keys() <= self.last.keys()


def whole_of(looks: Iterable[Look], texts: Texts) -> Whole:
    """Return the article that looks at its pages make; `texts` has what each of them said, by the digest of that.

    The result is the same for any order of looks. An article of one page that names no other is what its looks are.
    """
    looks = tuple(sorted(looks))
    read = [look for look in looks if look.kind == Kind.ARTICLE and look.content]
    if all(look.part == 1 and not look.further for look in read):
        return Whole(looks, texts, {1: read[-1]} if read else {})
    counted = any(look.further for look in read if look.part == 1)
    state = {look.part: look for look in reversed(read)}
    whole = [look for look in looks if look.kind != Kind.ARTICLE or not look.content]
    joined: Texts = {}
    for turn in _rounds(read):
        state |= {look.part: look for look in turn}
        own = _own(state, _known(state, counted=counted))
        said = [texts[state[number].content or ""] for number in own]
        content = said[0][0], "\n".join(text for _, text in said)
        digest = content_digest(*content)
        joined[digest] = content
        shown = min(turn, key=lambda look: look.part)
        whole.append(replace(shown, at=turn[0].at, content=digest, address=state[own[0]].address))
    known = _known(state, counted=counted)
    return Whole(tuple(sorted(whole)), joined, dict(sorted(state.items())), _own(state, known), known)


def _rounds(read: list[Look]) -> list[list[Look]]:
    """Return readings in order, those together that look at different pages within ROUND of the first."""
    rounds: list[list[Look]] = []
    for look in read:
        last = rounds[-1] if rounds else []
        new = all(look.part != one.part for one in last)
        if last and new and datetime.fromisoformat(look.at) - datetime.fromisoformat(last[0].at) <= ROUND:
            last.append(look)
        else:
            rounds.append([look])
    return rounds


def _known(state: Mapping[int, Look], *, counted: bool) -> dict[int, str | None]:
    """Return the numbers of all pages that the article has, with the addresses that are known, in order.

    Where the first page ever counted its pages (`counted`), a later one belongs to it as long as a page before it
    leads there; else its own word suffices.
    """
    known: dict[int, str | None] = {1: None} if counted else dict.fromkeys(state)
    queue = sorted(known)
    for number in queue:
        for other, address in state[number].further if number in state else ():
            if other not in known:
                queue.append(other)
            known[other] = known.get(other) or address
    return {number: known.get(number) for number in range(1, max(known) + 1)}


def _own(state: Mapping[int, Look], known: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers of the pages that say something new; some servers answer every number with one page."""
    found: dict[str | None, int] = {}
    for number in known:
        if number in state:
            found.setdefault(state[number].content, number)
    return tuple(found.values())
