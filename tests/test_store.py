"""The archive holds what the captures say, in whatever order they come."""

import json
import random
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.digest import digest
from pipelines.outcome import Kind, Outcome
from pipelines.places import places_of
from pipelines.records import Document, Precision, Reason, Repair, Trimmed
from pipelines.segment import cut
from pipelines.url import article_id
from tests.outcomes import BEIJING, LONG, archive, failed, look, outlet, read, rows, search


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "archive.db"


def test_article_row_holds_what_was_read(path):
    url = "http://daily.example/a.html"
    repair = Repair(rule="undo_pinyin", before="a", after="b", start=0, end=1)
    archive(path, [read(
        url, slug="daily", published_at=BEIJING, precision=Precision.MINUTE, source="云岭日报", authors=("张三",),
        repairs=(repair, Repair(rule="undo_pinyin", before="a", after="b", start=4, end=5)),
        trimmed=(Trimmed(rule="share-bar", line="分享到"),), document=Document(number="云卫〔2026〕3号"),
    )], outlets=[outlet("daily")])  # fmt: skip
    (row,) = rows(path, "SELECT * FROM articles")

    assert row["id"] == article_id(url)
    assert (row["title"], row["text"], row["outlet"], row["status"]) == ("督查通报", LONG, "daily", "alive")
    assert (row["published_at"], row["published_local"]) == ("2026-03-01T01:30:00Z", "2026-03-01T09:30:00+08:00")
    assert (row["day"], row["date_precision"], row["first_seen"]) == ("2026-03-01", "minute", "2026-03-01T08:00:00Z")
    assert json.loads(row["authors"]) == ["张三"]
    assert [(r["rule"], r["count"], r["offsets"]) for r in rows(path, "SELECT * FROM repairs")] == [
        ("undo_pinyin", 2, "[[0, 1], [4, 5]]")
    ]
    assert [r["line"] for r in rows(path, "SELECT line FROM trimmed")] == ["分享到"]
    assert [r["number"] for r in rows(path, "SELECT number FROM documents")] == ["云卫〔2026〕3号"]
    assert rows(path, "PRAGMA foreign_key_check") == []


def test_keys_are_in_order_of_time_and_exact_in_json(path):
    moments = [None, BEIJING, BEIJING - timedelta(days=400), BEIJING.replace(year=1969), BEIJING.replace(year=9999)]
    archive(path, [read(f"http://a.example/{n}", published_at=at) for n, at in enumerate(moments)])
    found = rows(path, "SELECT key, coalesce(published_at, first_seen) AS at FROM articles ORDER BY key")

    assert [row["at"] for row in found] == sorted(row["at"] for row in found)
    assert all(0 < row["key"] < 2**53 for row in found)


def test_every_capture_is_an_article_a_skip_or_a_failure(path):
    outcomes = [
        read("http://a.example/1"),
        look("http://a.example/2", Kind.SKIP, Reason.LISTING),
        failed("http://a.example/3"),
    ]
    archive(path, outcomes)

    assert [row["outcome"] for row in rows(path, "SELECT outcome FROM captures ORDER BY url")] == [
        "article",
        "skip",
        "failure",
    ]
    assert [row["reason"] for row in rows(path, "SELECT reason FROM skips")] == ["listing"]
    assert [row["traceback"] for row in rows(path, "SELECT traceback FROM failures")] == ["Traceback …"]


def test_failure_gives_way_to_a_later_success(path):
    archive(path, [failed("http://a.example/1")], [read("http://a.example/1")], [failed("http://a.example/1")])

    assert rows(path, "SELECT * FROM failures") == []
    assert [row["outcome"] for row in rows(path, "SELECT outcome FROM captures")] == ["article"]


