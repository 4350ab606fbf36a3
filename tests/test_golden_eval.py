"""The eval gate: no figure on the labelled pages falls below its floor."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.extraction import FLOOR, digest, evaluate, losses, write_floor

SHARED = os.environ.get("FANGZHI_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="FANGZHI_SHARED does not name the folder of labelled pages")


@needs_shared
def test_no_figure_falls_below_its_floor():
    pinned = json.loads(FLOOR.read_text("utf-8"))
    if pinned["corpus"] != digest(Path(SHARED)):
        pytest.skip("the floor was pinned on another corpus; python benchmarks/extraction.py --write-floor")

    assert losses(pinned["floor"], evaluate(Path(SHARED))) == []


def test_loss_is_told_with_its_figures():
    assert losses({"all": {"text F1": 0.97}}, {"all": {"text F1": 0.96}}) == ["all: text F1 0.9600, floor 0.9700"]
    assert losses({"all": {"text F1": 0.97}}, {"all": {"text F1": 0.98}}) == []


@needs_shared
def test_floor_is_not_lowered_without_being_told_so(tmp_path, monkeypatch):
    floor = tmp_path / "floor.json"
    floor.write_text(json.dumps({"corpus": digest(Path(SHARED)), "floor": {"all": {"text F1": 1.1}}}), "utf-8")
    monkeypatch.setattr("benchmarks.extraction.FLOOR", floor)

    with pytest.raises(SystemExit, match="the floor stays"):
        write_floor(Path(SHARED), allow=False)
    assert json.loads(floor.read_text("utf-8"))["floor"] == {"all": {"text F1": 1.1}}
    write_floor(Path(SHARED), allow=True)
    assert json.loads(floor.read_text("utf-8"))["floor"]["all"]["text F1"] < 1
