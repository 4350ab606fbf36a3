"""Serve the sample archive by the real Datasette, without a socket."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

from browse import plugin

from .archivist import Archivist
from .live import Live, serving
from .sample import fill, outlets

METADATA = Path(__file__).parents[2] / "datasette_metadata.json"
SETTINGS = {"suggest_facets": False, "sql_time_limit_ms": 3000, "num_sql_threads": 1}

if not pm.is_registered(plugin):  # where the project is not installed
    pm.register(plugin, "fangzhi")


async def serve(path: Path) -> Datasette:
    datasette = Datasette([str(path)], metadata=json.loads(METADATA.read_text("utf-8")), settings=SETTINGS, cors=True)
    await datasette.invoke_startup()
    return datasette


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The path of the archive, and the ids of its articles by a short name."""
    archivist = Archivist(tmp_path_factory.mktemp("sample"))
    ids = fill(archivist)
    return archivist.save(outlets()), ids


@pytest.fixture
def ids(sample) -> dict[str, str]:
    return sample[1]


@pytest.fixture
async def served(sample) -> Datasette:
    return await serve(sample[0])


@pytest.fixture(scope="session")
def live(sample) -> Iterator[Live]:
    """The sample archive, served by the real command over a real socket."""
    with serving(sample[0]) as server:
        yield server
