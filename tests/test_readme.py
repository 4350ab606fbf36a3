"""What the README says can be done, and that its two languages say the same."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.outlet import load_outlet
from fangzhi.__main__ import COMMANDS, cli

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[str]:
    """Return the commands of a README without their remarks and without what a reader fills in."""
    lines = "\n".join(blocks(name)).splitlines()
    called = [line.partition("#")[0].split() for line in lines if line.startswith(("fangzhi ", "make "))]
    return [" ".join(word for word in words if word not in {"YOU", "你的邮箱"}) for words in called]


def test_both_languages_name_the_same_commands_pictures_and_pages():
    english, chinese = ((ROOT / name).read_text("utf-8") for name in READMES)
    links = r"\]\(([^)]+)\)"
    other = set(READMES)

    assert commands(READMES[0]) == commands(READMES[1])
    assert set(re.findall(links, english)) - other == set(re.findall(links, chinese)) - other


def test_every_command_that_a_person_needs_day_by_day_is_named():
    named = {line.split()[1] for line in commands("README.md") if line.startswith("fangzhi")}

    assert named == set(COMMANDS) - {"demo"}  # which `make run` calls


def test_every_page_of_the_documents_is_listed():
    links = re.findall(r"\]\(docs/([\w-]+\.md)\)", (ROOT / "README.md").read_text("utf-8"))

    assert set(links) == {page.name for page in (ROOT / "docs").glob("*.md")}


def test_every_link_leads_to_a_file():
    for name in READMES:
        for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / link).exists(), f"{name}: {link}"


@pytest.mark.parametrize("name", READMES)
def test_the_outlet_file_of_the_readme_is_right(name, tmp_path):
    toml = next(block for block in blocks(name) if "[[sources]]" in block)
    (tmp_path / "yunhe-daily.toml").write_text(toml, "utf-8")

    assert load_outlet(tmp_path / "yunhe-daily.toml").name == "云河日报"


def test_make_targets_of_the_readme_exist():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert {line.split()[1] for line in commands("README.md") if line.startswith("make")} <= set(targets)


def test_exit_codes_of_the_help_are_those_of_the_operations_page():
    shown = CliRunner().invoke(cli, ["--help"]).output
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    codes = re.findall(r"^\| (\d+) \|", page, re.MULTILINE)

    assert codes == re.findall(r"^  +(\d+) +\S", shown.split("Exit codes:")[1], re.MULTILINE)
