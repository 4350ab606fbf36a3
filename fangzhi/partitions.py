"""Write articles as a folder of Parquet files by outlet and month, as DuckDB, Spark and pandas read them directly."""

import errno
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from browse.parquet import GROUP, SCHEMA, table_of
from crawler.storage import is_shared

BY = ds.partitioning(pa.schema([("outlet", pa.string()), ("month", pa.string())]), flavor="hive")
MONTH = len("2022-04")  # characters of a day
OPEN = 256  # files at a time: newest first, every outlet is in one month


def write_partitions(rows: Iterator[dict[str, Any]], target: Path) -> int:
    """Write `target/outlet=SLUG/month=YYYY-MM/*.parquet`; return how many articles.

    `target` is a folder, which appears when it is complete, or the URL of one. Articles without outlet or day stand in
    a folder of that name. Raises FileExistsError where something is there already.
    """
    if target.exists():
        raise FileExistsError(errno.EEXIST, "something is there already", str(target))
    count = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal count
        while group := list(islice(rows, GROUP)):
            count += len(group)
            table = table_of(group)
            yield from table.append_column("month", pc.utf8_slice_codeunits(table["day"], 0, MONTH)).to_batches()

    schema = SCHEMA.append(pa.field("month", pa.string()))
    shape: dict[str, Any] = {"schema": schema, "format": "parquet", "partitioning": BY, "max_open_files": OPEN}
    if is_shared(target):
        ds.write_dataset(batches(), target.path, filesystem=target.fs, **shape)  # type: ignore[attr-defined]
        return count
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        ds.write_dataset(batches(), part, **shape)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return count
