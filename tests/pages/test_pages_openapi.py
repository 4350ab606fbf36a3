"""Every answer of the API against the OpenAPI document that it serves, over a real socket."""

import pytest
from hypothesis import HealthCheck, settings

from browse.api.openapi import ADDRESSES, specification

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is missing; `pip install -e .[dev]` brings it")

document = schemathesis.openapi.from_dict(specification("/"))


def usual(path: str, ids: dict[str, str], cluster: str) -> str:
    """Return an address that has an answer."""
    named = {"/api/cluster/{id}": cluster, "/api/outlet/{id}": "kuaixun"}.get(path, ids["edited"])
    return path.replace("{id}", named) + ("?url=http://kuaixun.example/a/7788.html" if path == "/api/article" else "")


@pytest.fixture(scope="module")
def cluster(live, sample) -> str:
    return live.json(f"/api/article/{sample[1]['notice']}")["article"]["cluster"]


@pytest.mark.parametrize("path", [path for path, *_ in ADDRESSES])
def test_an_answer_has_the_shape_that_the_document_promises(live, ids, cluster, path):
    case = document[path]["GET"].Case()
    response = live.get(usual(path, ids, cluster))

    assert response.status_code == 200
    case.operation.validate_response(schemathesis.Response.from_any(response))


def test_a_missing_field_would_be_noticed(live, ids):
    operation = document["/api/article/{id}/versions"]["GET"]
    wrong = schemathesis.Response.from_any(live.get(f"/api/cluster/{ids['notice']}"))
    wrong.status_code, wrong.content = 200, b'{"ok": true, "article": "x"}'

    with pytest.raises(Exception, match="versions"):
        operation.validate_response(wrong)


@document.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_argument_makes_the_server_fail(live, case):
    response = case.call(base_url=live.address)

    assert response.status_code < 500
    case.operation.validate_response(response)
