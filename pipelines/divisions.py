"""List the administrative divisions that an archive knows: those of the standard, and those that outlets bring."""

from collections.abc import Iterable

from crawler.outlet import Outlet
from pipelines.places.regions import Level, Region, regions
from pipelines.table import Row, dumps


def region_rows(outlets: Iterable[Outlet]) -> list[Row]:
    """Return a row for every division of the standard, and for every other that is the region of an outlet."""
    every = dict(regions())
    for outlet in outlets:
        if outlet.region and outlet.region not in every:
            every[outlet.region] = _invented(outlet.region, outlet.region_name or outlet.region)
    return [_row(region, every) for region in every.values()]


def _invented(code: str, name: str) -> Region:
    level = Level.PROVINCE if code.endswith("0000") else Level.PREFECTURE if code.endswith("00") else Level.COUNTY
    return Region(code=code, name=name, level=level, parent=None, lat=None, lon=None, until=None, former=())


def _row(region: Region, every: dict[str, Region]) -> Row:
    prefecture = f"{region.code[:4]}00"
    parent = region.parent
    if parent is None and region.level is Level.COUNTY and prefecture in every:
        parent = prefecture
    return {
        "code": region.code,
        "name": region.name,
        "level": region.level.value,
        "parent": parent,
        "lat": region.lat,
        "lon": region.lon,
        "until": region.until,
        "former": dumps(region.former),
    }
