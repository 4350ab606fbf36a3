"""Measure the repairs on the shared pairs and documents, where they are at hand."""

import difflib
import json
import os
from pathlib import Path

import pytest

from pipelines.decode import decode_bytes
from pipelines.repair import repair_text, undo

SHARED = os.environ.get("FANGZHI_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="FANGZHI_SHARED does not name the folder of measuring texts")


def rows(path):
    return [json.loads(line) for line in (Path(SHARED) / path).read_text("utf-8").splitlines()]


def test_9995_of_10000_characters_come_back():
    equal = total = 0
    for row in rows("repair/pinyin_pairs.jsonl"):
        repaired = repair_text(row["corrupted"], lines=False)
        blocks = difflib.SequenceMatcher(None, row["trad"], repaired.text, autojunk=False).get_matching_blocks()
        equal += sum(block.size for block in blocks)
        total += max(len(row["trad"]), len(repaired.text))

        assert undo(repaired.text, repaired.repairs) == row["corrupted"]
    assert equal >= 0.9995 * total


def test_the_sample_documents_hold_their_gold_lines():
    for gold in rows("samples/gold.jsonl"):
        text = (Path(SHARED) / "samples" / gold["file"]).read_text("utf-8")
        lines = {line.strip() for line in repair_text(text).text.split("\n")}
        missing = [line for line in gold["text"] if line not in lines]

        assert missing == [], gold["file"]


def test_labelled_bytes_are_read_in_their_charset():
    families = {"big5hkscs": "big5"}
    wrong = []
    for row in rows("charset/index.jsonl"):
        charset = decode_bytes((Path(SHARED) / "charset" / row["file"]).read_bytes()).charset
        if families.get(charset, charset) != row["label"]:
            wrong.append((row["file"], charset))

    assert wrong == []
