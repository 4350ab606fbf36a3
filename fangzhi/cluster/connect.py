"""Find the scheduler and see whether its workers are fit for our work."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dask
from distributed import Client, LocalCluster

from fangzhi.cluster import ClusterError
from pipelines.versions import EXTRACTOR

WAIT = 20.0  # seconds for a scheduler to answer, and for its first worker to come
# a worker's processes have children: the guarded readers and the crawls that may die without taking it along
SETTINGS = {
    "distributed.worker.daemon": False,
    "distributed.comm.timeouts.connect": f"{WAIT:g}s",
    # a task of ours takes seconds or minutes; looking at itself so often, Dask takes a tenth of a core from two readers
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a worker says of itself: the version of its extractor, and whether its processes may have children."""

    extractor: str
    free: bool


def fitness() -> Fitness:
    """Return what a worker is fit for; runs there."""
    return Fitness(EXTRACTOR, not dask.config.get("distributed.worker.daemon", default=True))


@contextmanager
def connected(address: str, *, wait: float = WAIT) -> Iterator[Client]:
    """Give a client of the scheduler at an address ("tcp://10.0.0.1:8786"); "local:4" starts four workers here.

    `wait` is how long (seconds) a scheduler may take to answer, and its first worker to come.

    Raises ClusterError where nothing answers, no worker is there, or a worker has another version of the extractor.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by us, in words
    with dask.config.set(SETTINGS):
        kind, mark, number = address.partition(":")
        if kind == "local":
            if not mark or not number.isdecimal() or not int(number):
                raise ClusterError(f"{address}: say how many workers to start here: local:2")
            with (
                LocalCluster(
                    n_workers=int(number),
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = Client(address, timeout=wait)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(
                f"{address}: no scheduler answers ({error}); start one there with `dask scheduler`, "
                "or use --cluster local:2 for two workers on this machine"
            ) from None
        with client:
            _check(client, address, wait)
            yield client


def _check(client: Client, address: str, wait: float) -> None:
    try:
        client.wait_for_workers(1, timeout=wait)
    except TimeoutError:
        raise ClusterError(f"{address}: no worker is there; start some with `fangzhi worker {address}`") from None
    try:
        workers: dict[str, Fitness] = client.run(fitness)
    except Exception as error:  # noqa: BLE001  (whatever a worker without our code answers)
        raise ClusterError(f"{address}: a worker cannot run fangzhi ({error}); install it on every machine") from None
    for name, one in workers.items():
        if one.extractor != EXTRACTOR:
            raise ClusterError(
                f"{address}: the worker {name} reads with extractor {one.extractor}, this machine with {EXTRACTOR}: "
                "install the same release on every machine"
            )
        if not one.free:
            raise ClusterError(f"{address}: the worker {name} may not have children; start it with `fangzhi worker`")
