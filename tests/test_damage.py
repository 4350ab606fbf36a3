"""A WARC file that is damaged in its middle costs what was damaged: the rest is read, and every loss has its place."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.digests import check_records
from crawler.reader import Damage, WarcError, iter_captures, iter_readable
from crawler.recover import find_tail
from crawler.writer import Exchange, WarcWriter
from fangzhi.__main__ import cli
from pipelines.build import build
from pipelines.digest import tables
from tests.asking import rows

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
PAGES = 6


def page(number: int) -> bytes:
    lines = "".join(f"<p>第{number}号通报第{k}条：各乡镇要落实春耕备播各项措施，按时报送进度。</p>" for k in range(25))
    return f"<html><meta charset=utf-8><title>第{number}号通报</title><h1>第{number}号通报</h1>{lines}</html>".encode()


def written(folder: Path, *, plain=False) -> tuple[Path, list[int]]:
    """Write a file of PAGES pages; return it with the places of their records."""
    with WarcWriter(folder, sync=False) as writer:
        for number in range(PAGES):
            exchange = Exchange(
                url=f"http://daily.example/{number}.html", fetched_at=START + timedelta(hours=number),
                request_head=b"GET / HTTP/1.1\r\n\r\n",
                response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body=page(number),
            )  # fmt: skip
            writer.write(exchange)
        path = writer.path
    if plain:
        unpacked = path.with_suffix("")
        unpacked.write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
        path = unpacked
    return path, [one.warc_offset for one in iter_captures(path)]


def flip(data: bytearray, at: list[int]) -> None:
    data[at[2] + 300] ^= 0x10


def cut_out(data: bytearray, at: list[int], inside=300) -> None:
    del data[at[2] + inside : at[2] + inside + 100]


def zeros(data: bytearray, at: list[int]) -> None:
    data[at[2] + 300 : at[3] + 200] = bytes(at[3] - at[2] - 100)


def zeros_from_a_record_on(data: bytearray, at: list[int]) -> None:
    data[at[2] : at[2] + 400] = bytes(400)


def zeros_that_were_put_in(data: bytearray, at: list[int]) -> None:
    data[at[2] : at[2]] = bytes(2_500_000)


def first_bytes(data: bytearray, at: list[int]) -> None:
    data[:40] = bytes(40)


def two_places(data: bytearray, at: list[int]) -> None:
    data[at[1] + 300] ^= 0x10
    data[at[5] + 300] ^= 0x10


# what is done to the file, the pages that are lost, the places (by page) where damage begins
HARMS = [
    (flip, {2}, (2,)), (cut_out, {2}, (2,)), (zeros, {2, 3}, (2,)), (zeros_from_a_record_on, {2}, (2,)),
    (zeros_that_were_put_in, set(), (2,)), (first_bytes, set(), ()), (two_places, {1, 5}, (1, 5)),
]  # fmt: skip


def numbers(urls) -> set[int]:
    return {int(url.rpartition("/")[2].removesuffix(".html")) for url in urls}


@pytest.mark.parametrize(("harm", "lost", "begins"), HARMS, ids=[one[0].__name__ for one in HARMS])
def test_build_reads_on_behind_the_damage_and_names_it(tmp_path, harm, lost, begins):
    path, at = written(tmp_path / "captures")
    sound = path.read_bytes()
    whole = tmp_path / "whole.db"
    build(path.parent, whole, {}, workers=0)
    data = bytearray(sound)
    harm(data, at)
    path.write_bytes(data)
    archive = tmp_path / "archive.db"
    report = build(path.parent, archive, {}, workers=0)
    damages = rows(archive, "SELECT file, start_offset, end_offset FROM damages ORDER BY start_offset")

    assert numbers(url for (url,) in rows(archive, "SELECT url FROM captures")) == set(range(PAGES)) - lost
    assert [start for _, start, _ in damages] == [at[number] for number in begins] or begins == ()
    assert all(file == path.name and end > start for file, start, end in damages)
    assert damages
    assert report.lost
    assert [name for name, _ in report.unreadable] == [path.name] * len(damages)
    assert [one.offset for one in check_records(path) if not one.kind] == [start for _, start, _ in damages]

    path.write_bytes(sound)  # from a backup
    again = build(path.parent, archive, {}, workers=0)

    assert not again.lost
    if harm is not zeros_that_were_put_in and harm is not cut_out:  # those moved the records behind them
        assert tables(archive) == tables(whole)


def test_commands_name_the_damage_and_their_exit_code_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, at = written(tmp_path / "captures")
    data = bytearray(path.read_bytes())
    flip(data, at)
    path.write_bytes(data)
    run = CliRunner()
    built = run.invoke(cli, ["build", "--workers", "0"])
    again = run.invoke(cli, ["build", "--workers", "0"])
    verified = run.invoke(cli, ["verify"])
    ((end,),) = rows(tmp_path / "archive.db", "SELECT end_offset FROM damages")

    assert f"{path.name}: damaged from byte {at[2]} to {end}: " in built.stderr
    assert (built.exit_code, again.exit_code, verified.exit_code) == (1, 1, 1)
    assert "0 captures" in again.stderr
    assert f"at byte {at[2]}" in verified.stdout


@pytest.mark.parametrize("harm", [cut_out, zeros_that_were_put_in], ids=lambda harm: harm.__name__)
def test_plain_file_is_read_on_too(tmp_path, harm):
    path, at = written(tmp_path, plain=True)
    data = bytearray(path.read_bytes())
    harm(data, at, 1500) if harm is cut_out else harm(data, at)
    path.write_bytes(data)
    damages: list[Damage] = []
    read = numbers(one.url for one in iter_readable(path, damages))

    assert read >= set(range(PAGES)) - {2}
    assert damages[0].start >= at[2]
    assert next(one.offset for one in check_records(path) if one.wrong) == at[2]


def test_end_that_was_never_written_is_torn_not_damaged(tmp_path):
    path, at = written(tmp_path)
    path.write_bytes(path.read_bytes()[: at[5]] + bytes(3_000_000))
    damages: list[Damage] = []
    with pytest.raises(WarcError) as caught:
        list(iter_readable(path, damages))

    assert (damages, caught.value.torn, caught.value.offset) == ([], True, at[5])
    assert find_tail(path).rest == "torn"
