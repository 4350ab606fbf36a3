"""Find moments in text: every way in which Chinese pages print a date and a time."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from pipelines.records import Precision

DIGITS = {
    char: value
    for value, chars in enumerate(("〇○零0Ｏ", "一1", "二2", "三3", "四4", "五5", "六6", "七7", "八8", "九9"))
    for char in chars
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_CLOCK = (
    r"(?:[\sT,，|]*(?:星期[一二三四五六日天]|周[一二三四五六日])?[\sT,，|]*(?P<half>上午|下午|中午|晚上?|凌晨|早上?|AM|PM)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s*(?:[:：]|时|点)\s*(?:(?P<minute>[0-5]?\d)(?:\s*[:：分]\s*(?P<second>[0-5]\d)(?!\d))?)?(?:\s*分)?(?:\s*(?P<after>AM|PM))?)?"
)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class Moment(NamedTuple):
    """A date found in a text, with the time where one is printed, and its place (characters)."""

    when: datetime
    precision: Precision
    start: int
    end: int


class _Form(NamedTuple):
    """One way to print a date."""

    name: str
    pattern: re.Pattern[str]


# the order matters: a full date is looked for before one without its year
FORMS = (
    _Form(
        "iso",
        re.compile(
            rf"(?<!\d){_YEAR}-(?P<month>1[0-2]|0[1-9])-(?P<day>[12]\d|3[01]|0[1-9])T(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d))?(?:\.\d{1,9})?(?P<offset>Z|[+-]\d\d:?\d\d)",
            re.IGNORECASE,
        ),
    ),
    _Form(
        "digits",
        re.compile(
            rf"(?<!\d){_YEAR}\s*(?P<sep>[-/.年])\s*(?P<month>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<day>[12]\d|3[01]|0?[1-9])(?![\d])\s*日?{_CLOCK}",
            re.IGNORECASE,
        ),
    ),
    _Form(
        "spread",
        re.compile(
            rf"(?<!\d){_YEAR}\s+(?P<month>1[0-2]|0[1-9])\s*[-/.]\s*(?P<day>[12]\d|3[01]|0[1-9])(?!\d){_CLOCK}",
            re.IGNORECASE,
        ),
    ),
    _Form(
        "compact",
        re.compile(
            rf"(?<!\d){_YEAR}(?P<month>1[0-2]|0[1-9])(?P<day>[12]\d|3[01]|0[1-9])(?:(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d))?(?!\d)"
        ),
    ),
    _Form(
        "hanzi",
        re.compile(
            r"(?P<hyear>[一二][〇○零Ｏ0一二三四五六七八九]{3})\s*年\s*(?P<hmonth>[一二三四五六七八九十]{1,2})\s*月\s*(?P<hday>[一二三四五六七八九十]{1,3})\s*日"
        ),
    ),
    _Form(
        "republic",
        re.compile(
            rf"(?:民国|中华民国)\s*(?P<republic>\d{{2,3}})\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*日{_CLOCK}"
        ),
    ),
    _Form(
        "english",
        re.compile(
            rf"(?P<name>{'|'.join(_MONTHS)})\s+(?P<day>[12]\d|3[01]|0?[1-9]),?\s+{_YEAR}{_CLOCK}", re.IGNORECASE
        ),
    ),
    _Form(
        "no-year",
        re.compile(
            rf"(?<![\d年.-])(?P<month>1[0-2]|0?[1-9])\s*(?:月|-|/)\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*日?{_CLOCK.removesuffix('?')}",
            re.IGNORECASE,
        ),
    ),
    _Form(
        "relative",
        re.compile(
            rf"(?P<ago>今天|昨天|前天){_CLOCK.removesuffix('?')}|(?<!\d)(?P<count>\d{{1,3}})\s*(?P<unit>分钟|小时|天)前"
        ),
    ),
)


_MAY_TELL = re.compile(r"[\d今昨前]|[一二][〇○零Ｏ0一二三四五六七八九]{3}\s*年")  # what one form or another begins with


def moments(text: str, now: datetime, zone: tzinfo) -> Iterator[Moment]:
    """Yield the moments of a text (simplified characters) in the order of `FORMS`, each place once.

    `now` is when the page was fetched: what 今天 and a date without a year are counted from.
    """
    if not _MAY_TELL.search(text):
        return
    taken: list[tuple[int, int]] = []
    here = now.astimezone(zone)
    for form in FORMS:
        for found in form.pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            moment = _read(found, here, zone)
            if moment is not None:
                taken.append((found.start(), found.end()))
                yield moment


def _read(found: re.Match[str], here: datetime, zone: tzinfo) -> Moment | None:
    part = found.groupdict()
    if part.get("count"):
        hours = {"分钟": 1 / 60, "小时": 1.0, "天": 24.0}[part["unit"]] * int(part["count"])
        when = (here - timedelta(hours=hours)).replace(second=0, microsecond=0)
        if part["unit"] == "分钟":
            return Moment(when, Precision.MINUTE, found.start(), found.end())
        return Moment(when.replace(hour=0, minute=0), Precision.DAY, found.start(), found.end())
    day = _day(part, here)
    if day is None:
        return None
    hour, minute, second = part.get("hour"), part.get("minute"), part.get("second")
    if hour is None or (minute is None and not re.search(r"[时点]", found.group())):
        return Moment(datetime(day.year, day.month, day.day, tzinfo=zone), Precision.DAY, found.start(), found.end())
    count = int(hour) % 24
    half = (part.get("half") or part.get("after") or "").upper()
    if half in {"下午", "晚", "晚上", "PM"} and count < 12:
        count += 12
    elif half == "AM" and count == 12:
        count = 0
    when = datetime(day.year, day.month, day.day, count, int(minute or 0), int(second or 0), tzinfo=zone)
    offset = part.get("offset")
    if offset:
        when = datetime.fromisoformat(when.replace(tzinfo=None).isoformat() + offset.upper()).astimezone(zone)
    precision = Precision.SECOND if second else Precision.MINUTE
    return Moment(when, precision, found.start(), found.end())


def _day(part: dict[str, str | None], here: datetime) -> date | None:
    try:
        if part.get("ago"):
            return here.date() - timedelta(days=("今天", "昨天", "前天").index(part["ago"] or ""))
        if part.get("hyear"):
            year = int("".join(str(DIGITS[char]) for char in part["hyear"] or ""))
            return date(year, _tens(part["hmonth"] or ""), _tens(part["hday"] or ""))
        month = _MONTHS.index((part["name"] or "").lower()) + 1 if part.get("name") else int(part["month"] or 0)
        if part.get("republic"):
            year = int(part["republic"] or 0) + 1911
        elif part.get("year"):
            year = int(part["year"] or 0)
        else:
            year = here.year if (month, int(part["day"] or 0)) <= (here.month, here.day) else here.year - 1
        return date(year, month, int(part["day"] or 0))
    except ValueError:
        return None


def _tens(text: str) -> int:
    """Return the number that 一 to 三十一 name."""
    if "十" not in text:
        return DIGITS[text[0]]
    tens, _, ones = text.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