def test_version_is_new_when_the_text_changes_and_not_when_spaces_do(path):
    url = "http://a.example/1"
    archive(
        path,
        [read(url), read(url, LONG.replace("，", "， "), hours=1), read(url, LONG + "改", hours=2), read(url, hours=3)],
    )
    versions = rows(path, "SELECT * FROM version_texts ORDER BY n")

    assert [(row["n"], row["text"], row["seen_at"][11:13], row["last_seen"][11:13]) for row in versions] == [
        (1, LONG, "08", "09"), (2, LONG + "改", "10", "10"), (3, LONG, "11", "11")
    ]  # fmt: skip
    assert rows(path, "SELECT text FROM versions WHERE n = 3") == [{"text": None}]
    assert rows(path, "SELECT status FROM articles") == [{"status": "changed"}]


def test_article_is_gone_after_three_looks_in_two_days_and_then_back(path):
    url = "http://a.example/1"
    first, *more = (look(url, Kind.GONE, Reason.STATUS, hours=2 + 24 * day) for day in range(3))
    archive(path, [read(url), first, look(url, Kind.SKIP, Reason.BLOCKED, hours=3)])
    state = "SELECT status, gone_at, last_seen FROM articles"

    assert rows(path, state) == [{"status": "alive", "gone_at": None, "last_seen": "2026-03-01T08:00:00Z"}]

    archive(path, more)

    assert rows(path, state) == [
        {"status": "gone", "gone_at": "2026-03-03T10:00:00Z", "last_seen": "2026-03-01T08:00:00Z"}
    ]
    assert rows(path, "SELECT count(*) AS n FROM captures WHERE article IS NOT NULL") == [{"n": 5}]

    archive(path, [look(url, Kind.SEEN, Reason.NOT_MODIFIED, hours=100)])

    assert rows(path, state) == [{"status": "back", "gone_at": None, "last_seen": "2026-03-05T12:00:00Z"}]
    assert rows(path, "SELECT missing_at, looks, gone_at, back_at FROM absences") == [
        {"missing_at": "2026-03-01T10:00:00Z", "looks": 3, "gone_at": "2026-03-03T10:00:00Z",
         "back_at": "2026-03-05T12:00:00Z"},
    ]  # fmt: skip


def test_search_follows_the_present_text_alone(path):
    url = "http://a.example/1"
    archive(path, [read(url, title="疫情通报")], [read(url, "正文全部改写", title="更正", hours=1)])

    assert search(path, "疫情") == search(path, "督查") == []
    assert search(path, "全部改寫") == ["更正"]


def test_copies_in_both_scripts_share_a_cluster_with_a_named_original(path):
    paper, farm = outlet("daily", name="云岭日报"), outlet("farm", "farm", name="热点汇")
    traditional = "雲嶺縣衛生健康局召開春季傳染病防控工作會議,部署校園晨檢、疫苗接種和基層督查,要求各鄉鎮按時報送情況。"
    archive(path, [
        read("http://farm.example/9", traditional, "震惊！", hours=-5, slug="farm", source="雲嶺日報社"),
        read("http://daily.example/1", slug="daily", published_at=BEIJING), read("http://x.example/1", "另一篇" * 20),
    ], outlets=[paper, farm])  # fmt: skip
    found = rows(
        path,
        "SELECT r.*, a.cluster AS ours, a.outlet FROM reprints r JOIN articles a ON a.id = r.article ORDER BY outlet",
    )

    assert [(row["outlet"], row["is_original"], row["similarity"]) for row in found] == [
        ("daily", 1, 1.0),
        ("farm", 0, 1.0),
    ]
    assert found[0]["cluster"] == found[1]["cluster"] == found[0]["ours"] == found[1]["ours"]
    assert json.loads(found[0]["evidence"])["rule"] == "named_as_source"
    assert rows(path, "SELECT count(*) AS n FROM articles WHERE cluster IS NULL") == [{"n": 1}]


def test_cluster_of_one_dissolves(path):
    archive(
        path, [read("http://a.example/1"), read("http://b.example/1")], [read("http://b.example/1", "改" * 50, hours=1)]
    )

    assert rows(path, "SELECT * FROM reprints") == []
    assert rows(path, "SELECT cluster FROM articles") == [{"cluster": None}] * 2


