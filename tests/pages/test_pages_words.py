import re
from pathlib import Path

import pytest

import browse
from browse.english import ENGLISH, ONE
from browse.finding import Problem
from browse.templating import NAVIGATION
from browse.words import CHINESE
from pipelines.relate import ORIGINAL

TEMPLATES = Path(browse.__file__).parent / "templates"
CALLED = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')(?! ~)""")


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_wording_of_a_template_has_its_chinese(template):
    wordings = {double or single for double, single in CALLED.findall(template.read_text("utf-8"))}

    assert {wording for wording in wordings if wording not in CHINESE} == set()


def test_every_wording_that_code_chooses_has_its_chinese():
    chosen = {label for _, label in NAVIGATION} | {f"problem {problem.value}" for problem in Problem}

    assert chosen - set(CHINESE) == set()
    named = {f"problem {problem.value}" for problem in Problem} | {score.__name__ for score in ORIGINAL}
    assert named - set(ENGLISH) == set()
    assert set(ENGLISH) <= set(CHINESE)


def test_both_wordings_of_one_text_take_the_same_values():
    fields = re.compile(r"\{(\w+)\}")

    assert {
        key: value for key, value in CHINESE.items() if set(fields.findall(key)) != set(fields.findall(value))
    } == {}
    assert set(ONE) <= set(CHINESE)
