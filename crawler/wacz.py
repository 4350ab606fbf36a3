"""Hand captures on as WACZ 1.1.1, the zip of WARC, index and page list that replay tools open; and take them in."""

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.bring import Brought, ImportRefused, import_warc
from crawler.capture import Capture
from crawler.imports import digest_of, now
from crawler.reader import parse_response, read_block, read_payload
from crawler.settings import VERSION
from crawler.writer import Exchange, WarcWriter

MAX_MEMBER = 20_000_000_000  # bytes; a WARC inside a WACZ beyond that is a bomb
BLOCK = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A capture to hand on, with the headline that the page list shows."""

    capture: Capture
    title: str = ""


def export_wacz(target: Path, captures: Path, pages: Iterable[Page], *, title: str = "") -> int:
    """Write captures of a folder into a WACZ file; return how many.

    Revisits become whole records, so that the file stands for itself. The target appears when it is complete. Raises
    WarcError where a record cannot be read, OSError where the target cannot be written.
    """
    pages = list(pages)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        with WarcWriter(folder, about={"software": f"Fangzhi/{VERSION}", "format": "WARC File Format 1.1"}) as writer:
            places = [_copy(writer, captures, page.capture) for page in pages]
            warcs = list(writer.files)
        lines = [_cdxj(page.capture, place) for page, place in zip(pages, places, strict=True)]
        (folder / "index.cdx").write_text("".join(sorted(lines)), "utf-8")
        (folder / "pages.jsonl").write_text("".join(_page_lines(pages)), "utf-8")
        members = {
            **{f"archive/{warc}": folder / warc for warc in warcs},
            "indexes/index.cdx": folder / "index.cdx",
            "pages/pages.jsonl": folder / "pages.jsonl",
        }
        package = json.dumps(_package(members, title), ensure_ascii=False, indent=2).encode()
        digest = json.dumps({"path": "datapackage.json", "hash": _sha256(package)}).encode()
        part = target.with_name(target.name + ".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
            for inside, path in members.items():
                # WARC files are packed already, and readers seek in them
                stored = zipfile.ZIP_STORED if inside.startswith("archive/") else zipfile.ZIP_DEFLATED
                out.write(path, inside, compress_type=stored)
            out.writestr("datapackage.json", package)
            out.writestr("datapackage-digest.json", digest)
        part.replace(target)
    return len(pages)


def import_wacz(path: Path, captures: Path) -> list[Brought]:
    """Bring in every WARC file of a WACZ; raise ImportRefused where it is none, WarcError where one in it is none."""
    brought = []
    try:
        with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory() as folder:
            inside = [one for one in packed.infolist() if one.filename.startswith("archive/") and not one.is_dir()]
            if not inside:
                raise ImportRefused(f"{path}: a zip file, but no WACZ: it has no archive/ with WARC files")
            for one in inside:
                if one.file_size > MAX_MEMBER:
                    raise ImportRefused(f"{path}: {one.filename} is larger than {MAX_MEMBER // 10**9} GB")
                # never the path inside the zip, which may lead anywhere
                warc = Path(folder) / Path(one.filename).name
                with packed.open(one) as source, warc.open("wb") as out:
                    shutil.copyfileobj(source, out, BLOCK)
                brought.append(import_warc(warc, captures))
                warc.unlink()
    except OSError as error:
        raise ImportRefused(f"{path}: cannot be read: {error.strerror or error}") from None
    except zipfile.BadZipFile as error:
        raise ImportRefused(f"{path}: not a WACZ: {error}") from None
    return brought


def software_in(path: Path) -> str:
    """Return what made a WACZ, as it says; "" where it says nothing."""
    try:
        with zipfile.ZipFile(path) as packed:
            return str(json.loads(packed.read("datapackage.json")).get("software") or "")[:200]
    except (OSError, KeyError, ValueError, AttributeError, zipfile.BadZipFile):
        return ""


class _Place(NamedTuple):
    """Where a record lies in the new file (bytes), and what the index says of it."""

    warc: str
    offset: int
    length: int
    digest: str
    media: str


def _copy(writer: WarcWriter, captures: Path, capture: Capture) -> _Place:
    """Copy one capture as a whole record."""
    fields, block = read_block(captures / capture.warc_file, capture.warc_offset)
    if fields["WARC-Type"] in {"resource", "conversion"}:  # a page that scripts made is replayed as they made it
        media = fields.get("Content-Type", "application/octet-stream")
        stored = writer.write_resource(capture.url, block, media=media, dated=capture.fetched_at)
    else:
        payload = parse_response(block)[2]
        head = block[: len(block) - len(payload)]
        if fields["WARC-Type"] == "revisit":
            payload = _payload_of(captures, fields, capture)
        exchange = Exchange(
            url=capture.url,
            fetched_at=capture.fetched_at,
            request_head=f"GET {urlsplit(capture.url).path or '/'} HTTP/1.1\r\n\r\n".encode(),
            response_head=head,
            body=payload,
            ip=capture.ip,
            truncated=fields.get("WARC-Truncated"),
            outlet=capture.outlet,
            kind=capture.kind,
        )
        stored = writer.write(exchange)
        media = capture.mime or "unk"
    length = _member_length(writer.folder / stored.warc_file, stored.offset)
    return _Place(stored.warc_file, stored.offset, length, stored.digest, media)


def _payload_of(captures: Path, fields: dict[str, str], capture: Capture) -> bytes:
    name, place = fields.get("WARC-Refers-To-Filename"), fields.get("WARC-Refers-To-File-Offset", "")
    if name and place.isdecimal():
        return parse_response(read_payload(captures / Path(name).name, int(place))[1])[2]
    return capture.body


def _member_length(path: Path, start: int) -> int:
    engine, length = zlib.decompressobj(31), 0
    with path.open("rb") as file:
        file.seek(start)
        while not engine.eof and (block := file.read(BLOCK)):
            engine.decompress(block)
            length += len(block) - len(engine.unused_data)
    return length


def _cdxj(capture: Capture, place: _Place) -> str:
    fields = {
        "url": capture.url,
        "mime": place.media.partition(";")[0],
        "status": str(capture.status or 200),
        "digest": place.digest,
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": place.warc,
    }
    return f"{surt(capture.url)} {capture.fetched_at:%Y%m%d%H%M%S} {json.dumps(fields)}\n"


def surt(url: str) -> str:
    """Return the sort-friendly form of an address that indexes are keyed by.

    >>> surt("http://www.Hewan.example:8413/a/B.html?id=1")
    'example,hewan:8413)/a/b.html?id=1'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    key = ",".join(reversed(host.split("."))) + (f":{parts.port}" if parts.port else "")
    return f"{key}){(parts.path or '/').lower()}" + (f"?{parts.query.lower()}" if parts.query else "")


def _page_lines(pages: Iterable[Page]) -> Iterator[str]:
    yield json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}) + "\n"
    for page in pages:
        moment = page.capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = {"url": page.capture.url, "ts": moment, "title": page.title or page.capture.url}
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _package(members: dict[str, Path], title: str) -> dict[str, object]:
    resources = [
        {"name": Path(inside).name, "path": inside, "hash": _file_sha256(path), "bytes": path.stat().st_size}
        for inside, path in members.items()
    ]
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title or "Fangzhi",
        "software": f"Fangzhi/{VERSION}",
        "created": now(),
        "resources": resources,
    }


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _file_sha256(path: Path) -> str:
    return f"sha256:{digest_of(path)}"
