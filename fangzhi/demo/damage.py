"""Do to clean text what hijacked mirrors and document mills do to it, by the same mechanism."""

from collections.abc import Callable
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin

# characters that the mirrors' tables leave as they are although OpenCC has another form for them
LEFT = frozenset("台于据后范里愿么几吃余准采征游干谷丑托系面只群床峰着秘烟雇")
# characters for which they have the form in everyday use, OpenCC the older one
EVERYDAY = {"为": "為", "众": "眾", "启": "啟"}


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


@cache
def traditional(character: str) -> str:
    """Return the traditional form of one character, as a table without context gives it.

    >>> "".join(map(traditional, "会后发布"))
    '會后發布'
    """
    if character in LEFT:
        return character
    return EVERYDAY.get(character) or str(_converter().convert(character))


def converted(text: str) -> str:
    """Turn simplified text traditional, one character at a time, as a machine does that knows no words."""
    return "".join(map(traditional, text))


@cache
def wide() -> tuple[str, ...]:
    """Return the wide list: every common character (first level of GB 2312) whose traditional form differs."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    common = (code.decode("gb2312", "ignore") for code in rows)
    changed = (traditional(char) for char in common if char and traditional(char) != char)
    return tuple(dict.fromkeys(char for char in changed if _readable(char)))


def narrower(without: str) -> tuple[str, ...]:
    """Return the wide list without the characters given."""
    return tuple(char for char in wide() if char not in without)


# the lists of characters that a mirror annotates, by name
LISTS: dict[str, Callable[[], tuple[str, ...]]] = {
    "toned-wide": wide,
    "toned-without-國時會": lambda: narrower("國時會"),
}


def inject(text: str, characters: tuple[str, ...]) -> str:
    """Append a reading after every occurrence of a listed character's two bytes, on its own boundary or across one.

    The text is held as GBK. A reading that falls between the two bytes of a character leaves a lead byte before "(",
    which no decoder knows: both become "?", and all that follows is read one byte off until something brings it back.

    >>> inject("我們取得聯系", ("內", "聯"))
    '我們?nèi)〉寐?lián)系'
    """
    listed = {char.encode("gbk"): f"({reading(char)})".encode("gbk") for char in characters}
    held = text.encode("gbk", "ignore")
    damaged = bytearray()
    for place in range(len(held)):
        damaged.append(held[place])
        damaged += listed.get(held[place - 1 : place + 1], b"") if place else b""
    return misread(bytes(damaged))


def misread(held: bytes) -> str:
    """Decode GBK pair by pair, as a careless tool does: a pair that is no character becomes one "?"."""
    found = []
    place = 0
    while place < len(held):
        size = 1 if held[place] < 0x80 else 2
        unit = held[place : place + size]
        place += size
        try:
            found.append(unit.decode("gbk"))
        except UnicodeDecodeError:
            found.append("?")
    return "".join(found)


@cache
def reading(character: str) -> str:
    """Return the reading of one character with its tone mark."""
    return str(pinyin(character, style=Style.TONE)[0][0])


def _readable(character: str) -> bool:
    """Say whether a character and its reading can be written in GBK."""
    try:
        return len(character.encode("gbk")) == 2 and bool(reading(character).encode("gbk"))
    except UnicodeEncodeError:
        return False


def wrapped(paragraphs: tuple[str, ...], width: int) -> list[str]:
    """Break paragraphs into lines of some width (characters), wherever in a sentence that falls."""
    return [line[start : start + width] for line in paragraphs for start in range(0, len(line), width)]


def repeated(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Append the last numbered section (its heading begins with 二、 or 三、) once more, word for word."""
    headings = [place for place, line in enumerate(paragraphs) if line.startswith(("二、", "三、"))]
    return paragraphs + paragraphs[headings[-1] :] if headings else paragraphs
