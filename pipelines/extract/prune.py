"""Know the furniture of Chinese pages by the names its elements carry, and mark its lines.

A row names one kind of furniture and the class or id words that give it away. The words are matched at the start of
a name's parts (`post_topshare_wrap` has the parts post, topshare, wrap), so that `share` is found in `bdshare-bar`
only because it is listed so. Nothing is cut: a line is marked with the rule's name, and whoever reads the evidence
sees what was left out and why.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipelines.extract.body import is_meta
from pipelines.extract.fold import simplify
from pipelines.extract.lines import Line, Span
from pipelines.records import Trimmed


class Prune(NamedTuple):
    """One kind of furniture: its name and a pattern over class and id."""

    name: str
    pattern: str


# the order decides which rule is named where two would match
PRUNES = (
    Prune(
        "share-bar",
        r"share(?!holder)|bdshare|jiathis|fenxiang|fx_?box|addthis|weixin_?box|qr_?code|qrcode|erweima|ewm\b",
    ),
    Prune(
        "comment-box", r"(?<!no)comment(?!ary)|pinglun|reply|disqus|liuyan|gentie|\btie_|post_tie|fb-comments|guestbook"
    ),
    Prune(
        "related-list",
        r"relat(?!ion\b)|xiangguan|recommend|tuijian|hot_?(?:news|list|rank|words?)|rank(?!ing_?con)|paihang|guess|(?:more|other)_?news|you_?like|may_?like|also_?(?:like|read)|read_?more|next_?read",
    ),
    Prune(
        "pager",
        r"\bpages?\b|pagination|page_?(?:nav|bar|list|num|box|link|index|number)|fenye|prev_?next|pre_?next|shangxia|paging",
    ),
    Prune("breadcrumb", r"bread_?crumb|crumbs?\b|breadnav|\bposition\b|\blocation\b|weizhi|cur_?pos|nav_?path|dqwz"),
    Prune(
        "navigation",
        r"\bnav|(?:top|main|sub|site|head|left|right|global|channel)_?nav|menu|\btopbar|\btop_?(?:bar|menu|link)|login"
        r"|(?<!article )(?<!entry )(?<!post )(?<!detail )(?<!content )(?<!art )(?<!news )(?<!title )\bheader\b"
        r"|site_?header|page_?header|search_?(?:box|bar|form|area)?\b",
    ),
    Prune("side-column", r"side_?bar|aside|\bside\b|(?<!b)right_?(?:col|bar|side|box|area)|col_?right"),
    Prune(
        "footer",
        r"foot(?!ball|age|note)|copyright|\bcopy\b|bottom_?(?:nav|link|bar|info)|links?_?box|friend_?link|site_?info|banquan",
    ),
    Prune("statement", r"disclaim|shengming|mianze|(?<!under)statement\b"),
    Prune(
        "tool-bar",
        r"tool_?(?:bar|box|s)|font_?size|\bprint|toolbar|func(?:tion)?_?bar|vote|mood|xinqing|digg|\bzan\b|\blike_?(?:btn|box|bar)|favou?r|shoucang|jubao|post_?(?:tie|jubao)|subscribe|follow_?(?:us|btn|box)",
    ),
    Prune(
        "advertisement",
        r"\bads?\b|\bad_|_ad\b|advert|guanggao|google_?ad|adsense|banner|promo|sponsor|\bgg_?\d|popup|pop_?up|download_?(?:app|bar|box)|app_?(?:down|box|bar|guide)|open_?app",
    ),
    Prune(
        "caption",
        r"caption|img_?desc|(?:pic|img|photo|image)_?(?:info|desc|title|intro|text|note|caption|txt|explain)|tuzhu|tu_?shuo",
    ),
    Prune("player", r"player|video_?(?:wrap|tip|info|control|list)|vjs|hint_?tip|hint_?info"),
    Prune("signature", r"\bsign\b|user_?sign|\bauthi\b|\bpls\b|pgc_?card"),
    Prune("tag-line", r"\btags?\b|tag_?(?:list|box|s)|art_?tags?|keyword|biaoqian"),
)
# over lower case: so it is found in half the time
_ANY = re.compile("|".join(f"(?P<R{n}>{rule.pattern})" for n, rule in enumerate(PRUNES)).replace("_?", "[_ ]?"))
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[-\s]+")  # postTopShare and post-top-share become post_top_share
HEADING = 12  # characters
HEADS_LIST = re.compile(r"(?:栏目|专题|新闻|报道|報導|阅读|閱讀|链接|連結|推荐|推薦|排行|文章|资讯|資訊|热点|熱點)\W*$")
PAGE = 40  # characters of running text: a "page" that holds more is one of the document, not a link to it
CREDIT = re.compile(
    r"^[▲△▼◎(（]?\s*(?:图为|圖為|图[:：]|圖[:：]|图说|圖說|资料图|資料圖|上图|下图|图[一二三四五六七八九\d])"
    r"|(?:摄|攝|供图|供圖|资料图片?|資料照片?|配图|制图|绘图|截图|视觉中国|新华社发|中新社发|图片来源[:：]\S{1,12}|提供)[)）】\]]?[。.]?$"
)
INNER_STOP = re.compile(r"[。！？].{12}")  # a caption is one sentence; what goes on after it is text
AROUND_LINK = re.compile(  # the bullet before a link, the date and the brackets around it
    r"[-·•●▪■◆・‧*>»\[\]【】()（）|\s]+|(?:(?:19|20)\d\d\s*[-/.年])?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
)
FULL_STOPS = ("。", "！", "？", "；", "：", "”", "!", "?", ":")
CODE = ("hljs", "token", "pln", "cm-")  # names that colour source code, comments and keywords among them
PRUNED_TAGS = {
    "figcaption": "caption",
    "nav": "navigation",
    "footer": "footer",
    "aside": "side-column",
    "form": "form",
    "menu": "navigation",
}


@lru_cache(maxsize=8192)
def clutter_rule(attrs: str) -> str | None:
    """Return the name of the rule that knows an element by its class and id, or None.

    >>> clutter_rule("post_topshare_wrap"), clutter_rule("relatedNews list"), clutter_rule("article-content")
    ('share-bar', 'related-list', None)
    """
    if attrs.startswith(CODE):
        return None
    found = _ANY.search(_WORDS.sub(" ", attrs).lower())
    if found is None or found.lastgroup is None:
        return None
    return PRUNES[int(found.lastgroup[1:])].name


def mark_clutter(lines: list[Line], spans: list[Span], headline: int = -1) -> tuple[Trimmed, ...]:
    """Write the rule's name on every line of a known piece of furniture; return each piece by its names and words.

    An element that holds the headline (the line of that index), or more than a third of all the running text of the
    page, is not furniture, whatever its name: sites call the column of the article `main_share` or `recommend`.
    """
    total = sum(len(line.text) for line in lines if line.good)
    sums = [0]
    for line in lines:
        sums.append(sums[-1] + (len(line.text) if line.good else 0))
    done = 0
    pruned = []
    for span in spans:
        if span.end <= span.start or span.end <= done:
            continue
        rule = (
            "hidden" if span.hidden else PRUNED_TAGS.get(span.element.tag) or (span.attrs and clutter_rule(span.attrs))
        )
        if not rule or span.start <= headline < span.end:
            continue
        inside = sums[span.end] - sums[span.start]
        if (total and inside * 3 > total) or (rule == "pager" and inside > PAGE):
            continue
        for line in lines[span.start : span.end]:
            line.rule = line.rule or rule
        done = span.end
        block = (
            f"<{span.element.tag} {span.attrs.strip()}> {span.end - span.start} lines: {lines[span.start].text[:40]}"
        )
        pruned.append(Trimmed(rule=rule, line=block))
    return tuple(pruned)


def mark_captions(lines: list[Line]) -> None:
    """Mark the words that stand under a picture: in its block, or set in the middle just after it, and no sentence."""
    for line in lines:
        if (
            line.rule
            or line.heading
            or not (line.picture or line.follows)
            or len(line.text) > 120
            or is_meta(simplify(line.text))
        ):
            continue
        credited = CREDIT.search(line.text) and (len(line.text) <= 60 or not INNER_STOP.search(line.text))
        short = len(line.text) <= 50 and not line.text.endswith(FULL_STOPS)
        if credited or (short and (line.picture or line.centred)):
            line.rule = "caption"


def mark_links(lines: list[Line]) -> None:
    """Mark the lines that are links and nothing else, but for those to attached documents, and what heads them."""
    for line in lines:
        if line.rule is None and not line.attached and line.links * 10 >= len(AROUND_LINK.sub("", line.text)) * 9 > 0:
            line.rule = "link-line"
    for line, following in pairwise(lines):
        heads = line.rule is None and not line.good and following.rule == "link-line"
        if heads and len(line.text) <= HEADING and HEADS_LIST.search(line.text):
            line.rule = "link-line"


def restore_captions(lines: list[Line]) -> None:
    """Take captions for the text where they are more than a quarter of it: a story told in pictures."""
    text = sum(len(line.text) for line in lines if line.good and line.rule is None)
    if sum(len(line.text) for line in lines if line.rule == "caption") * 3 > text:
        for line in lines:
            line.rule = None if line.rule == "caption" else line.rule
