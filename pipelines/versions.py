"""Name the versions of the code by what it decides, so that a change is answered by reading again what it concerns.

How far a capture goes into the program before it is certain what becomes of it is its reach: a redirect ends at
admission, a PDF at the readers of files. `READING` lists the code and the libraries behind each reach, `DERIVED` those
behind what is made of rows alone. `tests/test_versions.py` holds both tables against the true imports.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

HOME = Path(__file__).parent.parent


class Reach(StrEnum):
    """Say how far a capture goes: refused or noted at the door, read as a file, or read as a page."""

    ADMISSION = "admission"
    FILE = "file"
    PAGE = "page"


class Derived(StrEnum):
    """Name what is made of stored rows without a look at the captures."""

    PLACES = "places"
    RELATIONS = "relations"


@dataclass(frozen=True, slots=True)
class Code:
    """Files and folders (these end in "/") of the program, and the libraries whose answers reach the archive."""

    files: tuple[str, ...]
    libraries: tuple[str, ...] = ()

    def __add__(self, other: "Code") -> "Code":
        return Code((*self.files, *other.files), (*self.libraries, *other.libraries))


_DOOR = Code(
    (
        "crawler/address.py", "crawler/capture.py", "crawler/encodings.py", "crawler/outlet.py", "crawler/reader.py",
        "crawler/recover.py", "crawler/template.py", "crawler/verdict.py", "pipelines/admit.py",
        "pipelines/attachments/marks.py", "pipelines/capture_rows.py", "pipelines/flow.py", "pipelines/outcome.py",
        "pipelines/records.py", "pipelines/table.py", "pipelines/url.py",
    ),
    ("w3lib",),
)  # fmt: skip
_TEXT = Code(
    (
        "pipelines/decode/plausible.py", "pipelines/parse.py", "pipelines/privacy/", "pipelines/repair/",
        "pipelines/rows.py",
    ),
    ("ftfy", "lxml", "opencc", "pypinyin"),
)  # fmt: skip
_FILE = Code(("pipelines/attachments/",), ("pypdfium2", "python-calamine", "python-docx"))
_PAGE = Code(
    (
        "crawler/parts.py", "pipelines/decode/", "pipelines/describe/", "pipelines/extract/",
        "pipelines/fingerprint.py", "pipelines/fold.py", "pipelines/fold_table.txt", "pipelines/keys.py",
        "pipelines/learn/", "pipelines/names.py", "pipelines/stages.py", "pipelines/trim/", "pipelines/unit.py",
    ),
    ("charset-normalizer", "trafilatura"),
)  # fmt: skip
READING: Mapping[Reach, Code] = MappingProxyType(
    {Reach.ADMISSION: _DOOR, Reach.FILE: _DOOR + _TEXT + _FILE, Reach.PAGE: _DOOR + _TEXT + _PAGE}
)
_PLACES = Code(("pipelines/places/", "pipelines/fold.py", "pipelines/fold_table.txt"), ("ahocorasick-rs",))
# modules of the pipelines that change nothing in what is stored, and those whose tables every build makes anew
IDLE = frozenset(
    f"pipelines/{name}.py"
    for name in (
        "build", "comparison", "digest", "errors", "foldmaker", "learn/book", "learn/lesson", "learn/school", "ledger",
        "opened", "parts", "places/generate", "query", "renew", "report", "schema", "schema_articles", "schemadoc",
        "snippet", "versions", "warcs", "warm", "worker", "workers",
        "conduct", "coverage", "divisions", "sources", "upheavals", "usual",
    )
)  # fmt: skip


@cache
def _sources() -> Mapping[str, str]:
    """Return a digest of every file of code and tables that may take part, by its path from HOME."""
    crawler = (HOME / name for name in _DOOR.files + _PAGE.files if name.startswith("crawler/"))
    paths = [*sorted((HOME / "pipelines").rglob("*")), *crawler]
    return {
        path.relative_to(HOME).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def _relations() -> Code:
    """Return what is behind the relations: whatever of the pipelines decides nothing else."""
    elsewhere = {*made_of(_PLACES), *IDLE}.union(*(made_of(code) for code in READING.values()))
    rest = sorted(name for name in _sources() if name.startswith("pipelines/") and name not in elsewhere)
    return Code(tuple(rest), ("rensa",))


def made_of(code: Code) -> dict[str, str]:
    """Return what some code consists of: the digest of each file by its path, the version of each library by name."""
    held = {
        name: digest
        for name, digest in _sources().items()
        if any(name == one or (one.endswith("/") and name.startswith(one)) for one in code.files)
    }
    return {name: digest for name, digest in held.items() if name not in IDLE} | {
        name: version(name) for name in code.libraries
    }


DERIVED: Mapping[Derived, Code] = MappingProxyType({Derived.PLACES: _PLACES, Derived.RELATIONS: _relations()})
CODE: Mapping[str, Code] = MappingProxyType(dict([*READING.items(), *DERIVED.items()]))


def _name(what: str) -> str:
    digest = hashlib.sha256(json.dumps(sorted(made_of(CODE[what]).items())).encode())
    return f"{what}-{digest.hexdigest()[:8]}"


# of each reach and of what is derived: "page-1f0c93ab"; so exact that no archive ever mixes two ways of reading
VERSIONS: Mapping[str, str] = MappingProxyType({what: _name(what) for what in CODE})


def library_versions() -> dict[str, str]:
    """Return the installed version of this program and of every library that takes part."""
    names = {"fangzhi"}.union(*(code.libraries for code in CODE.values()))
    return {name: version(name) for name in sorted(names)}


# all of it in one word: what two machines have to have in common, and what a build was made with
EXTRACTOR = f"{version('fangzhi')}+{hashlib.sha256(repr(sorted(VERSIONS.items())).encode()).hexdigest()[:8]}"
