"""Tell the name of an outlet from what a page prints around it, and from the words that name nobody."""

import re

from pipelines.describe.scene import Scene
from pipelines.extract.fold import simplify

LONGEST = 30  # characters of a name
# what stands behind 来源 and names nobody
JUNK = frozenset(
    (
        *("网络", "互联网", "未知", "佚名", "不详", "无", "网络整理", "网上", "综合", "本地", "转载", "网络转载"),
        *("admin", "原创", "其它", "其他", "网友", "投稿", "资料", "资料图", "XXX", "xxx", "暂无", "空"),
    )
)
# what an outlet calls itself
OWN = frozenset(
    (
        *("本网", "本站", "本报", "本网站", "本刊", "本社", "本台", "本网讯", "本站原创", "本网原创", "本报讯", "原创"),
        *("本站讯", "本网专稿", "站内", "本单位", "本局", "本委"),
    )
)
MEDIA = re.compile(
    r"(?:网|报|社|台|在线|新闻|日报|晚报|晨报|早报|周刊|杂志|客户端|传媒|融媒|融媒体|发布|频道|公众号|微信公号|时报|商报|都市报|电视|广播|号|刊|办|局|委|部|政府|中心|协会|财经|科技)$"
)
ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?:[\w-]+\.)+(?:com|cn|net|org|tw|hk|gov)\S*", re.IGNORECASE)
END = re.compile(r"[\s\ufffd|｜丨【\[(（)）\]】，,；;。》”\"]")
# the label that follows a value on its line, and ends it
NEXT_LABEL = re.compile(
    r"\s*(?:(?:作者|记者|通讯员|责任编辑|编辑|责编|编审|审核|摄影|校对|点击|浏览|阅读|字号|字体|字级|分享|评论|人气|访问|关键[词字]|标签"
    r"|(?:发布|发表|更新)?(?:时间|日期)|发布|发表|更新)\s*[:丨]|(?:点击|浏览|阅读|访问)\S{0,2}\s*\d|有\d+人|我有话说|手机看|举报|收藏|【"
    r"|\d{4}[-年/])"
)

# labels with their values, but those of a source
LABELLED = re.compile(
    r"(?:分类|栏目|标签|类别|专栏|频道|主题|楼主|发布者|发布人|点击|编辑|责编|作者|记者|审核|浏览|阅读|访问|评论|关键词|字数|人气)\s*:\s*\S+"
)


def upto_label(value: str) -> str:
    """Return a value without the label that follows it on its line, and what stands behind that.

    >>> upto_label("云岭日报作者：房思远")
    '云岭日报'
    """
    stop = NEXT_LABEL.search(simplify(value))
    return value[: stop.start()] if stop else value


def without_labels(text: str) -> str:
    """Return the part of a line beside the date without what stands behind labels other than of a source.

    >>> without_labels(" 分类：民生 阅读(328)")
    '  阅读(328)'
    """
    places = [match.span() for match in LABELLED.finditer(simplify(text))]
    for start, end in reversed(places):
        text = text[:start] + text[end:]
    return text


def bare_name(value: str, scene: Scene) -> str | None:
    """Return an outlet's bare name, or None where the value names nobody; 本网 is the outlet of the page itself."""
    value = ADDRESS.sub("", value).strip(" \u3000:：|丨—-–·*【[(（《“\"'")
    value = END.split(value, maxsplit=1)[0].strip("-—–:：·")
    if "《" in value:  # 光明网-《光明日报》
        value += "》"
    folded = simplify(value)
    if folded in OWN:
        return _own_name(scene)
    if not 1 < len(value) <= LONGEST or folded in JUNK or not re.search(r"[\u3400-\u9fffA-Za-z]", value):
        return None
    return value


def _own_name(scene: Scene) -> str | None:
    outlet = scene.draft.page.outlet
    if outlet is not None:
        return outlet.name
    return next((scene.meta[name] for name in ("og:site_name", "sitename", "site_name") if scene.meta.get(name)), None)
