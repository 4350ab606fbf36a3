"""Say which element was chosen as the article's, and what it was chosen before."""

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.extract.lines import Span
from pipelines.records import Evidence


class Choice(NamedTuple):
    """The span that holds the article (None: none does), the rule that chose it, and what it was chosen before."""

    body: Span | None
    rule: str
    lost: tuple[Evidence, ...] = ()


def beaten(span: Span | None, body: Span, sums: Sequence[float], why: str = "") -> tuple[Evidence, ...]:
    """Return the evidence of an element that is not the body, where it is one with other lines.

    `sums` are the weights of all lines added up, `why` says what it lost by, where it was not its weight.
    """
    if span is None or (span.start, span.end) == (body.start, body.end):
        return ()
    weights = [round(sums[one.end] - sums[one.start]) for one in (span, body)]
    told = f"{path_of(span)}: weight {weights[0]}, taken {weights[1]}; {why or _where(span, body)}"
    return (Evidence(field="text", rule="weight", value=told, won=False),)


def path_of(span: Span) -> str:
    """Return what names an element to a person: its tag, class and id."""
    return f"{span.element.tag} {span.attrs}".strip()


def _where(span: Span, body: Span) -> str:
    """Say where a span stands that lost against another."""
    if span.start <= body.start and span.end >= body.end:
        return "around it"
    return "within it" if body.start <= span.start and span.end <= body.end else "elsewhere"
