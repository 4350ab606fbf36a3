"""Tell titles and phrases that hijackers put into pages: pornography, gambling, names of apps."""

import re
from collections.abc import Sequence

from pipelines.repair.chinese import simplified

# one row a subject; words that news uses too count only where they fill a phrase
_WORDS = """
    久久 精品 国产 欧美 日韩 亚洲 无码 有码 中出 一区 二区 三区 四区 中文字幕 字幕 高清 免费 在线 观看 播放 视频
    成人 色情 黄片 黄色 毛片 三级 自拍 偷拍 激情 午夜 福利 人妻 熟女 少妇 制服 丝袜 麻豆 传媒 老司机 裸 性爱
    情色 a片 av 影院 网站 大全 最新 国语 博彩 彩票 时时彩 赌场 赌博 真人 娱乐城 娱乐 棋牌 百家乐 老虎机 投注
    体育 新葡京 葡京 澳门 威尼斯人 皇冠 云顶 万博 亚博 开户 注册 送彩金 彩金 官网 入口 平台 网址 登录 下载
    bet365 365 手机版 app 六合彩 开奖 计划 盘口 香蕉 草莓 丝瓜 茄子 榴莲 芭乐 抖阴 破解版 安装 污 黄 直播 软件
"""
_STRONG = re.compile(
    r"久久|无码|中出|国产精品|欧美日韩|亚洲[一二三]区|[一二三]区[一二三]区|成人(?:视频|影院|网站|在线)|黄片|毛片|人妻|熟女|老司机|麻豆|a片"
    r"|午夜福利|博彩|时时彩|百家乐|老虎机|新葡京|葡京|威尼斯人|送彩金|六合彩|bet365|娱乐城|投注|抖阴|(?:香蕉|草莓|丝瓜|茄子|榴莲)视频",
    re.IGNORECASE,
)
_ANY = re.compile("|".join(_WORDS.split()), re.IGNORECASE)
_PHRASE = re.compile(r"[^_|\-–—,，、;；!！\s]+")
# what no sentence of news holds, not even one about a raid: words that only search engines are meant to read
_SEEN = "[视視][频頻]|影院|[电電]影|[网網]站|[观觀]看|播放|小[说說]"
_SORT = f"一[区區]|精品|[综綜]合|[国國][产產]|[无無][码碼]|自拍|偷拍|免[费費]|在[线線]|{_SEEN}"
_NEVER = re.compile(
    rf"久久(?:{_SORT}|[热熱]|[爱愛])+|[国國][产產]精品(?:{_SORT}|久久)+|[国國][产產](?:自拍|偷拍|[无無][码碼]|麻豆)(?:{_SORT})*"
    rf"|[亚亞]洲(?:一[区區]|[无無][码碼]|[综綜]合|色[图圖])(?:二[区區]|三[区區]|{_SORT})*|[欧歐]美日[韩韓](?:{_SORT})+"
    rf"|一[区區]二[区區](?:三[区區]|四[区區])(?:{_SORT})*|[无無][码碼](?:{_SORT}|中文|高清|人妻)+"
    rf"|(?:成人|[黄黃]色|激情|三[级級])(?:{_SEEN})(?:免[费費]|在[线線]|[观觀]看)+"
    r"|(?:香蕉|草莓|[丝絲]瓜|茄子|榴[莲蓮]|芭[乐樂])[视視][频頻](?:app|下[载載]|污|破解版|官[网網]|在[线線])+"
    r"|(?:新?葡京|威尼斯人|皇冠|百家[乐樂]|bet365|[时時]{2}彩)(?:官[网網]|[开開][户戶]|[注註][册冊]|登[录錄])+|送彩金",
    re.IGNORECASE,
)
# how each of those begins: a list that is looked through much faster, in which most texts have nothing
_BEGINS = re.compile(
    "久久|国产|國產|亚洲|亞洲|欧美日|歐美日|一区二|一區二|无码|無碼|成人|黄色|黃色|激情|三级|三級|香蕉|草莓|丝瓜|絲瓜|茄子|榴莲|榴蓮"
    "|芭乐|芭樂|葡京|威尼|皇冠|百家|bet365|Bet365|BET365|时时|時時|送彩"
)
_SHORT = 80  # characters: a longer line is a paragraph, and no list of phrases
_FILLED = 0.6  # of a phrase is such words: 0.9 and more in spam, under 0.4 in headlines about raids on it


def spam_title(title: str | None) -> tuple[str, ...]:
    """Return the phrases of a title that are spam, in order; empty for an honest one.

    >>> spam_title("久久精品视频_国产一区二区三区免费观看")
    ('久久精品视频', '国产一区二区三区免费观看')
    >>> spam_title("警方捣毁一博彩网站 抓获嫌疑人十二名")
    ()
    """
    if not title or not _STRONG.search(simplified(title)):
        return ()
    phrases = _PHRASE.findall(title)
    spam = tuple(phrase for phrase in phrases if _covered(simplified(phrase)) >= _FILLED)
    enough = len(spam) >= 2 or any(len(set(_STRONG.findall(simplified(phrase)))) >= 2 for phrase in spam)
    return spam if enough or (spam and len(phrases) == 1) else ()


def spam_lines(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the spam that stands in the text of an article, each once, in order: whole lines of it or spliced words.

    >>> spam_lines(["县卫生久久精品局昨日召开会议。", "警方捣毁一个博彩网站,抓获十二人。"])
    ('久久精品',)
    """
    found: dict[str, None] = {}
    for line in paragraphs:
        if _BEGINS.search(line):
            found.update(dict.fromkeys(spliced[0] for spliced in _NEVER.finditer(line)))
        if len(line) <= _SHORT and not found:
            found.update(dict.fromkeys(spam_title(line)))
    return tuple(found)


def _covered(phrase: str) -> float:
    return sum(map(len, _ANY.findall(phrase))) / len(phrase)
