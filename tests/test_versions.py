"""The tables of what each part of the archive depends on are held against the true imports of the program."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from pipelines.versions import CODE, DERIVED, HOME, IDLE, READING, Derived, Reach, made_of

# imports that carry no answer: one names a type, the others what is derived from a text once it is read
LET_THROUGH = {
    ("pipelines.flow", "*"): "it calls each reader, and is code of every reach itself",
    ("pipelines.outcome", "pipelines.places"): "the type of a place",
    ("pipelines.rows", "pipelines.places"): "the type of a place",
    ("pipelines.unit", "pipelines.history"): "the type of a look",
    ("pipelines.unit", "pipelines.pages"): "the type of a whole article",
    ("pipelines.unit", "pipelines.told"): "the type of texts",
    ("pipelines.unit", "pipelines.places"): "places of joined pages, derived",
}
# libraries whose version changes nothing that is read: they unpack, check and hold
HOLD = {"brotli", "fastwarc", "pydantic", "sqlite-utils"}
TYPE_OF_A_TREE = ("pipelines.records", "lxml")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("crawler", "pipelines", include_external_packages=True)


def path_of(module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if (HOME / path).is_dir() else f"{path}.py"


def own(graph: grimp.ImportGraph) -> dict[str, str]:
    return {module: path_of(module) for module in graph.modules if module.startswith(("crawler.", "pipelines"))}


@pytest.mark.parametrize("what", list(CODE))
def test_everything_that_a_part_imports_is_code_of_that_part(graph, what):
    files = set(made_of(CODE[what]))
    allowed = files | IDLE
    if what in set(Derived):  # what reads all pages again derives it anew as well
        allowed |= set(made_of(READING[Reach.PAGE]))
    if what == Derived.RELATIONS:
        allowed |= set(made_of(DERIVED[Derived.PLACES])) | {
            "crawler/imports.py",
            "crawler/withdrawal.py",
        }  # told anew by every build
    paths = own(graph)
    missing = {
        (module, other)
        for module, path in paths.items()
        if path in files
        for other in graph.find_modules_directly_imported_by(module)
        if other in paths
        and paths[other] not in allowed
        and (module, other) not in LET_THROUGH
        and (module, "*") not in LET_THROUGH
    }

    assert missing == set()


@pytest.mark.parametrize("what", list(CODE))
def test_libraries_of_a_part_are_those_that_it_imports(graph, what):
    names = {
        module: {one.lower().replace("_", "-") for one in found} for module, found in packages_distributions().items()
    }
    files = made_of(CODE[what])
    imported = {
        library
        for module, path in own(graph).items()
        if path in files
        for other in graph.find_modules_directly_imported_by(module)
        if other not in sys.stdlib_module_names and (module, other) != TYPE_OF_A_TREE
        for library in names.get(other.partition(".")[0], ())
    }

    assert imported - HOLD == set(CODE[what].libraries)


def test_every_let_through_import_is_there(graph):
    there = {(module, other) for module, other in LET_THROUGH if other != "*"}

    assert all(other in graph.find_modules_directly_imported_by(module) for module, other in there)


def test_every_file_that_is_named_is_there():
    named = [name for code in READING.values() for name in code.files] + sorted(IDLE)

    assert [name for name in named if not (HOME / name).exists()] == []
    assert all(Path(name).suffix or name.endswith("/") for name in named)
