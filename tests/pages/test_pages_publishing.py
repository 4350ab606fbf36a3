"""What docs/publishing.md and docs/downstream.md say can be done is done here as it is written."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from browse.plugin import ROUTES
from fangzhi.__main__ import cli

from .conftest import METADATA, SETTINGS
from .live import serving

ROOT = Path(__file__).parents[2]
PUBLISHING = (ROOT / "docs" / "publishing.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "downstream.md").read_text("utf-8"), re.DOTALL)
OPEN = {r"^/robots\.txt$", r"^/-/fangzhi/(?P<path>.+)$"}


def filled(route: str, ids: dict[str, str]) -> str:
    """Return an address of a route."""
    names = {"id": ids["notice"], "code": "411700", "form": "csv"}
    path = re.sub(r"\(\?P<(\w+)>[^)]+\)", lambda match: names.get(match[1], "x"), route.strip("^$"))
    return path.replace("\\", "")


async def test_allow_closes_every_address_that_tells_of_the_archive(sample, ids):
    private = json.loads(re.search(r"```json\n(.*?)```", PUBLISHING, re.DOTALL)[1])
    metadata = {**json.loads(METADATA.read_text("utf-8")), "allow": private["allow"]}
    datasette = Datasette([str(sample[0])], metadata=metadata, settings=SETTINGS)
    await datasette.invoke_startup()
    paths = {filled(route, ids) for route, _ in ROUTES if route not in OPEN} | {"/archive/articles", "/archive.json"}
    for path in sorted(paths):
        closed = await datasette.client.get(path)
        assert closed.status_code == 403, path
        assert "督查" not in closed.text
    reader = {"ds_actor": datasette.sign({"a": {"id": "newsroom"}}, "actor")}
    for path in ("/", f"/article/{ids['notice']}", "/api/search", "/archive/articles"):
        assert (await datasette.client.get(path, cookies=reader)).status_code == 200

    assert len(paths) > 30


async def test_sql_of_a_reader_that_never_ends_is_ended(sample):
    datasette = Datasette([str(sample[0])], settings={**SETTINGS, "sql_time_limit_ms": 50})
    await datasette.invoke_startup()
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    response = await datasette.client.get("/archive.json?sql=" + quote(endless))

    assert response.status_code in {400, 503}
    assert response.json()["ok"] is False


def test_every_link_stays_under_the_path_of_a_larger_site(sample):
    with serving(sample[0], "--setting", "base_url", "/archive/") as live:
        page = live.get("/archive/search?q=%E7%9D%A3%E6%9F%A5")
        missing = live.get("/archive/api/nothing")

    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    assert page.status_code == 200
    assert [link for link in links if not link.startswith("/archive/")] == []
    assert missing.json()["ok"] is False


@pytest.mark.parametrize("command", re.findall(r"(?:ExecStart=\S*/fangzhi|fangzhi) (serve [^`\n]+)", PUBLISHING))
def test_every_command_that_serves_is_one(command):
    assert CliRunner().invoke(cli, [*command.split(), "--help"]).exit_code == 0


def test_the_container_file_copies_what_is_there_and_starts_what_is_ours():
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    command = json.loads(next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD "))

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"browse", "crawler", "fangzhi", "pipelines", "datasette_metadata.json"} <= set(copied)
    assert command[0] == "fangzhi"
    assert CliRunner().invoke(cli, [*command[1:], "--help"]).exit_code == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory, sample) -> Path:
    folder = tmp_path_factory.mktemp("downstream")
    shutil.copy(sample[0], folder / "archive.db")
    said = CliRunner().invoke(
        cli, ["export", "--archive", str(folder / "archive.db"), "--output", str(folder / "articles.parquet")]
    )
    assert said.exit_code == 0, said.output
    return folder


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_for_other_tools_runs(folder, number):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", EXAMPLES[number]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert "云浦" in ran.stdout or "yunpu" in ran.stdout or "督查" in ran.stdout
