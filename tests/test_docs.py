"""What the documents name is there: tests, files, commands, options, and the comparison's rows with their cells."""

import ast
import re
from functools import cache
from pathlib import Path

import click
import pytest

from fangzhi.__main__ import COMMANDS, cli

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "benchmarks" / "README.md"])
COMPARISON = DOCS / "comparison.md"
PEERS = ["NP", "FU", "AB", "BX", "HX", "CC", "MC", "EM", "SW", "SC"]
NUMBERS = [*range(1, 26), *range(41, 45), 46, 47, 45, 48, 51]
CALL = re.compile(r"(?:^|`|&& |bin/)fangzhi ([a-z]+)([^`\n#|>]*)", re.MULTILINE)
OPTION = re.compile(r" (--[a-z][a-z-]*)")
PATH = re.compile(r"`((?:crawler|pipelines|browse|fangzhi|tests|docs|benchmarks)/[\w./-]+)`")
NAMED = re.compile(r"`(?:tests/)?([\w/]+\.py)::(\w+)`")


@cache
def laws_of(file: str) -> frozenset[str]:
    """Return the names of the tests in a file, none where there is no such file."""
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    names = (node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in names if name.startswith("test_"))


@cache
def options_of(name: str) -> frozenset[str]:
    """Return the long options of a command and of its subcommands."""
    command = cli.get_command(click.Context(cli), name)
    every = [command, *getattr(command, "commands", {}).values()]
    return frozenset(one for part in every for given in part.params for one in (*given.opts, *given.secondary_opts))


def rows() -> list[list[str]]:
    """Return the cells of every row of the comparison."""
    lines = COMPARISON.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_test_that_a_page_names_exists(page):
    missing = [name for name in NAMED.findall(page.read_text("utf-8")) if name[1] not in laws_of(name[0])]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_and_option_that_a_page_names_exists(page):
    called = CALL.findall(page.read_text("utf-8"))
    wrong = [name for name, _ in called if name not in COMMANDS]
    for name, words in called:
        if name in COMMANDS and name != "serve":  # which hands on every option of Datasette
            wrong += [f"{name} {option}" for option in OPTION.findall(words) if option not in options_of(name)]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_exists(page):
    text = page.read_text("utf-8")
    links = [page.parent / link for link in re.findall(r"\]\((?!https?:)([^)#]+)", text)]
    paths = [ROOT / path for path in PATH.findall(text) if "hewan-daily" not in path]  # the example of the guide

    assert [str(path) for path in links + paths if not path.exists()] == []


def test_every_benchmark_is_run_by_make():
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8")}
    run = set(re.findall(r"\w+", (ROOT / "Makefile").read_text("utf-8")))

    assert scripts - run == {"rivals"}  # which benchmarks/build.py runs


def test_the_comparison_has_every_row_once_with_every_peer():
    heads = re.findall(
        r"^\| # \| feature \| (.*) \| Fangzhi \| limit \| shown by \|$", COMPARISON.read_text("utf-8"), re.MULTILINE
    )

    assert [int(row[0]) for row in rows()] == NUMBERS
    assert {len(row) for row in rows()} == {len(PEERS) + 5}
    assert {cell for row in rows() for cell in row[2:12]} == {"Y", "p", "-"}
    assert {tuple(head.split(" | ")) for head in heads} == {tuple(PEERS)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_the_comparison_claims_is_shown_and_what_is_missing_is_said(row):
    claim, limit, shown = row[12:]

    assert claim in {"yes", "part", "no"}
    assert bool(NAMED.findall(shown)) == (claim != "no")
    assert NAMED.sub("", shown).strip() == ""
    assert limit or claim == "yes"
