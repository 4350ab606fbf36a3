"""Looks at an article make one history, in whatever order they come: versions, absences, deletion, return, moves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.history import LOOKS, Look, history
from pipelines.moves import articles_of
from pipelines.outcome import Kind

SIGNS = {"r": Kind.ARTICLE, "s": Kind.SEEN, "x": Kind.GONE, "b": Kind.SKIP, "f": Kind.FAILURE}


def looks_of(signs: str, hours: int = 24, page: str = "p") -> list[Look]:
    """Return a look for every letter: r read, R read with another text, s seen, x missing, b blocked, f failed."""
    return [
        Look(
            f"2026-03-{1 + n * hours // 24:02}T{n * hours % 24:02}:00:00Z", f"{page}{n:02}", SIGNS[sign.lower()],
            {"r": "one", "R": "two"}.get(sign), page, None, page,
        )
        for n, sign in enumerate(signs)
    ]  # fmt: skip


@pytest.mark.parametrize(("signs", "hours", "status", "told"), [
    ("rs", 24, "alive", []),
    ("rR", 24, "changed", []),
    ("rRr", 24, "changed", []),
    ("rx", 24, "alive", [(1, False, False)]),  # one 404 is not a deletion
    ("rxx", 72, "alive", [(2, False, False)]),  # nor are two
    ("rxxx", 1, "alive", [(3, False, False)]),  # nor are three of one morning
    ("rxxx", 24, "gone", [(3, True, False)]),
    ("rxbxfx", 24, "gone", [(3, True, False)]),  # a blocked look is no look: neither for
    ("rbbbb", 24, "alive", []),  # nor against
    ("rxxsx", 24, "alive", [(2, False, True), (1, False, False)]),  # a look that finds it begins anew
    ("rxxxs", 24, "back", [(3, True, True)]),
    ("rxxxR", 24, "back", [(3, True, True)]),
    ("rxxxrx", 24, "back", [(3, True, True), (1, False, False)]),
    ("rxxxrxxx", 24, "gone", [(3, True, True), (3, True, False)]),
    ("xxxr", 24, "alive", []),  # before it was ever read nothing can be missing
    ("rxxxxx", 24, "gone", [(5, True, False)]),
])  # fmt: skip
def test_gone_is_decided_over_several_looks_and_days(signs, hours, status, told):
    found = history(looks_of(signs, hours))

    assert found.status == status
    assert [(one.looks, bool(one.gone_at), bool(one.back_at)) for one in found.absences] == told


def test_last_seen_alive_and_the_look_that_decided_are_told():
    found = history(looks_of("rsxbxx"))

    assert found.last_seen == "2026-03-02T00:00:00Z"
    assert found.gone_at == "2026-03-06T00:00:00Z"
    assert found.absences[0].missing_at == "2026-03-03T00:00:00Z"


any_looks = st.lists(
    st.builds(
        Look, st.sampled_from([f"2026-03-{day:02}T00:00:00Z" for day in range(1, 9)]), st.sampled_from("abcdef"),
        st.sampled_from(list(SIGNS.values())), st.sampled_from(["x", "y"]), st.just("p"),
    ),
    unique_by=lambda look: (look.at, look.capture), max_size=20,
)  # fmt: skip


@given(any_looks, st.randoms(use_true_random=False))
def test_history_does_not_depend_on_the_order_of_looks(looks, random):
    assert history(looks) == history(random.sample(looks, len(looks)))


@given(any_looks)
def test_a_version_is_counted_where_the_content_changes_and_nowhere_else(looks):
    read = [look for look in sorted(looks) if look.kind == Kind.ARTICLE]
    found = history(looks)

    assert (found is None) == (not read)
    if found:
        changes = sum(one.content != other.content for one, other in pairwise(read))
        assert len(found.versions) == 1 + changes
        assert (found.first_seen, found.present) == (read[0].at, read[-1].capture)
        assert all(version.seen_at <= version.last_seen for version in found.versions)


@given(any_looks)
def test_nothing_is_gone_that_was_not_missed_in_a_row(looks):
    found = history(looks)

    for absence in found.absences if found else ():
        seen = [look.kind for look in looks if absence.missing_at <= look.at <= (absence.gone_at or "")]
        assert absence.gone_at is None or seen.count(Kind.GONE) >= LOOKS
        assert absence.looks >= 1
        assert absence.last_seen <= absence.missing_at <= absence.last_missing
    assert not found or (found.status == "gone") == bool(found.gone_at)


def moved(signs: str, page: str, day: int, to: str) -> list[Look]:
    """Return the looks of a page, and the redirects that it answers with from a day on."""
    redirects = (
        Look(f"2026-03-{at:02}T12:00:00Z", f"{page}{at}", Kind.SKIP, None, page, to, page) for at in range(day, 9)
    )
    return [*looks_of(signs, page=page), *redirects]


def later(signs: str, page: str, day: int) -> list[Look]:
    return [look for look in looks_of("b" * (day - 1) + signs, page=page) if look.kind != Kind.SKIP]


def together(looks: dict[str, list[Look]], same: bool = True) -> list[tuple[str, str, int, tuple[str, ...]]]:
    found = articles_of(looks, lambda one, two: one == two or same)
    told = [(one, history(one.looks)) for one in found]
    return [(one.id, his.status, len(his.versions), one.doors) for one, his in told]


def test_a_move_keeps_the_id_of_where_the_article_was_read_first():
    looks = {"old": moved("rr", "old", 3, "new"), "new": later("rr", "new", 3)}

    assert together(looks) == [("old", "alive", 1, ())]


def test_a_redirect_to_another_text_is_a_look_that_found_the_article_missing():
    looks = {"old": moved("rr", "old", 3, "new"), "new": later("RR", "new", 3)}

    assert together(looks, same=False) == [("new", "alive", 1, ()), ("old", "gone", 1, ())]


def test_an_address_without_a_text_of_its_own_leads_to_the_article_behind_it():
    real = looks_of("r", page="real")
    looks = {"short": moved("", "short", 1, "hop"), "hop": moved("", "hop", 1, "real"), "real": real}

    assert together(looks) == [("real", "alive", 1, ("hop", "short"))]


def test_what_the_former_address_answers_after_a_move_says_nothing_of_the_article():
    looks = {"old": [*moved("r", "old", 2, "new"), *later("xxx", "old", 9)], "new": later("rsss", "new", 2)}

    assert together(looks) == [("old", "alive", 1, ())]


def test_a_redirect_in_a_circle_ends():
    looks = {"a": [*moved("r", "a", 2, "b")], "b": [*moved("", "b", 2, "a")]}

    assert together(looks) == [("a", "alive", 1, ("b",))]


pages = st.dictionaries(
    st.sampled_from("pqrs"),
    st.lists(
        st.tuples(
            st.integers(1, 8), st.sampled_from("abcd"), st.sampled_from(["r", "R", "x", "s"]),
            st.sampled_from([None, "p", "q", "r", "s"]),
        ),
        max_size=5, unique_by=lambda one: one[:2],
    ),
    min_size=1,
)  # fmt: skip


@given(pages, st.randoms(use_true_random=False))
def test_ids_depend_on_no_order_and_more_looks_never_part_what_belongs_together(given_pages, random):
    def found(part: dict[str, list[Look]]) -> dict[str, str]:
        return {look.page: one.id for one in articles_of(part, lambda one, two: one == two) for look in one.looks}

    looks = {
        page: [
            Look(
                f"2026-03-{day:02}T00:00:00Z", f"{page}{capture}", Kind.SKIP if to else SIGNS[sign.lower()],
                None if to or sign in "xs" else sign, page, to if to != page else None,
            )
            for day, capture, sign, to in rows
        ]
        for page, rows in given_pages.items()
    }  # fmt: skip
    whole = found(looks)
    mixed = {page: random.sample(looks[page], len(looks[page])) for page in random.sample(sorted(looks), len(looks))}

    assert found(mixed) == whole
    fewer = {page: rows[: random.randint(0, len(rows))] for page, rows in looks.items()}
    before = found(fewer)
    for one in before:
        for other in before:
            assert before[one] != before[other] or whole[one] == whole[other]
