"""`fangzhi worker`: lend this machine to a cluster."""

import asyncio
import os
from pathlib import Path

import click
import dask
from distributed import Nanny

from fangzhi.cluster import ClusterError
from fangzhi.cluster.connect import SETTINGS, WAIT


@click.command(
    epilog="""\b
Examples:
  fangzhi worker tcp://10.0.0.1:8786
  fangzhi worker tcp://10.0.0.1:8786 --processes 8 --scratch /var/tmp
"""
)
@click.argument("address")
@click.option("--processes", type=click.IntRange(1, 256), help="How many at once (default: one a processor).")
@click.option("--scratch", type=click.Path(path_type=Path, file_okay=False), help="Folder for what is only passing.")
def worker(address: str, processes: int | None, scratch: Path | None) -> None:
    """Work for the scheduler at ADDRESS until it ends, or Ctrl-C.

    It builds and crawls what `fangzhi build --cluster` and `fangzhi crawl --cluster` hand out.
    """
    with dask.config.set(SETTINGS):
        asyncio.run(_serve(address, processes or os.cpu_count() or 1, scratch))


async def _serve(address: str, processes: int, scratch: Path | None) -> None:
    folder = str(scratch) if scratch else None
    nannies = [Nanny(address, nthreads=1, local_directory=folder) for _ in range(processes)]
    try:
        async with asyncio.timeout(WAIT):
            await asyncio.gather(*nannies)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"{address}: no scheduler answers ({error}); start one there: dask scheduler") from None
    click.echo(f"{processes} processes work for {address}", err=True)
    await asyncio.gather(*(one.finished() for one in nannies))
