"""Find in the files of articles what a search did not find in their text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from browse.archive import Archive
from pipelines.snippet import missing, spans

TEXTS = """select article, name, url, text from attachment_texts
    where article in (%s) and text is not null order by article, n"""


@dataclass(frozen=True, slots=True)
class InFile:
    """A file in which words of a search stand that the article itself does not hold: its name and its text."""

    name: str
    text: str


async def found_in_files(archive: Archive, texts: Mapping[str, str], words: str) -> dict[str, InFile]:
    """Return the file to show for each article (id → headline and text) that lacks words which a file of it holds."""
    lacking = {name: lost for name, text in texts.items() if (lost := missing(text, words))}
    if not lacking:
        return {}
    marks = ",".join("?" * len(lacking))
    files: defaultdict[str, list[InFile]] = defaultdict(list)
    for row in await archive.rows(TEXTS % marks, list(lacking)):
        files[row["article"]].append(InFile(row["name"] or row["url"], row["text"]))
    chosen = {name: choose(files[name], lost) for name, lost in lacking.items()}
    return {name: file for name, file in chosen.items() if file is not None}


def choose(files: Sequence[InFile], words: Sequence[str]) -> InFile | None:
    """Return the file that holds most of some words, the first of equals; None where none holds any."""
    held = [sum(bool(spans(file.text, f'"{word}"')) for word in words) for file in files]
    return files[held.index(max(held))] if any(held) else None
