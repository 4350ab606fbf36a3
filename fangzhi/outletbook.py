"""Keep the descriptions of crawled outlets beside their captures: the folder can then be read without anything else."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from crawler.outlet import HERE, Outlet, OutletError, Outlets, read_outlets


def keep_outlets(captures: Path, outlets: Iterable[Outlet]) -> None:
    """Write each outlet's description to `captures/outlets/SLUG.json`; an older one is replaced."""
    folder = captures / "outlets"
    folder.mkdir(parents=True, exist_ok=True)
    for outlet in outlets:
        part = folder / f"{outlet.slug}.json.part"
        part.write_text(outlet.model_dump_json(indent=2, exclude_defaults=True) + "\n", "utf-8")
        part.rename(part.with_suffix(""))


def read_kept(path: Path) -> Outlet:
    """Return the outlet that a file beside the captures describes; raise OutletError where it is none."""
    try:
        return Outlet.model_validate_json(path.read_text("utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise OutletError(
            f"{path}: not the description of an outlet: {error}; delete it, the next crawl writes it"
        ) from None


def known_outlets(captures: Path, *folders: Path) -> Outlets:
    """Return every outlet that a build may need: those of the folders, then those kept beside the captures.

    The folders (default: the bundled one) win, the last of them first: their files may have been corrected since. For
    a file that is wrong the description that was kept stands in, where there is one.
    """
    book = Outlets({}, {})
    for path in sorted((captures / "outlets").glob("*.json")):
        try:
            book.known[path.stem] = read_kept(path)
        except OutletError as error:
            book.wrong[path.stem] = error
    for folder in folders or (HERE,):
        read = read_outlets(folder)
        book.known.update(read.known)
        book.wrong.update(read.wrong)
    return book
