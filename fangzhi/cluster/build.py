"""Build on a cluster: a worker reads one WARC file and writes one part, this machine stores the parts."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from crawler.outlet import Outlet
from fangzhi.cluster import ClusterError
from fangzhi.cluster.connect import connected
from pipelines.build import Ledger, read_here
from pipelines.ledger import PartNote
from pipelines.outcome import Outcome
from pipelines.parts import Job, PartError, WrongExtractor, read_note, read_part, write_part
from pipelines.warcs import WarcFile
from pipelines.worker import SECONDS, Orders

TRIES = 3  # of a WARC file whose part the storage does not take, or does not give back whole


@dataclass(slots=True)
class ReadThere:
    """The engine that reads on the workers of a cluster: `client` speaks to it, one page may take `seconds`.

    `folder` is one that all machines see under this name. Parts go there; whole ones that an earlier run left are
    used, and `parts` names all that are stored now. A WARC file that workers die of is read on this machine in the
    end, each page in a guarded process. Raises ClusterError while it yields, where the cluster or the storage fails;
    it may be repeated then.
    """

    client: Client
    folder: Path
    seconds: float = SECONDS
    parts: list[Path] = field(default_factory=list)

    def __call__(
        self,
        files: Sequence[WarcFile],
        outlets: Mapping[str, Outlet],
        masks: bool,
        ledger: Ledger,
    ) -> Generator[Outcome | None, None, None]:
        waiting: list[Job] = []
        named = {file.path.name: file for file in files}
        for file in files:
            job = Job(
                warc=file.path, size=file.size, known=file.known, folder=self.folder,
                orders=Orders(outlets=outlets, seconds=self.seconds, masks=masks),
            )  # fmt: skip
            try:
                note = read_note(job)
            except PartError:
                waiting.append(job)
            else:
                yield from self._loaded(file, job, note)
        lost: list[WarcFile] = []
        for job, note in _notes(self.client, waiting):
            ledger(note)
            file = named[note.warc_file]
            if note.state == "read":
                yield from self._loaded(file, job, note)
            else:
                lost.append(file)
        yield from read_here(1, self.seconds)(lost, outlets, masks, ledger)

    def _loaded(self, file: WarcFile, job: Job, note: PartNote) -> Iterator[Outcome]:
        """Yield the outcomes of a part; count them in the file as if it had been read here."""
        file.captures, file.torn, file.damages = note.captures, note.torn, list(note.damages)
        for outcome in read_part(job):
            file.fresh += 1
            yield outcome
        file.whole = True
        self.parts.append(job.part)


def _notes(client: Client, jobs: Iterable[Job]) -> Iterator[tuple[Job, PartNote]]:
    """Hand out jobs; yield each with its row of the ledger, when its part is there or is known never to be."""
    tries: dict[Future[PartNote], tuple[Job, int]] = {}

    def submit(job: Job, number: int) -> Future[PartNote]:
        future = client.submit(write_part, job, pure=False)
        tries[future] = (job, number)
        return future

    # the largest first: the last to end are short then
    done = as_completed([submit(job, 1) for job in sorted(jobs, key=lambda job: job.size, reverse=True)])
    try:
        for future in done:
            job, number = tries.pop(future)
            try:
                future.result()
                yield job, read_note(job)  # not what the worker says: what this machine finds in the storage
            except KilledWorker as error:
                note = f"{error.allowed_failures + 1} workers died of it; read on this machine"
                yield job, PartNote(warc_file=job.warc.name, state="lost", note=note)
            except WrongExtractor as error:
                raise ClusterError(str(error)) from None
            except CancelledError:
                raise ClusterError("the scheduler went away; run the same command again, parts are kept") from None
            except (PartError, OSError) as error:
                if number == TRIES:
                    raise ClusterError(
                        f"{job.part}: the storage failed {TRIES} times ({error}); mend it and run the same command "
                        "again, parts are kept"
                    ) from None
                done.add(submit(job, number + 1))
    finally:
        client.cancel(list(tries))


@contextmanager
def reading_on(address: str, folder: Path) -> Iterator[ReadThere]:
    """Give the engine that reads on the cluster of a scheduler; its parts are deleted when all of them are stored."""
    with connected(address) as client:
        engine = ReadThere(client, folder)
        yield engine
    for part in engine.parts:
        part.unlink(missing_ok=True)
