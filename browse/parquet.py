"""Write articles as Parquet, group by group, so that a result of any size needs the memory of one group."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from browse.display import listed
from browse.exports import ARRAYS, COLUMNS

GROUP = 500  # articles of one row group, about 2 MB of text
SCHEMA = pa.schema([(name, pa.list_(pa.string()) if name in ARRAYS else pa.string()) for name in COLUMNS])


class Parquet:
    """A Parquet file in the making; every call returns the bytes that have become ready."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._writer = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd")

    def add(self, rows: Sequence[Mapping[str, Any]]) -> bytes:
        """Write rows with the columns of the exports as one group."""
        self._writer.write_table(table_of(rows))
        return self._sink.ready()

    def end(self) -> bytes:
        """Write what stands at the end of the file."""
        self._writer.close()
        return self._sink.ready()


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows with the columns of the exports as a table of Arrow."""
    return pa.Table.from_pylist([_shaped(row) for row in rows], SCHEMA)


class _Sink(io.RawIOBase):
    """A file that is only written; what was handed on is forgotten."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._place += len(part)
        return len(part)

    def tell(self) -> int:
        return self._place

    def ready(self) -> bytes:
        """Return what was written since the last call."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _shaped(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [str(one) for one in listed(row[name])] if name in ARRAYS else row[name] for name in COLUMNS}
