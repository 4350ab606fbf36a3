"""Recognise what is no page of the site: firewall challenges, regional blocks, captchas, "not found" on status 200.

Such answers are kept in the WARC like all others, and are never made into articles. Nothing here evades them.
To add a rule, write a function and add it to RULES, with a row for and a row against it in the tests.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from crawler.address import normalise
from crawler.capture import Capture
from crawler.outlet import Outlet, UrlClass

Kind = Literal["blocked", "soft-404"]
LOOKED_AT = 400_000  # bytes; what stands in for a page is small
MOST = 400  # characters on a page with status 200 beyond which no rule asks for more
SHORT = 40  # characters: a longer line in a block of its own is prose, and prose is a page's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Say that an answer is no page of the site: "blocked" or "soft-404", by which rule, and what gave it away."""

    kind: Kind
    rule: str
    detail: str


class View:
    """What the rules look at: a capture, its text in each charset that it may be in, its scripts."""

    def __init__(self, capture: Capture, outlet: Outlet | None) -> None:
        self.capture = capture
        self.outlet = outlet
        self.body = capture.body[:LOOKED_AT]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return the page decoded: as UTF-8 where it is that, else in both charsets that it may be in."""
        return tuple(_decodings(self.body))

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """Return the visible lines of the page, for each way of decoding it."""
        return tuple(_visible_lines(text) for text in self.texts)

    @cached_property
    def scripts(self) -> str:
        """Return the scripts of the page; they are ASCII wherever it matters here."""
        return " ".join(re.findall(r"<script\b[^>]*>(.*?)(?:</script>|\Z)", self.texts[0], re.IGNORECASE | re.DOTALL))

    @property
    def is_bare(self) -> bool:
        """Say whether hardly a word of the page is for people to read."""
        return self.size < 120

    @property
    def size(self) -> int:
        """Return how many characters of the page are for people to read, by the decoding that gives fewest."""
        return min(sum(map(len, lines)) for lines in self.lines)

    @property
    def has_prose(self) -> bool:
        """Say whether more than one line of the page is as long as a sentence of an article."""
        return all(sum(_is_prose(line) for line in lines) > 1 for lines in self.lines)

    @cached_property
    def has_sentences(self) -> bool:
        """Say whether sentences of so many characters stand between two tags that no rule for status 200 applies.

        Most pages show it at the first look, without being taken apart into lines; in a wrong charset none does.
        """
        return any(map(_has_sentences, _decodings(self.body)))

    def finds(self, pattern: re.Pattern[str]) -> str | None:
        """Return what a pattern matches in a visible line."""
        for lines in self.lines:
            for line in lines:
                if match := pattern.search(line):
                    return match[0]
        return None


def judge(capture: Capture, outlet: Outlet | None = None) -> Verdict | None:
    """Return why a capture is no page of its site, or None where it may well be one."""
    view = View(capture, outlet)
    if capture.status in (0, 200) and view.has_sentences:
        return None
    for kind, rule in RULES:
        detail = rule(view)
        if detail is not None:
            return Verdict(kind=kind, rule=rule.__name__, detail=detail)
    return None


# --- blocked

CHALLENGE_MARKS = re.compile(
    r"__jsl_clearance|acw_sc__v2|\$_ts\b|_\$_ts|cdn_sec_tc|yunsuo_session|https_ydclearance|__tst_status|"
    r"safeline|jschl_vc|cf-chl|_cf_chl_opt"
)
SETS_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=|document\.cookie\s*=")
RELOADS = re.compile(r"location\s*(?:\.\s*(?:reload|replace|href|assign)|\[|=)|\.submit\s*\(")
FIREWALLS = re.compile(
    r"Web应用防火墙|WAF拦截|网站防火墙|安全狗|云锁|创宇盾|加速乐|雷池|长亭|护卫神|云盾|宝塔.{0,6}防火墙|"
    r"访问(?:请求)?(?:已)?被(?:拦截|阻断|拒绝|禁止)|请求.{0,12}被.{0,8}(?:拦截|阻断)|疑似(?:攻击|黑客)|"
    r"带有不合法(?:的)?参数|您的访问(?:行为)?(?:过于频繁|异常|存在风险)|攻击(?:请求)?已被拦截|事件ID.{0,40}拦截"
)
REGIONS = re.compile(
    r"(?:所在|当前)?(?:的)?(?:地区|区域|国家)[^。]{0,12}(?:无法|不能|禁止|限制|不允许|暂不)[^。]{0,8}(?:访问|浏览|服务)|"
    r"(?:境外|海外|国外|非中国大陆)[^。]{0,16}(?:无法|禁止|限制|不能|暂停)|(?:仅限|只允许)(?:中国)?(?:大陆|境内|国内)|"
    r"not available in your (?:country|region)"
)
CAPTCHAS = re.compile(
    r"(?:请|需)[^。]{0,10}(?:输入|填写|完成)[^。]{0,10}(?:验证码|验证)|(?:拖动|滑动)[^。]{0,6}(?:滑块|验证|拼图)|人机验证|"
    r"安全验证|点击[^。]{0,4}完成验证|verify (?:that )?you are (?:a )?human"
)
CHALLENGE_STATUS = (200, 202, 403, 405, 412, 429, 503, 521)


def cookie_challenge(view: View) -> str | None:
    """A page without words whose script is to set a cookie and load the page again."""
    if view.capture.status not in CHALLENGE_STATUS or not view.is_bare:
        return None
    page = view.texts[0]
    if match := CHALLENGE_MARKS.search(page):
        return match[0]
    if SETS_COOKIE.search(view.scripts) and RELOADS.search(view.scripts):
        return "sets a cookie by script and loads again"
    return None


def bare_script_status(view: View) -> str | None:
    """Status 412 or 521 with scripts alone: no server of pages answers so, two makes of firewall do."""
    if view.capture.status in (412, 521) and view.scripts and view.is_bare:
        return f"status {view.capture.status} with nothing but scripts"
    return None


def regional_block(view: View) -> str | None:
    """A refusal that names the reader's region."""
    limit = 200 if view.capture.status == 200 else 2000
    return view.finds(REGIONS) if view.capture.status in (200, 403, 451) and view.size < limit else None


