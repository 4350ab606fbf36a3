import re
from pathlib import Path

import pytest

from browse.api.openapi import ADDRESSES

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"curl 'http://127\.0\.0\.1:8001(/[^']*)'", API)


@pytest.mark.parametrize("example", EXAMPLES)
async def test_every_example_of_the_api_runs(served, ids, example):
    cluster = (await served.client.get(f"/api/article/{ids['notice']}")).json()["article"]["cluster"]
    filled = example.replace("{article}", ids["edited"]).replace("{cluster}", cluster)
    filled = filled.replace("{url}", "http://kuaixun.example/a/7788.html")
    filled = filled.replace("huaize-news", "yunpu-ribao").replace("huaize-shuzibao", "yunpu-ribao")
    response = await served.client.get(filled)

    assert response.status_code == 200, response.text[:300]
    assert len(response.content) > 100


def test_every_address_has_an_example():
    shown = {re.sub(r"\{\w+\}", "{id}", example.partition("?")[0]) for example in EXAMPLES}
    shown |= {re.sub(r"(/api/outlet)/[\w-]+$", r"\1/{id}", example) for example in shown}

    assert {path for path, *_ in ADDRESSES} - shown == set()
