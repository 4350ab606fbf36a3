"""The command line as a person meets it: real processes, real files, exit codes and one clear line for each mistake."""

import gzip
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fangzhi.__main__ import COMMANDS, cli

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>芦渡乡完成春季水渠清淤_云桥县人民政府</title>
</head><body><div class="nav"><a href="/">首页</a> <a href="/xw/">新闻</a></div><h1>芦渡乡完成春季水渠清淤</h1>
<div class="info">发布时间：2026-03-05 09:12 来源：云桥县融媒体中心 作者：向晚舟</div><div class="content">
<p>连日来，芦渡乡组织村民对全乡十二条主干水渠进行清淤，累计清理淤泥三千余立方米，确保春灌用水畅通。</p>
<p>“水渠通了，心里就踏实了。”白石村村民说。乡里还安排专人巡查，发现垮塌、堵塞的渠段立即组织抢修，不误农时。</p>
<p>截至目前，全乡春灌面积已达一万二千亩，早稻育秧有序推进。（责任编辑：苏禾）</p></div></body></html>"""


def fangzhi(*words: str, cwd: Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "fangzhi", *words], cwd=cwd, input=stdin, capture_output=True, timeout=120, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "notice.html.gz"
    path.write_bytes(gzip.compress(PAGE.encode()))
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    shown = CliRunner().invoke(cli, [name, "--help"])

    assert shown.exit_code == 0
    assert f"fangzhi {name}" in shown.output.split("Example")[-1]


def test_every_command_stands_in_the_table_and_has_a_file_of_its_own():
    files = (Path(__file__).parents[1] / "fangzhi" / "commands").glob("[a-z]*.py")

    assert sorted(COMMANDS) == sorted(path.stem for path in files)


def test_help_lists_every_command_and_exit_code():
    shown = CliRunner().invoke(cli, ["--help"])

    assert all(name in shown.output for name in COMMANDS)
    assert "130" in shown.output


def test_a_saved_page_becomes_one_line_of_json(tmp_path, page):
    done = fangzhi("extract", str(page), cwd=tmp_path)

    row = json.loads(done.stdout)
    assert done.returncode == 0
    assert Path(row["file"]).name == "notice.html"
    assert (row["title"], row["date"]) == ("芦渡乡完成春季水渠清淤", "2026-03-05T09:12:00+08:00")
    assert (row["source"], row["authors"], row["editors"]) == ("云桥县融媒体中心", ["向晚舟"], ["苏禾"])
    assert row["text"][0].startswith("连日来，芦渡乡")
    assert "首页" not in "".join(row["text"])


def test_many_pages_are_read_by_a_pool_in_the_order_given(tmp_path, page):
    names = [f"{number}.html" for number in range(12)]
    for name in names:
        (tmp_path / name).write_text(PAGE, "utf-8")

    done = fangzhi("extract", *names, cwd=tmp_path)

    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == names


def test_a_page_without_article_says_why(tmp_path):
    (tmp_path / "empty.html").write_text("<html><body></body></html>", "utf-8")

    row = json.loads(fangzhi("extract", "empty.html", cwd=tmp_path).stdout)

    assert row["text"] is None
    assert row["skip"]


def test_an_unreadable_file_is_named_and_the_others_are_read(tmp_path, page):
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(PAGE.encode())[:60])

    done = fangzhi("extract", "cut.html.gz", "missing.html", "picture.png", str(page), cwd=tmp_path)

    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 1
    assert [name in done.stderr for name in ("cut.html.gz", "missing.html", "picture.png")] == [True] * 3
    assert "Traceback" not in done.stderr


def test_repair_reads_standard_input_and_explains(tmp_path):
    damaged = "市疾控中心的思想?yún)R報(bào)會(huì)在縣裏召開(kāi),各單位認(rèn)真學(xué)習(xí)領(lǐng)會(huì)精神。"

    done = fangzhi("repair", "--explain", cwd=tmp_path, stdin=damaged.encode())

    assert done.returncode == 0
    assert done.stdout == "市疾控中心的思想匯報會在縣裏召開,各單位認真學習領會精神。\n"
    assert all(json.loads(line)["rule"] for line in done.stderr.splitlines())


def test_added_pages_are_built_searched_and_survive_a_second_time(tmp_path, page):
    first = fangzhi("add", str(page), "--url", "http://www.yunqiao.localhost/xw/1.html", cwd=tmp_path)
    second = fangzhi("add", str(page), "--url", "http://www.yunqiao.localhost/xw/1.html", cwd=tmp_path)

    with sqlite3.connect(tmp_path / "archive.db") as database:
        rows = database.execute("SELECT url, title, source FROM articles").fetchall()
    database.close()
    assert (first.returncode, second.returncode) == (0, 0)
    assert rows == [("http://www.yunqiao.localhost/xw/1.html", "芦渡乡完成春季水渠清淤", "云桥县融媒体中心")]


def test_search_finds_in_the_other_script_and_says_when_more_was_found(tmp_path, page):
    for number in (1, 2):
        fangzhi("add", "--no-build", str(page), "--url", f"http://www.yunqiao.localhost/xw/{number}.html", cwd=tmp_path)
    fangzhi("build", cwd=tmp_path)

    found = fangzhi("search", "蘆渡", "清淤", "--json", "--limit", "1", cwd=tmp_path)
    nothing = fangzhi("search", "蘆渡", "-清淤", cwd=tmp_path)
    empty = fangzhi("search", "！", cwd=tmp_path)

    assert json.loads(found.stdout)["title"] == "芦渡乡完成春季水渠清淤"
    assert "more was found" in found.stderr
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert (empty.returncode, "punctuation" in empty.stderr) == (2, True)


def test_what_cannot_be_added_is_named(tmp_path, page):
    (tmp_path / "not.warc.gz").write_bytes(b"no archive at all")

    done = fangzhi("add", "not.warc.gz", "nowhere", str(page), cwd=tmp_path)

    assert done.returncode == 4
    assert "not.warc.gz" in done.stderr
    assert "nowhere" in done.stderr
    assert (tmp_path / "archive.db").is_file()
    assert "Traceback" not in done.stderr


MISTAKES = [
    # words, exit code, what the line must name
    (["build"], 4, "captures"),
    (["serve"], 4, "archive.db"),
    (["status"], 4, "crawl.db"),
    (["crawl", "--contact", "a@b.example", "nobody"], 3, "nobody"),
    (["crawl"], 2, "--contact"),
    (["outlets", "check", "bad.toml"], 3, "bad.toml: kind"),
    (["outlets", "check", "torn.toml"], 3, "not valid TOML"),
    (["build", "--captures", "empty", "--archive", "text.db"], 6, "text.db"),
    (["build", "--captures", "empty", "--archive", "other.db"], 6, "other.db"),
    (["build", "--captures", "empty", "--archive", "no/where/archive.db"], 9, "no/where"),
    (["nonsense"], 2, "nonsense"),
]


@pytest.mark.parametrize(("words", "code", "named"), MISTAKES, ids=[" ".join(row[0]) for row in MISTAKES])
def test_a_mistake_is_one_clear_line_with_a_code_of_its_own(tmp_path, words, code, named):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.db").write_text("not a database, just a note that is long enough to be taken for one\n" * 40)
    (tmp_path / "torn.toml").write_text('name = "未')
    (tmp_path / "bad.toml").write_text(
        'name = "某报"\nhome = "http://a.example/"\nkind = "magazine"\n[[sources]]\ntype = "feed"\nurl = "http://a.example/f"\n',
        "utf-8",
    )
    with sqlite3.connect(tmp_path / "other.db") as database:
        database.execute("CREATE TABLE recipes (id INTEGER)")
    database.close()

    done = fangzhi(*words, cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_locked_archive_is_said_to_be_locked(tmp_path, page):
    fangzhi("add", str(page), cwd=tmp_path)
    database = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        code = (
            "import sys; from pipelines.store import Store; Store.__init__.__kwdefaults__['wait'] = 0.2;"
            "sys.argv = ['fangzhi', 'build']; from fangzhi.__main__ import main; main()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        database.close()

    assert done.returncode == 5, done.stderr
    assert "another program" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newer_archive_is_left_alone(tmp_path, page):
    fangzhi("add", str(page), cwd=tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as database:
        (table,) = database.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migrations%'").fetchone()
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(columns, database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone(), strict=True))
        row |= {"name": "9999_from_the_future"} | ({"id": 9999} if "id" in row else {})
        database.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
    database.close()
    before = (tmp_path / "archive.db").read_bytes()

    done = fangzhi("build", cwd=tmp_path)

    assert done.returncode == 6, done.stderr
    assert "newer" in done.stderr
    assert (tmp_path / "archive.db").read_bytes()[:4096] == before[:4096]


def test_a_taken_port_is_said_to_be_taken(tmp_path, page):
    fangzhi("add", str(page), cwd=tmp_path)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])

        served = fangzhi("serve", "--port", port, cwd=tmp_path)
        shown = fangzhi("demo", "--no-serve", "--web-port", port, cwd=tmp_path)

    assert (served.returncode, shown.returncode) == (8, 8)
    assert "port" in served.stderr
    assert "Traceback" not in served.stderr + shown.stderr


def test_a_full_disk_is_said_to_be_full_and_keeps_what_was_captured(tmp_path, page):
    fangzhi("add", str(page), cwd=tmp_path)
    # the limit on the size of a file stands for the end of the disk: SQLite meets it in the same call
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536));"
        "sys.argv = ['fangzhi', 'build', '--fresh', '--workers', '0'];"
        "from fangzhi.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode in (7, 9), done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(tmp_path / "archive.db") as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("words", [["search", "疫情"], ["status"], ["export", "疫情"], ["serve", "--port", "8979"]])
@pytest.mark.parametrize("kind", ["empty", "foreign", "text"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path, words, kind):
    archive = tmp_path / "archive.db"
    archive.write_text("" if kind == "empty" else "a note, long enough to be taken for a database\n" * 99)
    if kind == "foreign":
        archive.unlink()
        with sqlite3.connect(archive) as database:
            database.execute("CREATE TABLE articles (id INTEGER)")
        database.close()

    done = fangzhi(*words, cwd=tmp_path)

    assert done.returncode == 6, done.stderr
    assert "archive.db" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("--url", "not a url", 2), ("--url", "ftp://a.example/1", 2), ("--outlet", "nosuch", 3)],
)
def test_a_page_is_not_added_under_a_name_by_which_it_is_never_found(tmp_path, page, option, value, code):
    done = fangzhi("add", option, value, str(page), cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert value in done.stderr
    assert not (tmp_path / "captures").exists()


def test_the_demonstration_says_that_a_port_is_taken_before_it_crawls(tmp_path):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = fangzhi("demo", "--web-port", "8972", "--port", str(port), cwd=tmp_path)

    assert done.returncode == 8, done.stderr
    assert str(port) in done.stderr
    assert not (tmp_path / "captures").exists()
