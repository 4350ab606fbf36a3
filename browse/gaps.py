"""Say in one place which days lack something: what was asked for and is not here, or far less than usual."""

# what should be there on a day: what was asked for, or what is usual where that tells of a gap
EXPECTED = "case when c.gap = 'unusual' then max(c.expected, coalesce(c.usual, 0)) else c.expected end as expected"
LATEST = f"""select c.outlet, o.name, c.day, {EXPECTED}, c.obtained, c.gap from coverage c
    left join outlets o on o.id = c.outlet where c.gap is not null order by c.day desc, c.outlet limit ?"""  # noqa: S608