def firewall_page(view: View) -> str | None:
    """A page on which a firewall names itself, or says that the request was stopped."""
    # 长亭 and 云盾 are names of places and products too: in a menu or a list they mean nothing
    return view.finds(FIREWALLS) if view.size < 400 and not view.has_prose else None


def captcha(view: View) -> str | None:
    """A page that is nothing but a captcha; comment boxes below articles ask for one too."""
    return view.finds(CAPTCHAS) if view.size < 300 and not view.has_prose else None


# --- soft 404

MISSING = re.compile(
    r"(?:页面|网页|文章|内容|信息|新闻|文件|栏目|頁面|網頁|內容|資訊|新聞)[^。，,]{0,8}"
    r"(?:不存在|不見了|不见了|已(?:被)?(?:删除|移除|下线|下架|刪除)|未找到|找不到|沒有找到|没有找到)|"
    r"(?:找不到|未找到|没有找到|沒有找到)[^。，,]{0,10}(?:页面|网页|文章|内容|信息|頁面|網頁|文件|资源)|"
    r"(?:该|此|您访问的|您请求的)[^。，,]{0,8}(?:不存在|已(?:被)?删除)|404\s*(?:Not Found|错误|页面|-|_)|page not found"
)
HOME = re.compile(r"^/?(?:(?:index|default|main)\.\w+)?$|/?(?:404|error|notfound)\b", re.IGNORECASE)
REFRESH = re.compile(
    r"<meta\b(?=[^>]*http-equiv\s*=\s*[\"']?refresh)[^>]*content\s*=\s*[\"']?\s*(\d+)\s*;\s*url\s*=\s*[\"']?([^\"'>\s]+)",
    re.IGNORECASE,
)


