"""Speak to the reader in Chinese or English: choose by the browser's wish, translate by one table."""

from collections.abc import Callable

from datasette.utils.asgi import Request

from browse.english import ENGLISH, ONE
from browse.words import CHINESE

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
COOKIE = "fangzhi-language"


def choose(request: Request | None) -> str:
    """Return "zh" or "en": what `?lang=` asks for, else the cookie, else the first that the browser lists."""
    if request is None:
        return "en"
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return accepted(request.headers.get("accept-language", ""))


def accepted(header: str) -> str:
    """Return the language of ours that an Accept-Language header likes best; English where it names neither.

    >>> accepted("zh-CN,zh;q=0.9,en;q=0.8"), accepted("de, en;q=0.5, zh;q=0.7"), accepted("zh;q=0, *"), accepted("")
    ('zh', 'zh', 'en', 'en')
    """
    wishes = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wishes.append((-_quality(weight), place, language))
    best = min(wishes, default=(0.0, 0, "en"))
    return best[2] if best[0] < 0 else "en"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def translator(language: str) -> Callable[..., str]:
    """Return the function that templates call as `t("Changed {n} times", n=3)`.

    >>> translator("zh")("Search"), translator("en")("{n} copies", n=2), translator("en")("{n} copies", n=1)
    ('检索', '2 copies', '1 copy')
    """

    def translate(text: str, /, **values: object) -> str:
        if language == "zh":
            wording = CHINESE.get(text, text)
        elif values.get("n") in {1, "1"}:
            wording = ONE.get(text, text)
        else:
            wording = ENGLISH.get(text, text)
        return wording.format(**values) if values else wording

    return translate
