"""Compose the demonstration web: all sites of a day, what is true of them, the outlet files moved to a port."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from crawler.outlet import Outlet, load_outlets
from fangzhi.demo.record import Truth
from fangzhi.demo.site import TODAY, Site
from fangzhi.demo.sites import daily, epaper, farm, health, mill, mirror, overseas, portal, street

PORT = 8413  # the port that the outlet files are written for
SITES = (daily, portal, health, overseas, epaper, farm, mirror, mill)
SCRIPTED = (street,)  # sites that need a browser
OUTLETS = Path(__file__).parent / "outlets"


@lru_cache(maxsize=8)
def web(day: int = 1, port: int = PORT) -> Mapping[str, Site]:
    """Return every site of a day (1 to 5) by host name, with addresses for a port."""
    if day not in TODAY:
        raise ValueError(f"the demonstration web has the days 1 to {max(TODAY)}, not {day}")
    return {site.host: site for module in (*SITES, *SCRIPTED) for site in module.build(day, port)}


def truth(day: int = 1, port: int = PORT, *, scripted: bool = False) -> list[Truth]:
    """Return what is true of every address that answers on a day, site by site; `scripted`: of those for browsers."""
    hosts = {module.HOST for module in SCRIPTED}
    sites = (site for host, site in web(day, port).items() if (host in hosts) is scripted)
    return [record for site in sites for record in site.truths]


def load_demo_outlets(port: int = PORT, *, scripted: bool = False) -> dict[str, Outlet]:
    """Return the bundled outlets by slug, their addresses moved to a port; `scripted`: those that need a browser."""
    folder = OUTLETS / "scripted" if scripted else OUTLETS
    return {slug: _moved(outlet, port) for slug, outlet in load_outlets(folder).items()}


def _moved(outlet: Outlet, port: int) -> Outlet:
    """Return an outlet with another port in place of the one that its file names."""
    text = outlet.model_dump_json()
    return Outlet.model_validate_json(text.replace(f".localhost:{PORT}", f".localhost:{port}"))
