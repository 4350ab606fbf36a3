"""Apply the rules to a text and to all that was read of a page; every character keeps its place."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines.privacy.context import before
from pipelines.privacy.rules import RULES, Rule
from pipelines.records import Article, Attachment, Document, Repair

SIGN = "*"
MAY_TELL = re.compile(r"(?:\d[-－ 　()（）]{0,2}){7}|[@＠]")  # what every rule's pattern has in it
WIDE = str.maketrans("０１２３４５６７８９ＸｘＡ－＋（）　．＠", "0123456789XxA-+() .@")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A number that was masked: its place (characters) and the rule."""

    start: int
    end: int
    rule: str


def mask(text: str) -> tuple[str, tuple[Span, ...]]:
    """Return a text of the same length with what the rules cover masked, and the places.

    >>> mask("联系人张某，电话13800138000。")
    ('联系人张某，电话138******00。', (Span(start=8, end=19, rule='mobile'),))
    """
    if not MAY_TELL.search(text):
        return text, ()
    plain = text.translate(WIDE)
    shown, spans = list(text), []
    for rule in RULES:
        for match in rule.pattern.finditer(plain):
            start, end = match.span(match.lastindex or 0)
            digits = "".join(one for one in plain[start:end] if one.isdigit() or one in "Xx")
            if rule.holds(digits, before(plain, match.start())):
                spans.append(Span(start, end, rule.name))
                places = _hidden(rule, plain, start, end)
                for place in places:
                    shown[place] = SIGN
                plain = "".join(SIGN if place in places else one for place, one in enumerate(plain))
    return "".join(shown), tuple(sorted(spans))


def _hidden(rule: Rule, text: str, start: int, end: int) -> frozenset[int]:
    """Return the places of the characters that are not to be seen; of a mailbox all before its host."""
    if rule.name == "mailbox":
        return frozenset(range(start + rule.first, text.index("@", start)))
    places = [place for place in range(start, end) if text[place].isalnum()]
    return frozenset(places[rule.first : len(places) - rule.last])


def mask_article(article: Article) -> tuple[Article, Counter[str]]:
    """Return an article with every field masked, and how many numbers were masked by each rule.

    The log of repairs loses what would give a masked number away; its places stay true.
    """
    counts: Counter[str] = Counter()

    def shown(text: str) -> str:
        masked, spans = mask(text)
        counts.update(span.rule for span in spans)
        return masked

    def all_shown(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(shown, texts))

    title = article.title and shown(article.title)
    paragraphs = all_shown(article.paragraphs)
    found = Counter(counts)  # the fields below repeat what the text says, or stand beside it
    document = article.document and _document(article.document)
    masked = replace(
        article,
        title=title,
        paragraphs=paragraphs,
        lead=article.lead and shown(article.lead),
        source=article.source and shown(article.source),
        section=article.section and shown(article.section),
        authors=all_shown(article.authors),
        editors=all_shown(article.editors),
        keywords=all_shown(article.keywords),
        captions=all_shown(article.captions),
        document=document,
        trimmed=tuple(replace(one, line=shown(one.line)) for one in article.trimmed),
        evidence=tuple(replace(one, value=shown(one.value)) for one in article.evidence),
    )
    sides = {"text": ("\n".join(article.paragraphs), masked.text), "title": (article.title or "", title or "")}
    repairs = tuple(_repair(one, *sides.get(one.part, ("", ""))) for one in article.repairs)
    return replace(masked, repairs=repairs), found or counts


def mask_attachment(attachment: Attachment) -> tuple[Attachment, Counter[str]]:
    """Return a file with its text masked, and how many numbers were masked by each rule; then without its repairs."""
    text, spans = mask(attachment.text)
    if not spans:
        return attachment, Counter()
    return replace(attachment, text=text, repairs=()), Counter(span.rule for span in spans)


def _document(document: Document) -> Document:
    return replace(document, attachments=tuple((mask(name)[0], url) for name, url in document.attachments))


def _repair(repair: Repair, plain: str, shown: str) -> Repair:
    """Return a repair without the digits of a number that is masked where it was made."""
    if plain[repair.start : repair.end] == shown[repair.start : repair.end] and not _touches(repair, plain, shown):
        return repair
    before = "".join(SIGN if one.isdigit() else one for one in repair.before)
    return replace(repair, before=before, after=shown[repair.start : repair.end])


def _touches(repair: Repair, plain: str, shown: str) -> bool:
    """Say whether a masked character stands just beside a repair, which may have taken a part of the number."""
    around = slice(max(0, repair.start - 1), repair.end + 1)
    return plain[around] != shown[around]