def test_settings_of_an_outlet_that_change_make_its_captures_be_read_again(path):
    daily = outlet("daily")
    archive(path, [read("http://daily.example/1", slug="daily"), read("http://a.example/1")], outlets=[daily])
    archive(path, outlets=[daily.model_copy(update={"delay": 9.0, "note": "slow"})])

    assert rows(path, "SELECT count(*) AS n FROM captures") == [{"n": 2}]

    archive(path, outlets=[daily.model_copy(update={"timezone": "Asia/Urumqi"})])

    assert [row["url"] for row in rows(path, "SELECT url FROM captures")] == ["http://a.example/1"]
    assert len(search(path, "疫苗")) == 1


def test_article_is_about_the_place_it_names_else_that_of_its_outlet(path):
    county = outlet("daily", region="990121", region_name="云岭县")
    places = places_of("驻马店市驿城区召开会议。驿城区卫健委通报情况。")
    archive(path, [
        read("http://daily.example/1", slug="daily", places=places), read("http://daily.example/2", slug="daily"),
    ], outlets=[county, outlet("city", region="990100", region_name="云州市")])  # fmt: skip

    sql = "SELECT r.name FROM articles a JOIN regions r ON r.code = a.region ORDER BY a.url"
    assert [row["name"] for row in rows(path, sql)] == ["驿城区", "云岭县"]
    assert rows(path, "SELECT name FROM regions WHERE code = (SELECT parent FROM regions WHERE code = '990121')") == [
        {"name": "云州市"}
    ]
    (place,) = rows(path, "SELECT * FROM places")
    assert (place["n"], place["region"]) == (1, "411702")
    assert [(match["words"], match["start"]) for match in json.loads(place["evidence"])] == [
        ("驿城区", 4),
        ("驿城区", 12),
    ]
    assert rows(path, "PRAGMA foreign_key_check") == []


URLS = ("http://a.example/1", "https://a.example/1?utm_source=x", "http://b.example/2", "http://c.example/3")
TEXTS = (
    LONG,
    LONG + "改",
    LONG.replace("，", "， "),
    "短文",
    "云岭縣" + LONG[3:],
    LONG + "另据了解，全县各学校已完成首轮排查。",
)
hours = st.integers(0, 30)
outcomes = st.one_of(
    st.builds(
        read, st.sampled_from(URLS), st.sampled_from(TEXTS), hours=hours, published_at=st.sampled_from((None, BEIJING))
    ),
    st.builds(look, st.sampled_from(URLS), st.just(Kind.GONE), st.just(Reason.STATUS), hours),
    st.builds(look, st.sampled_from(URLS), st.just(Kind.SEEN), st.just(Reason.NOT_MODIFIED), hours),
    st.builds(failed, st.sampled_from(URLS), hours),
)
sets_of_outcomes = st.lists(outcomes, max_size=12, unique_by=lambda one: one.capture.id)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets_of_outcomes, st.randoms(use_true_random=False))
def test_order_and_grouping_of_captures_do_not_matter(tmp_path_factory, given_outcomes, random):
    folder = tmp_path_factory.mktemp("order")
    shuffled = random.sample(given_outcomes, len(given_outcomes))
    batches = [[one] for one in shuffled]
    one = digest(archive(folder / "one.db", given_outcomes))
    other = digest(archive(folder / "other.db", *batches, batches[0] if batches else []))

    assert one == other


