"""Plug the archive's pages, search and headers into Datasette; every hook that we use stands here."""

# mypy: disallow-untyped-decorators=False
# (Datasette ships no types, and so its hookimpl has none)

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Request, Response, asgi_static
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from browse import cells, errors, exports, functions, templating, wacz
from browse.api import articles, lists
from browse.api.openapi import guide, openapi
from browse.archive import find_archive
from browse.feed import atom
from browse.host import Datasette
from browse.metadata import DATABASE, metadata
from browse.middleware import App, Around, current_search
from browse.pages.article import article
from browse.pages.capture import capture, raw, replay
from browse.pages.changes import changes
from browse.pages.clusters import cluster, clusters
from browse.pages.coverage import coverage
from browse.pages.health import health
from browse.pages.home import home
from browse.pages.outlets import outlet, outlets
from browse.pages.regions import region, regions
from browse.pages.repairs import repairs
from browse.pages.search import search
from browse.pages.versions import versions
from browse.policy import datasette_policy
from browse.question import clauses, take_apart

HERE = Path(__file__).parent
STYLES = ("frame.css", "datasette.css")  # for Datasette's own pages; ours name theirs


def robots() -> Response:
    """Answer `/robots.txt`: the texts are their publishers', to be found by search engines at their own addresses."""
    return Response.text("User-agent: *\nDisallow: /\n")


# Every address of ours, in the order in which it is tried; Datasette's come after them.
ROUTES: tuple[tuple[str, Callable[..., Any]], ...] = (
    (r"^/$", home),
    (r"^/search$", search),
    (r"^/article/(?P<id>[^/]+)$", article),
    (r"^/article/(?P<id>[^/]+)/versions$", versions),
    (r"^/article/(?P<id>[^/]+)/capture$", capture),
    (r"^/article/(?P<id>[^/]+)/capture/raw$", raw),
    (r"^/article/(?P<id>[^/]+)/capture/replay$", replay),
    (r"^/search\.(?P<form>csv|jsonl|parquet)$", exports.download),
    (r"^/search\.wacz$", wacz.download),
    (r"^/search\.atom$", atom),
    (r"^/outlets$", outlets),
    (r"^/outlet/(?P<id>[^/]+)$", outlet),
    (r"^/regions$", regions),
    (r"^/region/(?P<code>[^/]+)$", region),
    (r"^/clusters$", clusters),
    (r"^/cluster/(?P<id>[^/]+)$", cluster),
    (r"^/changes$", changes),
    (r"^/coverage$", coverage),
    (r"^/health$", health),
    (r"^/repairs$", repairs),
    (r"^/api/search$", lists.search),
    (r"^/api/changes$", lists.changes),
    (r"^/api/outlets$", lists.outlets),
    (r"^/api/outlet/(?P<id>[^/]+)$", lists.outlet),
    (r"^/api/coverage$", lists.coverage),
    (r"^/api/article$", articles.by_url),
    (r"^/api/article/(?P<id>[^/]+)$", articles.article),
    (r"^/api/article/(?P<id>[^/]+)/versions$", articles.versions),
    (r"^/api/cluster/(?P<id>[^/]+)$", articles.cluster),
    (r"^/api/openapi\.json$", openapi),
    (r"^/api$", guide),
    (r"^/robots\.txt$", robots),
    (r"^/-/fangzhi/(?P<path>.+)$", asgi_static(HERE / "static")),
)


@hookimpl
def get_metadata(datasette: Datasette, database: str | None) -> dict[str, Any]:
    """Describe an archive of whatever file name; what `--metadata` says goes before it."""
    archive = find_archive(datasette)
    if archive is None or database not in (None, archive.name):
        return {}
    described = metadata()
    return {**described, "databases": {archive.name: described["databases"][DATABASE]}}


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Give Datasette our addresses, where it serves an archive."""
    return list(ROUTES) if find_archive(datasette) else []


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Come after Datasette's own functions, so that our escape_fts is the one that stays."""
    functions.install(conn)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Stand around the whole application."""
    if find_archive(datasette) is None:
        return lambda app: app
    return partial(Around, policy=datasette_policy(templating.environment(datasette)))


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Put our templates before Datasette's and after those of `--template-dir`; add our filters."""
    archive = find_archive(datasette)
    if archive is None or not isinstance(env.loader, ChoiceLoader):
        return
    for loader in env.loader.loaders:
        if isinstance(loader, FileSystemLoader):
            loader.searchpath.insert(len(loader.searchpath) - 1, str(HERE / "templates"))
    templating.install(env, datasette, archive)


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Give every template the reader's language and the navigation."""
    archive = find_archive(datasette)
    return templating.variables(datasette, archive, request) if archive else {}


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Dress Datasette's own pages."""
    return [templating.asset(datasette, name) for name in STYLES] if find_archive(datasette) else []


@hookimpl
def filters_from_request(datasette: Datasette, database: str, table: str) -> Any:
    """Let `outlet:`, `source:`, `author:`, `region:` and `date:` work in the search box of the table of articles."""
    archive = find_archive(datasette)
    asked = current_search.get()
    if archive is None or database != archive.name or table != "articles" or not asked:
        return None
    from datasette.filters import FilterArguments  # noqa: PLC0415  (see browse.host)

    question = take_apart(asked)
    found = list(clauses(question.conditions))
    return FilterArguments(
        [sql for sql, _ in found],
        {name: value for _, params in found for name, value in params.items()},
        [str(condition) for condition in question.conditions],
        {"search": asked},
    )


@hookimpl
def render_cell(  # noqa: PLR0913, PLR0917  (the hook's own)
    row: sqlite3.Row, value: Any, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Show headlines as links to our pages, texts as snippets, times without their seconds."""
    archive = find_archive(datasette)
    if archive is None or database != archive.name or table != "articles":
        return None
    return cells.render(datasette, row, value, column, current_search.get())


@hookimpl
def register_output_renderer(datasette: Datasette) -> list[dict[str, Any]]:
    """Add to Datasette's JSON the snippet of each row that a search found."""
    return [{"extension": "json", "render": cells.RENDER_JSON}] if find_archive(datasette) else []


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Answer what a reader can mend with a page of ours; leave bugs to Datasette, which shows their traceback."""
    outcome = yield
    answer = errors.answer(datasette, request, exception) if find_archive(datasette) else None
    if answer is not None:
        outcome.force_result([answer])


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Lead from Datasette's menu to the tables."""
    archive = find_archive(datasette)
    return [{"href": datasette.urls.database(archive.name), "label": "Tables"}] if archive else []
