"""Make the frozen fold table out of OpenCC's dictionaries and Unicode: `python -m pipelines.foldmaker TABLE`.

Run it only to make a new version of the table: an index is cut by one version, and a query must be cut by the same.
"""

import os
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import opencc

DICTIONARIES = (
    "TSCharacters", "TSCharactersExt", "STCharacters", "TWVariants", "TWVariantsRev", "HKVariants", "HKVariantsRev",
)  # fmt: skip
EXTRA = (("〇", "○"), ("〇", "◯"))  # official dates write the zero with geometric shapes: 二○二二年
LAST_BMP = 0xFFFF
HAN_PLANES = range(0x20000, 0x40000)


def main(path: Path) -> None:
    """Write the table."""
    path.write_text(table(), encoding="utf-8")


def table() -> str:
    """Return the table: the word characters as ranges of code points, then a line per class, its form first."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    forms = _han_forms()
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if (form := _form(character, forms)) != character:
            classes[form].add(character)
    lines = [
        f"# Made from OpenCC {version('opencc')} (Apache-2.0) and Unicode {unicodedata.unidata_version}, foldmaker.py",
        "# First the code points that belong to words, then a class a line: the indexed form, what folds to it.",
        _ranges(code for code in range(sys.maxunicode + 1) if _is_word(code)),
        *(form + "".join(sorted(classes[form])) for form in sorted(classes)),
    ]
    return "\n".join(lines) + "\n"


def _form(character: str, forms: dict[str, str]) -> str:
    """Return what one character folds to: width, compatibility and case first, then script."""
    changes: tuple[Callable[[str], str], ...] = (_compatible, str.lower, str.casefold, lambda one: forms.get(one, one))
    for change in changes:
        changed = change(character)
        if len(changed) == 1:
            character = changed
    return character


def _compatible(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _han_forms() -> dict[str, str]:
    """Return the form of every Han character that has variants.

    Whatever a dictionary holds for two writings of one word goes into one class, transitively: a traditional 髮 and
    發 meet at 发, 乾 幹 干 at 干. The largest class has seven members, so this costs next to no precision.
    """
    parent: dict[str, str] = {}
    simplified: set[str] = set()

    def root(character: str) -> str:
        while (above := parent.setdefault(character, character)) != character:
            character = above
        return character

    for name in DICTIONARIES:
        for key, values in _entries(name):
            for value in values:
                parent[root(value)] = root(key)
            if name.startswith("TS"):
                simplified.add(values[0])
    for form, other in EXTRA:
        parent[root(other)] = root(form)
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for character in sorted(parent):
        classes[root(character)].append(character)
    forms = {}
    for members in classes.values():
        form = min(members, key=lambda member: (member not in simplified, member))
        forms.update(dict.fromkeys(members, form))
    forms.update({other: forms[form] for form, other in EXTRA})
    return forms


def _entries(name: str) -> Iterator[tuple[str, list[str]]]:
    home = Path(opencc.__file__).parent / "clib"
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "dictionary.txt")
        source = home / "share" / "opencc" / f"{name}.ocd2"
        command: list[str | Path] = [home / "bin" / "opencc_dict", "-i", source, "-o", text, "-f", "ocd2", "-t", "text"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ)  # noqa: S603  (no outside input)
        for line in text.read_text("utf-8").splitlines():
            key, _, values = line.partition("\t")
            if len(key) == 1:
                yield key, [value for value in values.split(" ") if len(value) == 1]


def _is_word(code: int) -> bool:
    """Say whether SQLite 3.40's unicode61 and we both take a character for part of a word."""
    if code > LAST_BMP and code not in HAN_PLANES:
        return False
    if 0x19B0 <= code <= 0x19C9 or code in (0x1CF2, 0x1CF3):  # letters now, marks to that SQLite
        return False
    return unicodedata.category(chr(code))[0] in "LN"


def _ranges(codes: Iterable[int]) -> str:
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return " ".join(f"{first:x}-{last:x}" for first, last in spans)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