@pytest.mark.parametrize("seed", range(3))
def test_copies_of_a_text_much_reprinted_are_told_the_same_whatever_the_order(tmp_path, seed):
    luck = random.Random(seed)
    cuts = [LONG * 4, f"{LONG * 4}本站编辑整理。", f"快讯：{LONG * 3}", LONG * 3 + "各地照此执行，不得有误。" * 3]
    copies = [
        read(f"http://s{n}.example/{n}.html", luck.choice(cuts), slug=f"s{n % 9}",
             source=luck.choice((None, "s1", "s2")), published_at=luck.choice((None, BEIJING + timedelta(hours=n % 5))))
        for n in range(60)
    ]  # fmt: skip
    sizes = [luck.randint(1, 20) for _ in copies]
    shuffled = luck.sample(copies, len(copies))
    batches = [shuffled[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))]
    one = archive(tmp_path / "one.db", copies)
    other = archive(tmp_path / "other.db", *filter(None, batches))

    assert digest(one) == digest(other)
    assert {"closest_before", "original"} <= {
        row["rule"] for row in rows(one, "SELECT evidence ->> 'taken_from' AS rule FROM reprints")
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 60), st.booleans()), unique_by=lambda one: one[0], max_size=14
    ),
    st.sets(st.integers(0, 40)),
    st.randoms(use_true_random=False),
)
def test_crowded_keys_do_not_depend_on_who_came_first(tmp_path_factory, pages, dropped, random):
    folder = tmp_path_factory.mktemp("crowd")

    def outcomes_of(chosen, slug=None) -> list[Outcome]:
        moments = {page: BEIJING + timedelta(minutes=minute) for page, minute, _ in chosen}
        return [
            read(f"http://{slug or 'b'}.example/{page}", slug=slug, published_at=moments[page],
                 precision=Precision.DAY if bare else Precision.MINUTE) for page, _, bare in chosen
        ]  # fmt: skip

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.keys.SLOTS", 1)
        patch.setattr("pipelines.keys.DAY", 6)  # a day holds six articles: all spill into one another
        patch.setattr("pipelines.unsettle.DAY", 6)
        stay = outcomes_of([page for page in pages if page[0] not in dropped])
        leave = outcomes_of([page for page in pages if page[0] in dropped], "a")
        mixed = random.sample([*stay, *leave], len(pages))
        one = archive(folder / "one.db", stay)
        other = archive(folder / "other.db", *[[each] for each in mixed], outlets=[outlet("a")])
        archive(other, outlets=[outlet("a", timezone="Asia/Urumqi")])  # forgets what was read under the old settings

    keys = "SELECT id, key FROM articles ORDER BY id"
    assert rows(one, keys) == rows(other, keys)
    assert len(search(other, "督查")) == len(stay)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sets_of_outcomes, st.randoms(use_true_random=False))
def test_index_holds_every_text_once_and_nothing_else(tmp_path_factory, given_outcomes, random):
    path = tmp_path_factory.mktemp("index") / "archive.db"
    archive(path, *[[one] for one in random.sample(given_outcomes, len(given_outcomes))])
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab('main', 'articles_fts', 'instance')")
    held = sorted(connection.execute("SELECT doc, col, term, offset FROM temp.held"))
    wanted = []
    for key, title, text in connection.execute("SELECT key, title, text FROM articles"):
        for column, value in (("title", title), ("text", text)):
            wanted += [(key, column, term, offset) for offset, term in enumerate(cut(value).split())]
    connection.close()

    assert held == sorted(wanted)


def test_colliding_keys_do_not_depend_on_the_order_of_arrival(path, tmp_path):
    def clash(page, hours=0, at=BEIJING):
        one = read(f"http://a.example/{page}", published_at=at, hours=hours)
        fields = {name: getattr(one, name) for name in Outcome.__slots__}
        return Outcome(**fields | {"page": f"abcdef0{page}{'0' * 8}"})

    one, two, three = clash(0), clash(1), clash(2)
    moved = clash(0, hours=1, at=BEIJING + timedelta(days=1))
    first = archive(path, [one, two], [three], [moved])
    other = archive(tmp_path / "other.db", [moved], [three], [two], [one])
    third = archive(tmp_path / "third.db", [three, one, two])

    assert digest(first) == digest(other)
    assert len({row["key"] for row in rows(third, "SELECT key FROM articles")}) == 3
    assert [row["id"][:8] for row in rows(third, "SELECT id FROM articles ORDER BY key")] == [
        "abcdef00",
        "abcdef01",
        "abcdef02",
    ]
    assert search(third, "疫苗") == ["督查通报"] * 3
