"""Keep the descriptions of crawled outlets beside their captures: the folder can then be read without anything else."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from crawler.outlet import HERE, Outlet, OutletError, load_outlets


def keep_outlets(captures: Path, outlets: Iterable[Outlet]) -> None:
    """Write each outlet's description to `captures/outlets/SLUG.json`; an older one is replaced."""
    folder = captures / "outlets"
    folder.mkdir(parents=True, exist_ok=True)
    for outlet in outlets:
        part = folder / f"{outlet.slug}.json.part"
        part.write_text(outlet.model_dump_json(indent=2, exclude_defaults=True) + "\n", "utf-8")
        part.replace(part.with_suffix(""))


def known_outlets(captures: Path, *folders: Path) -> dict[str, Outlet]:
    """Return every outlet that a build may need, by slug: those of the folders, then those kept beside the captures.

    The folders (default: the bundled one) win, the last of them first: their files may have been corrected since.
    Raises OutletError for a file that is wrong.
    """
    known: dict[str, Outlet] = {}
    for path in sorted((captures / "outlets").glob("*.json")):
        try:
            outlet = Outlet.model_validate_json(path.read_text("utf-8"))
        except (ValidationError, UnicodeDecodeError) as error:
            raise OutletError(
                f"{path}: not the description of an outlet: {error}; delete it, the next crawl writes it"
            ) from None
        known[outlet.slug] = outlet
    for folder in folders or (HERE,):
        known |= load_outlets(folder)
    return known