def says_missing(view: View) -> str | None:
    """A page without prose that says, in a title or a line of its own, that there is nothing here."""
    if view.capture.status not in (0, 200) or view.has_prose:
        return None
    for lines in view.lines:
        for line in lines:
            if len(line) <= 2 * SHORT and (match := MISSING.search(line)):
                return match[0]
    return None


def leads_home(view: View) -> str | None:
    """An article's address that is redirected to the home page or to an error page."""
    status, outlet = view.capture.status, view.outlet
    if status not in (301, 302, 303, 307, 308) or not _is_article(view):
        return None
    target = normalise(view.capture.header("Location") or "", view.capture.url)
    if target and (outlet is None or outlet.owns(target)) and HOME.search(urlsplit(target).path):
        return f"redirected to {target}"
    return None


def refreshes_home(view: View) -> str | None:
    """An article's address that holds nothing but a jump to the home page."""
    if view.capture.status != 200 or view.has_prose or not _is_article(view):
        return None
    match = REFRESH.search(view.texts[0])
    target = normalise(match[2], view.capture.url) if match else None
    if target and HOME.search(urlsplit(target).path):
        return f"jumps to {target}"
    return None


RULES: tuple[tuple[Kind, Callable[[View], str | None]], ...] = (
    ("blocked", cookie_challenge),
    ("blocked", bare_script_status),
    ("blocked", regional_block),
    ("blocked", firewall_page),
    ("blocked", captcha),
    ("soft-404", says_missing),
    ("soft-404", leads_home),
    ("soft-404", refreshes_home),
)

UNSEEN = re.compile(r"<(?=[!snt])(?:!--|(script|style|noscript|select|textarea)\b)", re.IGNORECASE)
UNSEEN_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "noscript", "select", "textarea")
}
COMMENT_END = re.compile("-->")
INLINE = re.compile(r"</?(?:a|b|i|em|strong|span|font|u|sup|sub|img)\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")


def _decodings(body: bytes) -> Iterator[str]:
    try:
        yield body.decode("utf-8")
    except UnicodeDecodeError:
        yield from (body.decode(charset, "replace") for charset in ("gb18030", "big5hkscs"))


def _visible_lines(text: str) -> tuple[str, ...]:
    pieces = TAG.split(INLINE.sub("", " ".join(_seen(text))))
    return tuple(line for piece in pieces if (line := " ".join(piece.replace("&nbsp;", " ").split())))


def _seen(text: str) -> Iterator[str]:
    """Yield the pieces of a page's source between what no reader sees."""
    place, start = 0, UNSEEN.search(text)
    while start:
        # each end is looked for by a pattern of its own, which begins with plain letters: that is found much faster
        end = (UNSEEN_ENDS[start[1].lower()] if start[1] else COMMENT_END).search(text, start.end())
        if end or start[1]:  # a comment without an end is none, a script without one goes on to the end of the page
            yield text[place : start.start()]
            place = end.end() if end else len(text)
        start = UNSEEN.search(text, max(place, start.end()))
    yield text[place:]


def _has_sentences(text: str) -> bool:
    count = size = 0
    for seen in _seen(text):
        last, place = 0, seen.find("。")
        while place >= 0:
            start, end = seen.rfind(">", 0, place) + 1, seen.find("<", place)
            end = len(seen) if end < 0 else end
            line = " ".join(seen[start:end].split())
            if _is_prose(line):
                size += len(line)
                if not last or len(TAG.split(INLINE.sub("", seen[last:start]))) > 1:  # not of the same line
                    count, last = count + 1, end
                if count > 1 and size >= MOST:
                    return True
            place = seen.find("。", end)
    return False


def _is_prose(line: str) -> bool:
    return len(line) > SHORT and "。" in line


def _is_article(view: View) -> bool:
    return view.outlet is None or view.outlet.classify(view.capture.url) is UrlClass.ARTICLE
