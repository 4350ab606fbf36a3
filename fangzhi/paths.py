"""Say where things lie when nobody says otherwise: in the folder that the command is called from."""

from pathlib import Path

import click

from crawler.storage import place

ARCHIVE = Path("archive.db")
CAPTURES = Path("captures")
CRAWL_DB = Path("crawl.db")
METADATA = Path(__file__).parent.parent / "datasette_metadata.json"


class PlaceType(click.ParamType[Path]):
    """Take a path of this machine, or the URL of shared storage, from the command line."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not isinstance(value, str):
            return value
        try:
            return place(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
