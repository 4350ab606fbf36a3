"""A word counts most in the headline, less in the text."""

from urllib.parse import quote

from tests.outcomes import archive, read

from .conftest import serve

BODY = "各乡镇按时报送情况，做好春耕备耕、防汛抗旱和安全生产等各项工作，确保群众生活平稳有序，有关部门加强联系。"


async def test_a_hit_in_the_headline_stands_before_one_in_the_text(tmp_path):
    pages = {
        "text": ("工作部署会议召开情况", f"疫苗。{BODY}"),
        "headline": ("疫苗接种工作部署会召开", f"本报讯。{BODY}"),
        "neither": ("另一个会议召开的情况", BODY),
    }
    path = archive(
        tmp_path / "archive.db",
        [read(f"http://a.example/{name}", title=title, text=text) for name, (title, text) in pages.items()],
    )
    served = await serve(path)
    found = (await served.client.get(f"/api/search?q={quote('疫苗')}")).json()

    assert [row["title"] for row in found["articles"]] == [pages["headline"][0], pages["text"][0]]
    assert found["ranked"] is True
