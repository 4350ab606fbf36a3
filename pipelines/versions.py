"""Name the version of everything that decides what is read from a capture."""

import hashlib
from importlib.metadata import version
from pathlib import Path

# libraries whose answers reach the archive; another version of one may read a page differently
LIBRARIES = (
    "charset-normalizer", "fangzhi", "ftfy", "lxml", "opencc", "pypdfium2", "pypinyin", "python-calamine",
    "python-docx", "rensa", "trafilatura",
)  # fmt: skip
# what takes part of the crawler; and modules of ours that change nothing in what is stored
TAKEN = ("address.py", "capture.py", "encodings.py", "outlet.py", "parts.py", "reader.py", "verdict.py")
IDLE = frozenset({
    "build.py", "digest.py", "errors.py", "foldmaker.py", "query.py", "report.py", "schema.py", "schemadoc.py",
    "snippet.py", "warm.py", "worker.py", "workers.py",
})  # fmt: skip


def library_versions() -> dict[str, str]:
    """Return the installed version of every library that takes part in reading."""
    return {name: version(name) for name in LIBRARIES}


def _code() -> str:
    """Digest the code and tables that make an archive out of captures."""
    home = Path(__file__).parent
    crawler = home.parent / "crawler"
    digest = hashlib.sha256()
    for path in [*sorted(home.rglob("*")), *(crawler / name for name in TAKEN)]:
        if path.is_file() and "__pycache__" not in path.parts and path.name not in IDLE:
            digest.update(f"{path.relative_to(home.parent).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:8]


# so exact that no archive ever mixes two ways of reading: release, libraries, code
EXTRACTOR = "{}+{}.{}".format(
    version("fangzhi"), hashlib.sha256(repr(sorted(library_versions().items())).encode()).hexdigest()[:4], _code()
)
