"""Find where repairs of a page's nodes stand in the article that was taken out of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.records import Repair
from pipelines.repair.edit import Edit
from pipelines.repair.engine import compose, undo

_AROUND = 12  # characters on each side that name a place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRepair(Repair):
    """A repair that knows the whole repaired text in which its offsets count."""

    node: str = ""


class LineRepair(PlacedRepair):
    """A repair of the lines of an article; its node is all of them."""

    __slots__ = ()


def placed(repair: Repair, node: str) -> PlacedRepair:
    """Return a repair with the text that its offsets count in."""
    return PlacedRepair(
        rule=repair.rule, before=repair.before, after=repair.after, start=repair.start, end=repair.end,
        certain=repair.certain, part=repair.part, node=node,
    )  # fmt: skip


def of_lines(repair: Repair, text: str) -> LineRepair:
    """Return a repair of an article's lines, with all of them."""
    return LineRepair(
        rule=repair.rule, before=repair.before, after=repair.after, start=repair.start, end=repair.end,
        certain=repair.certain, part=repair.part, node=text,
    )  # fmt: skip


def placed_in_lines(repair: Repair, text: str) -> PlacedRepair:
    """Return a repair of a text of many lines with those lines alone that it stands in."""
    first = text.rfind("\n", 0, repair.start) + 1
    last = text.find("\n", repair.end)
    moved = replace(repair, start=repair.start - first, end=repair.end - first)
    return placed(moved, text[first : last if last >= 0 else len(text)])


def locate(repairs: Iterable[Repair], paragraphs: Sequence[str], part: str = "text") -> tuple[Repair, ...]:
    r"""Return the repairs that stand in the paragraphs, in order, with offsets into them joined by "\n".

    `part` names the field that the paragraphs are ("text", or "title" with its one line). Repairs of what is not in
    them are left out; so are repairs that overlap one already found, and those of other fields that were located
    before. White space may differ between a node and the paragraph that was made of it.
    """
    repairs = tuple(repairs)
    if not repairs:
        return ()
    final = "\n".join(paragraphs)
    lines = [repair for repair in repairs if isinstance(repair, LineRepair)]
    if lines and lines[0].node == final:
        nodes = [repair for repair in repairs if not isinstance(repair, LineRepair)]
        return _composed(final, nodes, lines, part)
    return tuple(_apart(_found(repairs, final, part)))


def _composed(final: str, nodes: list[Repair], lines: list[LineRepair], part: str) -> tuple[Repair, ...]:
    """Return one log of what was done to the nodes and then to the lines made of them."""
    text = undo(final, lines)
    log = tuple(_apart(_found(nodes, text, part)))
    grown = 0  # how much longer the lines were, up to a place
    edits = []
    for repair in lines:
        start = repair.start + grown
        edits.append((repair.rule, Edit(start, start + len(repair.before), repair.after, repair.certain)))
        grown += len(repair.before) - len(repair.after)
    for rule, edit in reversed(edits):
        text, log = compose(text, log, rule, [edit])
    return tuple(replace(repair, part=part) for repair in log)


def _found(repairs: Iterable[Repair], final: str, part: str) -> Iterable[Repair]:
    """Yield the repairs that stand in the text, with their offsets in it."""
    haystack = _Squeezed(final)
    cursor, place = 0, -1
    last: str | None = None
    for repair in repairs:
        if not isinstance(repair, PlacedRepair):
            if repair.part == part and final[repair.start : repair.end] == repair.after:
                yield repair
            continue
        node = _squeezed_node(repair.node)
        if repair.node is not last:
            place, last = haystack.find(node.text, cursor), repair.node
            cursor = max(cursor, place)
        span = haystack.span(place, node, repair) if place >= 0 else haystack.near(node, repair, cursor)
        if span is not None and _is_same(after := final[span[0] : span[1]], repair.after):
            yield replace(_plain(repair), after=after, start=span[0], end=span[1], part=part)


def _is_same(one: str, other: str) -> bool:
    """Say whether two texts are one but for the kind of their white space; white space alone tells no place."""
    return one == other or one.split() == other.split() != []


def _plain(repair: PlacedRepair) -> Repair:
    return Repair(
        rule=repair.rule, before=repair.before, after=repair.after, start=repair.start, end=repair.end,
        certain=repair.certain, part=repair.part,
    )  # fmt: skip


def _apart(repairs: Iterable[Repair]) -> Iterable[Repair]:
    """Yield the repairs in order of place, without those that would overlap one before them."""
    end = 0
    seen = set()
    for repair in sorted(repairs, key=lambda repair: repair.start):
        key = (repair.start, repair.end, repair.before)
        if repair.start >= end and key not in seen:
            yield repair
            end = repair.end
            seen.add(key)


class _Squeezed:
    """A text without its white space, that knows where each character stood."""

    def __init__(self, text: str) -> None:
        self.places = [place for place, character in enumerate(text) if not character.isspace()]
        self.text = "".join(text[place] for place in self.places)
        self.full = text

    def index(self, place: int) -> int:
        """Return how many characters that are no white space stand before a place of the full text."""
        low, high = 0, len(self.places)
        while low < high:
            middle = (low + high) // 2
            if self.places[middle] < place:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, needle: str, cursor: int) -> int:
        """Return where a squeezed text stands, from the cursor on or else from the start; -1 where it does not."""
        if not needle:
            return -1
        place = self.text.find(needle, cursor)
        return place if place >= 0 else self.text.find(needle)

    def span(self, place: int, node: "_Squeezed", repair: Repair) -> tuple[int, int] | None:
        """Return where a repair of a node stands in the full text, when the node stands at `place` of the squeezed."""
        first, last = place + node.index(repair.start), place + node.index(repair.end)
        if first > len(self.places):
            return None
        if first == last:
            return self._between(first, node, repair)
        start = self.places[first]
        lead = repair.start - node.places[node.index(repair.start)]  # white space that the repair begins with
        return start + lead, start + lead + len(repair.after)

    def _between(self, first: int, node: "_Squeezed", repair: Repair) -> tuple[int, int]:
        """Place a deletion: right behind the character that stood before it, or right before the next one."""
        number = node.index(repair.start)
        if number and node.places[number - 1] == repair.start - 1 and first:
            start = self.places[first - 1] + 1
        else:
            start = self.places[first] if first < len(self.places) else len(self.full)
        return start, start + len(repair.after)

    def near(self, node: "_Squeezed", repair: Repair, cursor: int) -> tuple[int, int] | None:
        """Find a repair by the characters around it, where its node was not taken over whole."""
        first, last = node.index(repair.start), node.index(repair.end)
        before, after = node.text[max(0, first - _AROUND) : first], node.text[last : last + _AROUND]
        needle = before + node.text[first:last] + after
        if len(needle) < _AROUND:
            return None
        place = self.find(needle, cursor)
        return self.span(place + len(before) - first, node, repair) if place >= 0 else None


@lru_cache(maxsize=2)  # a node's repairs come one after another
def _squeezed_node(text: str) -> _Squeezed:
    return _Squeezed(text)
