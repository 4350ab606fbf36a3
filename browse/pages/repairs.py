"""The page of repairs: what kinds of damage were found, how often, where, with an example of each."""

from datasette.utils.asgi import Request, Response

from browse.answers import page
from browse.archive import Archive
from browse.host import Datasette
from browse.views import view

RULES = """select rule, count(distinct article) as articles, sum(count) as repairs,
    sum((1 - certain) * count) as guesses from repairs group by rule order by repairs desc, rule"""
EXAMPLES = """select r.before, r.after, r.article, a.title from repairs r join articles a on a.id = r.article
    where r.rule = ? group by r.before, r.after
    order by r.after != '' desc, length(r.before) desc, r.article limit 4"""
OUTLETS = """select n.outlet, o.name, n.articles, n.repairs from (
    select outlet, count(*) as articles, sum(repairs) as repairs from articles where repairs > 0 group by outlet) n
    left join outlets o on o.id = n.outlet order by n.repairs desc limit 20"""
TRIMMED = (
    "select rule, count(*) as lines, count(distinct article) as articles from trimmed group by rule order by lines desc"
)


@view
async def repairs(request: Request, datasette: Datasette, archive: Archive) -> Response:
    """Answer `/repairs`."""
    rules = await archive.remembered(RULES)
    context = {
        "rules": [(rule, await archive.remembered(EXAMPLES, [rule["rule"]])) for rule in rules],
        "outlets": await archive.remembered(OUTLETS),
        "trimmed": await archive.remembered(TRIMMED),
    }
    return await page(datasette, request, "repairs.html", context)
