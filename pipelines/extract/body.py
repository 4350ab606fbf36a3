"""Weigh lines, and choose the element whose lines are the article."""

import re

from pipelines.extract.blocks import Line, Span

SENTENCE = re.compile(r"[。！？；…]|[.!?]$")
COMMAS = re.compile(r"[，、：,“”《》]")
LEGAL = re.compile(
    r"ICP\s*(?:备|证)|公网安备|版权所有|著作权所有|All\s+Rights?\s+Reserved|Copyright\s*(?:©|\(c\)|&copy|\d)|©|许可证编?号"
    r"|违法和不良信息|举报(?:电话|邮箱)|增值电信|客服(?:电话|热线)|网站(?:地图|声明)",
    re.IGNORECASE,
)


def weigh(lines: list[Line]) -> None:
    """Give each line its weight: running text counts for an article, links and legal lines against it."""
    for line in lines:
        size = len(line.text)
        if line.links * 2 > size:
            line.weight = -min(size, 40.0) - 4
        elif LEGAL.search(line.text):
            line.weight = -float(min(size, 60))
        elif (
            (SENTENCE.search(line.text) and size > 8)
            or size >= 40
            or (size > 14 and len(COMMAS.findall(line.text)) > 1)
        ):
            line.good = True
            line.weight = float(size - line.links)
        else:
            line.weight = 0.5


def choose(lines: list[Line], spans: list[Span]) -> Span | None:
    """Return the span of the greatest weight, the innermost where several weigh the same; None where none weighs."""
    sums = [0.0]
    for line in lines:
        sums.append(sums[-1] + (line.weight if line.rule is None else -1.0))
    best: Span | None = None
    most = 0.0
    for span in spans:
        if span.end <= span.start:
            continue
        weight = sums[span.end] - sums[span.start]
        if weight > most or (best is not None and weight == most and span.start >= best.start and span.end <= best.end):
            best, most = span, weight
    return best
