"""Make the parts of a crawl for a plain `scrapy crawl outlet -a name=NAME`, from Scrapy's settings."""

from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from crawler.frontier import Frontier
from crawler.outlet import OutletError, load_outlets
from crawler.warcinfo import about
from crawler.writer import WarcWriter


def parts_from_settings(settings: BaseSettings, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return what the spider is made of; raise OutletError where the name is none."""
    outlets = load_outlets()
    wanted = kwargs.pop("name", None)
    if wanted is None:
        raise OutletError("which outlet? add -a name=NAME; `fangzhi outlets list` shows the names")
    if wanted not in outlets:
        raise OutletError(f"no outlet is named {wanted}; `fangzhi outlets list` shows the names")
    captures = Path(settings["FANGZHI_CAPTURES"])
    return {
        **kwargs,
        "outlets": [outlets[wanted]],
        "frontier": Frontier(Path(settings["FANGZHI_CRAWL_DB"])),
        "writer": WarcWriter(captures, about=about(settings["USER_AGENT"], {"outlets": [wanted]}), sync=False),
    }
