"""Take a search apart: words for the index, and words that name a field (outlet:, source:, author:, region:, date:)."""

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
_FIELD = re.compile(
    rf"(?<!\S)(?P<minus>-)?(?P<name>{'|'.join(FIELDS)})[:：](?:\"(?P<quoted>[^\"]*)\"?|(?P<word>\S*))", re.IGNORECASE
)
_DATE = re.compile(r"(\d{4})(?:[-/年.](\d{1,2})(?:[-/月.](\d{1,2})日?|月)?|年)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that must hold (must not, where `excluded`) a value."""

    field: str
    value: str
    excluded: bool = False

    def __str__(self) -> str:
        """Say the condition in words, for the line above Datasette's table."""
        return f"{self.field} {'is not' if self.excluded else 'is'} “{self.value}”"


@dataclass(frozen=True, slots=True)
class Question:
    """A search as taken apart: `words` for the index, and the conditions."""

    words: str
    conditions: tuple[Condition, ...] = ()


def take_apart(text: str) -> Question:
    """Return a search's words and its conditions.

    >>> take_apart("疫情 outlet:zmd -来源:新华社 date:2022-04").words
    '疫情'
    >>> [(c.field, c.value, c.excluded) for c in take_apart("疫情 outlet:zmd -来源:新华社 date:2022-04").conditions]
    [('outlet', 'zmd', False), ('source', '新华社', True), ('date', '2022-04', False)]
    """
    conditions = []
    for match in _FIELD.finditer(text):
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        if value:
            conditions.append(Condition(FIELDS[match["name"].lower()], value, bool(match["minus"])))
    return Question(" ".join(_FIELD.sub(" ", text).split()), tuple(conditions))


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
REGIONS = """exists (with recursive within(code) as (
    select code from regions where code = {value} or instr(fangzhi_fold(name), {value})
    union select r.code from regions r join within w on r.parent = w.code) select 1 from within
    where within.code = {table}.region
        or exists (select 1 from places p where p.article = {table}.id and p.region = within.code))"""
HOLDS = {
    "outlet": OUTLETS,
    "region": REGIONS,
    "source": "instr(fangzhi_fold({table}.source), {value}) > 0",
    "author": "instr(fangzhi_fold({table}.authors), {value}) > 0",
    "date": "{table}.day between {value}_first and {value}_last",
}


def _clause(condition: Condition, name: str, table: str) -> tuple[str, dict[str, str]]:
    sql = HOLDS[condition.field].format(table=table, value=f":{name}")
    if condition.field != "date":
        return sql, {name: fold(condition.value)}
    span = days(condition.value)
    return (sql, {f"{name}_first": span[0], f"{name}_last": span[1]}) if span else ("0", {})
