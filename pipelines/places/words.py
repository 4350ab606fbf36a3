"""Read the lists of words.toml: what a name in a text may mean besides the place of that name."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))

AMBIGUOUS_PREFECTURES = frozenset(_LISTS["ambiguous_prefectures"].split())
AMBIGUOUS_COUNTIES = frozenset(_LISTS["ambiguous_counties"].split())
GENERIC = frozenset(_LISTS["generic"].split())
DECOYS = tuple(_LISTS["decoys"].split())
ABROAD = tuple(_LISTS["abroad"].split())
NATION = tuple(_LISTS["nation"].split())
NATIONS = tuple(_LISTS["nations"].split())
BARE_NATIONS = tuple(_LISTS["bare_nations"].split())
ALIASES = {code: tuple(names.split()) for code, names in _LISTS["aliases"].items()}
