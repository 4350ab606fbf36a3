"""Undo the transfer and content encodings of an HTTP body, within bounds, believing no header blindly."""

import io
import zlib
from collections.abc import Sequence

import brotli
from fastwarc.stream_io import ZstdReader

MAX_BODY = 64_000_000  # bytes; the largest regional e-paper PDF seen is below 40 MB, a bomb is stopped here
STEP = 65_536
MAX_LAYERS = 3  # "gzip, gzip" happens; more is an attack


def undo_encodings(
    headers: Sequence[tuple[str, str]], body: bytes, *, limit: int = MAX_BODY
) -> tuple[bytes, str | None]:
    """Return the body as the publisher wrote it, and "length" where it was cut at `limit` bytes, else None.

    A header that lies (says gzip, sends text) leaves the bytes as they are; a stream that breaks off gives what could
    be read of it.
    """
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        body = _joined_chunks(body)
    layers = [
        layer.strip().lower()
        for name, value in headers
        if name.lower() == "content-encoding"
        for layer in value.split(",")
    ]
    for layer in reversed(layers[:MAX_LAYERS]):
        undo = DECODERS.get(layer)
        if undo is None:
            continue
        plain = undo(body, limit + 1)
        if plain is None:
            break
        if len(plain) > limit:
            return plain[:limit], "length"
        body = plain
    return (body[:limit], "length") if len(body) > limit else (body, None)


def _joined_chunks(body: bytes) -> bytes:
    """Undo chunked transfer encoding; many archives keep the header of bodies that were joined long ago."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 1024)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(parts) if parts else body
        if length <= 0:
            return b"".join(parts)
        parts.append(body[end + 1 : end + 1 + length])
        at = end + 1 + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1
        if at >= len(body):
            return b"".join(parts)


def _inflated(body: bytes, limit: int, *window_bits: int) -> bytes | None:
    for bits in window_bits:
        engine, out, rest = zlib.decompressobj(bits), bytearray(), body
        try:
            while rest and len(out) < limit:
                out += engine.decompress(rest, limit - len(out))
                rest = engine.unconsumed_tail
                if engine.eof and bits == 31:  # gzip members may follow one another
                    rest, engine = engine.unused_data, zlib.decompressobj(bits)
        except zlib.error:
            if not out:
                continue
        if out or not body:
            return bytes(out)
    return None


def _unbrotli(body: bytes, limit: int) -> bytes | None:
    engine, out, rest = brotli.Decompressor(), bytearray(), body
    try:
        while len(out) < limit and not engine.is_finished():
            piece = engine.process(rest, output_buffer_limit=limit - len(out))
            rest = b""
            out += piece
            if not piece and engine.can_accept_more_data():
                break
    except brotli.error:
        pass
    return bytes(out[:limit]) or None


def _unzstd(body: bytes, limit: int) -> bytes | None:
    reader, out = ZstdReader(io.BytesIO(body)), bytearray()
    try:
        while len(out) < limit and (piece := reader.read(min(STEP, limit - len(out)))):
            out += piece
    except (OSError, ValueError):
        pass  # what came before the break is kept
    return bytes(out) or None


DECODERS = {
    "gzip": lambda body, limit: _inflated(body, limit, 31),
    "x-gzip": lambda body, limit: _inflated(body, limit, 31),
    "deflate": lambda body, limit: _inflated(body, limit, 15, -15),  # half the servers send it without zlib's header
    "br": _unbrotli,
    "zstd": _unzstd,
}
