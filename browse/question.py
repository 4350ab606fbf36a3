"""Take a search apart: words for the index, words that name a field (outlet:, source:, …), words that are a date."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.fold import fold

# What a person may write before the colon → what it means; the index itself knows headline: and 标题:.
FIELDS = {
    "outlet": "outlet",
    "媒体": "outlet",
    "媒體": "outlet",
    "source": "source",
    "来源": "source",
    "來源": "source",
    "author": "author",
    "作者": "author",
    "region": "region",
    "地区": "region",
    "地區": "region",
    "date": "date",
    "日期": "date",
}
_QUOTED = r'"[^"]*"?|“[^”]*”?|「[^」]*」?'  # what is quoted is text, whatever stands in it
_NAMED = rf"(?P<name>{'|'.join(FIELDS)})[:：](?:\"(?P<quoted>[^\"]*)\"?|(?P<word>\S*))"
_PART = re.compile(rf"(?P<text>{_QUOTED})|(?<!\S)(?P<minus>-)?(?:{_NAMED}|(?P<bare>[\d-][^\s\"“「]*))", re.IGNORECASE)
_OR = ("OR", "|", "｜")
_DATE = re.compile(r"(\d{4})(?:[-/年.](\d{1,2})(?:[-/月.](\d{1,2})日?|月)?|年)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that must hold (must not, where `excluded`) a value; `bare` where a date was typed without its field."""

    field: str
    value: str
    excluded: bool = False
    bare: bool = False

    def __str__(self) -> str:
        """Say the condition in words, for the line above Datasette's table."""
        return f"{self.field} {'is not' if self.excluded else 'is'} “{self.value}”"


@dataclass(frozen=True, slots=True)
class Question:
    """A search as taken apart: `words` for the index, and the conditions."""

    words: str
    conditions: tuple[Condition, ...] = ()


def take_apart(text: str) -> Question:
    """Return a search's words and its conditions. A month or a day that stands by itself asks for its date.

    Quoted, and beside OR, a date is text like any other.

    >>> [(c.field, c.value, c.excluded) for c in take_apart("疫情 outlet:zmd -来源:新华社 2022年4月").conditions]
    [('outlet', 'zmd', False), ('source', '新华社', True), ('date', '2022年4月', False)]
    >>> take_apart('"2022年4月" 2022 2022-04 OR 疫苗').words
    '"2022年4月" 2022 2022-04 OR 疫苗'
    """
    conditions = []

    def take(match: re.Match[str]) -> str:
        if match["bare"]:
            if not _is_date(match["bare"]) or _beside_or(text, match):
                return match[0]
            conditions.append(Condition("date", match["bare"], bool(match["minus"]), bare=True))
            return " "
        if not match["name"]:
            return match[0]
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        if value:
            conditions.append(Condition(FIELDS[match["name"].lower()], value, bool(match["minus"])))
        return " "

    words = _PART.sub(take, text)
    return Question(" ".join(words.split()), tuple(conditions))


def _is_date(word: str) -> bool:
    """Say whether a word is a month or a day of these centuries; a year alone is a number like any other."""
    match = _DATE.fullmatch(fold(word))
    return match is not None and match[2] is not None and match[1][:2] in {"19", "20"} and days(word) is not None


def _beside_or(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()].split(), text[match.end() :].split()
    return before[-1:] in [[word] for word in _OR] or after[:1] in [[word] for word in _OR]


def days(value: str) -> tuple[str, str] | None:
    """Return the first and the last day that a date word names, or None where it is none.

    >>> days("2022-04"), days("2022年4月5日"), days("2022"), days("四月"), days("2022-13")
    (('2022-04-01', '2022-04-30'), ('2022-04-05', '2022-04-05'), ('2022-01-01', '2022-12-31'), None, None)
    """
    match = _DATE.fullmatch(fold(value))
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or year < 1 or (month is not None and not 1 <= month <= 12):
        return None
    first, last = month or 1, month or 12
    if day is not None and not 1 <= day <= calendar.monthrange(year, first)[1]:
        return None
    return f"{year:04}-{first:02}-{day or 1:02}", f"{year:04}-{last:02}-{day or calendar.monthrange(year, last)[1]:02}"


def clauses(conditions: tuple[Condition, ...], table: str = "articles") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the SQL condition and its parameters for each condition, over the columns of `table`."""
    for number, condition in enumerate(conditions):
        name = f"condition_{number}"
        sql, params = _clause(condition, name, table)
        yield (f"not coalesce({sql}, 0)" if condition.excluded else sql), params


# SQL of ours alone: {table} is a name that we give, {value} the name of a parameter
OUTLETS = """{table}.outlet in (select id from outlets
    where id = {value} or instr(fangzhi_fold(name), {value}) or instr(fangzhi_fold(aliases), {value}))"""
# few values are told apart before any article is looked at
OF_COLUMN = """{{table}}.{0} in (select {0} from (select distinct {0} from articles where {0} is not null)
    where instr(fangzhi_fold({0}), {{value}}))"""


def lies_in(table: str, codes: str) -> str:
    """Return the condition that an article of `table` is about a region of `codes` (SQL), or about a part of one."""
    within = f"""with recursive within(code) as ({codes}
        union select r.code from regions r join within w on r.parent = w.code) select code from within"""  # noqa: S608
    return f"""{table}.key in (select b.key from articles b where b.region in ({within})
        union select b.key from articles b where b.id in (
            select p.article from places p indexed by places_region where p.region in ({within})))"""  # noqa: S608


REGIONS = "select code from regions where code = {value} or instr(fangzhi_fold(name), {value})"
HOLDS = {
    "outlet": OUTLETS,
    "region": lies_in("{table}", REGIONS),
    "source": OF_COLUMN.format("source"),
    "author": OF_COLUMN.format("authors"),
    "date": "{table}.day between {value}_first and {value}_last",
}


def _clause(condition: Condition, name: str, table: str) -> tuple[str, dict[str, str]]:
    sql = HOLDS[condition.field].format(table=table, value=f":{name}")
    if condition.field != "date":
        return sql, {name: fold(condition.value)}
    span = days(condition.value)
    return (sql, {f"{name}_first": span[0], f"{name}_last": span[1]}) if span else ("0", {})
