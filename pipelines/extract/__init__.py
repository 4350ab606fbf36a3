"""Find the article of a page: which element holds it, what its headline is, what stands around it."""

from pipelines.extract.blocks import flatten
from pipelines.extract.body import choose, weigh
from pipelines.extract.headline import choose_headline
from pipelines.extract.plain import extract_plain
from pipelines.extract.prune import clutter_rule, mark_clutter
from pipelines.records import Draft, Evidence, Page, Reason, Skip, Trimmed

AROUND = 40  # lines kept before and after the body


def extract(page: Page) -> Draft:
    """Return what stands on the page as its article; raise Skip where nothing does."""
    if page.tree is None:
        return extract_plain(page)
    lines, spans = flatten(page.tree, clutter_rule)
    weigh(lines)
    mark_clutter(lines, spans)
    body = choose(lines, spans)
    if body is None:
        raise Skip(Reason.EMPTY, "no running text")
    inside = lines[body.start : body.end]
    title, evidence = choose_headline(page.tree, lines, body.start)
    path = f"{body.element.tag} {body.attrs}".strip()
    return Draft(
        page=page,
        title=title,
        lines=tuple(line.text for line in inside if line.rule is None),
        head=tuple(line.spaced for line in lines[max(0, body.start - AROUND) : body.start]),
        tail=tuple(line.spaced for line in lines[body.end : body.end + AROUND]),
        trimmed=tuple(Trimmed(rule=line.rule, line=line.text) for line in inside if line.rule),
        evidence=(Evidence(field="text", rule="weight", value=path, won=True), *evidence),
    )
