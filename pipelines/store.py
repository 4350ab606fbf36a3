"""Keep the archive: one SQLite file, one writer, every batch whole or not at all."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.imports import Import
from crawler.outlet import Outlet
from crawler.reader import Damage
from crawler.withdrawal import Withdrawal
from pipelines.capture_rows import capture_row
from pipelines.conduct import watch_conduct
from pipelines.coverage import cover
from pipelines.divisions import region_rows
from pipelines.errors import NotAnArchive, SchemaNewer, StoreError, in_plain_words
from pipelines.index import reindex
from pipelines.ledger import PartNote
from pipelines.migrations import SCHEMA, STEPS, found
from pipelines.outcome import Outcome
from pipelines.renew import Stale, note, renew, stale
from pipelines.reprints import regroup
from pipelines.rows import damage_rows, outlet_row, template_rows
from pipelines.segment import SEGMENTER
from pipelines.settle import settle
from pipelines.sources import list_wanted, name_sources
from pipelines.table import dumps, insert, stamp
from pipelines.unsettle import unsettle
from pipelines.upheavals import find_upheavals
from pipelines.versions import EXTRACTOR, library_versions
from pipelines.withdraw import SCRUB, keep_out, note_purged, scrub

WAIT = 30.0  # seconds that a writer waits for another one
# sketches and digests go to places all over the file: with SQLite's own 2 MB and 4 MB each is read and written again
CACHE = 64 * 1024  # KiB of pages held in memory
LOG = 16 * 1024  # pages of the log (64 MB) before they go to their places
IDLE_SETTINGS = frozenset(
    {"browser", "checked", "delay", "note", "private", "since", "sources"}
)  # change nothing that is read
# what is counted over the whole archive when a build is done
LAST = (cover, name_sources, list_wanted, watch_conduct, find_upheavals)


class Store:
    """An archive opened for writing. Every method is one transaction and may be repeated without harm.

    The archive's content is decided by the set of captures that were added, not by their order or grouping.
    Raises StoreError, with a subclass for each cause that has a remedy of its own.
    """

    def __init__(self, path: Path, *, wait: float = WAIT) -> None:
        """Open an archive, make it where there is none, bring an older schema up to date.

        `wait` is how long (seconds) to wait for another writer before StoreLocked is raised.
        """
        self.path = path
        if not path.parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.parent}; make it first")
        with in_plain_words(path):
            self._db = sqlite3.connect(path, timeout=wait, isolation_level=None)
        try:
            with in_plain_words(path):
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        names = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        recorded: set[str] = set()
        if SCHEMA.migrations_table in names:
            sql = f"SELECT name FROM {SCHEMA.migrations_table} WHERE migration_set = ?"  # noqa: S608  (a constant)
            recorded = {row[0] for row in self._db.execute(sql, [SCHEMA.name])}
        if names - {SCHEMA.migrations_table} and not recorded:
            raise NotAnArchive(f"{self.path}: this database is not an archive; name another file")
        if newer := recorded - set(STEPS):
            raise SchemaNewer(
                f"{self.path}: made by a newer release (schema steps {', '.join(sorted(newer))} are unknown here); "
                "update this program, or build the archive again from its WARC files with --fresh"
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # with WAL a kill loses nothing that was committed
        self._db.execute(f"PRAGMA cache_size = -{CACHE}")
        self._db.execute(f"PRAGMA wal_autocheckpoint = {LOG}")
        found(self._db)
        if self.setting("segmenter") != SEGMENTER:
            with self._transaction():
                reindex(self._db)
                self._set("segmenter", SEGMENTER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, outcomes: Iterable[Outcome]) -> int:
        """Store what became of some captures; return how many articles are new.

        A capture that is stored already is left as it is, unless it had failed.
        """
        with self._transaction():
            outlets = {row[0] for row in self._db.execute("SELECT id FROM outlets")}
            fresh = [one if one.outlet in outlets else replace(one, outlet=None) for one in self._fresh(outcomes)]
            insert(self._db, "captures", [capture_row(one) for one in fresh])
            masks = [(one.capture.id, rule, count) for one in fresh for rule, count in one.masks]
            self._db.executemany("INSERT INTO masks (capture, rule, count) VALUES (?, ?, ?)", masks)
            skips = [(one.capture.id, one.refusal) for one in fresh if one.refusal]
            failures = [(one.capture.id, one.failure) for one in fresh if one.failure]
            self._db.executemany(
                "INSERT INTO skips (capture, stage, reason, detail) VALUES (?, ?, ?, ?)",
                [(capture, skip.stage, skip.reason.value, skip.detail) for capture, skip in skips],
            )
            self._db.executemany(
                "INSERT INTO failures (capture, stage, error, traceback) VALUES (?, ?, ?, ?)",
                [(capture, failure.stage, failure.error, failure.traceback) for capture, failure in failures],
            )
            settled = settle(self._db, {one.page for one in fresh}, fresh)
            regroup(self._db, settled.changes)
        return settled.added

    def _fresh(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Return what is not stored yet, once; take out what had failed before."""
        given = {one.capture.id: one for one in outcomes}
        these = json.dumps(sorted(given))
        sql = "SELECT id, outcome FROM captures WHERE id IN (SELECT value FROM json_each(?))"
        for name, outcome in self._db.execute(sql, [these]).fetchall():
            if outcome != "failure" or given[name].failure:
                del given[name]
            else:
                self._db.execute("DELETE FROM failures WHERE capture = ?", [name])
                self._db.execute("DELETE FROM captures WHERE id = ?", [name])
        return [given[name] for name in sorted(given)]

    def set_outlets(self, outlets: Mapping[str, Outlet]) -> None:
        """Store outlets; forget the captures that were read under other settings, so that they are read again.

        Outlets that are stored and not given stay.
        """
        with self._transaction():
            former = self._outlets()
            pages = {page for page, _ in self._read_otherwise(outlets)}
            insert(self._db, "regions", region_rows([*former.values(), *outlets.values()]), replace=True)
            insert(self._db, "outlets", [outlet_row(outlets[slug]) for slug in sorted(outlets)], replace=True)
            if pages:
                regroup(self._db, unsettle(self._db, pages))

    def read_otherwise(self, outlets: Mapping[str, Outlet]) -> Counter[str]:
        """Return how many captures of each outlet were read under other settings than these."""
        with in_plain_words(self.path):
            return Counter(slug for _, slug in self._read_otherwise(outlets))

    def _read_otherwise(self, outlets: Mapping[str, Outlet]) -> list[tuple[str, str]]:
        """Return (page, outlet) of each capture of outlets that have changed, or of nobody's on their hosts."""
        former = self._outlets()
        changed = [slug for slug, one in outlets.items() if _reading(former.get(slug)) != _reading(one)]
        if not changed:
            return []
        sql = (
            "SELECT page, url, outlet FROM captures WHERE outlet IS NULL OR outlet IN (SELECT value FROM json_each(?))"
        )
        owned = (
            (page, slug or _owner(url, changed, outlets)) for page, url, slug in self._db.execute(sql, [dumps(changed)])
        )
        return [(page, slug) for page, slug in owned if slug]

    def set_imports(self, imports: Iterable[Import]) -> None:
        """Tell which files were brought in from outside, in place of what was told before."""
        rows = [{"n": n, **asdict(one)} for n, one in enumerate(imports, 1)]
        with self._transaction():
            self._db.execute("DELETE FROM imports")
            insert(self._db, "imports", rows)

    def withdraw(self, decisions: Collection[Withdrawal], purged: Iterable[str] = ()) -> None:
        """Keep out what is withdrawn by the decisions that stand; make way for what is so no longer.

        `purged` are ids of captures whose bytes are destroyed. Readers see nothing any more of what is taken out as
        soon as that is decided, whatever the size of the archive. Then the file is written anew, so that nothing is
        left in places that are free now: that needs as much room again, and time. The next call does what was not done.
        """
        with self._transaction():
            if keep_out(self._db, decisions):
                self._set(SCRUB, "due")
            note_purged(self._db, purged)
        if self.setting(SCRUB) is None:
            return
        with self._transaction():
            self._count()
        with in_plain_words(self.path):
            scrub(self._db)
        with self._transaction():
            self._db.execute("DELETE FROM settings WHERE name = ?", [SCRUB])

    def reindex(self) -> None:
        """Make the search index anew out of the texts."""
        with self._transaction():
            reindex(self._db)

    def outlets(self) -> dict[str, Outlet]:
        """Return every outlet that is stored, by slug."""
        with in_plain_words(self.path):
            return self._outlets()

    def _outlets(self) -> dict[str, Outlet]:
        rows = self._db.execute("SELECT id, settings FROM outlets ORDER BY id")
        return {slug: Outlet.model_validate_json(settings) for slug, settings in rows}

    def set_templates(self, outlets: Mapping[str, Outlet]) -> None:
        """Tell what was learnt of the outlets, in place of what was told before."""
        with self._transaction():
            self._db.execute("DELETE FROM templates")
            insert(self._db, "templates", [row for slug in sorted(outlets) for row in template_rows(outlets[slug])])

    def newest(self) -> datetime | None:
        """Return when the newest capture was fetched, UTC; None where there is none."""
        with in_plain_words(self.path):
            row = self._db.execute("SELECT max(fetched_at) FROM captures").fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def examples(self, outlet: str, *, since: datetime | None, least: int, whole: bool = True) -> list[tuple[str, int]]:
        """Return WARC file and offset (bytes) of pages of an outlet that hold articles, in no telling order.

        Of those that were fetched after `since`, and where `whole` read without a template: the newest `least`; none
        where there are fewer.
        """
        sql = """SELECT warc_file, warc_offset, sha256 FROM captures WHERE outlet = ? AND outcome = 'article'
            AND fetched_at > ? ORDER BY fetched_at DESC, id DESC LIMIT ?"""
        sql = sql.replace("AND fetched_at", "AND template IS NULL AND fetched_at") if whole else sql
        with in_plain_words(self.path):
            rows = self._db.execute(sql, [outlet, stamp(since) if since else "", least]).fetchall()
        rows.sort(key=lambda row: row[2])
        return [(file, offset) for file, offset, _ in rows] if len(rows) >= least else []

    def read_offsets(self, warc_file: str) -> frozenset[int]:
        """Return the offsets (bytes) of the captures of a WARC file that need not be read again."""
        with in_plain_words(self.path):
            sql = "SELECT warc_offset FROM captures WHERE warc_file = ? AND outcome != 'failure'"
            return frozenset(row[0] for row in self._db.execute(sql, [warc_file]))

    def is_read(self, warc_file: str, size: int) -> bool:
        """Say whether a WARC file of this size (bytes) was read whole and none of its captures failed."""
        sql = """SELECT bytes, captures FROM warcs WHERE file = ?
            AND file NOT IN (SELECT file FROM damages)"""  # somebody may have put a whole copy in its place
        with in_plain_words(self.path):
            row = self._db.execute(sql, [warc_file]).fetchone()
        return row is not None and row[0] == size and row[1] == len(self.read_offsets(warc_file))

    def note_warc(self, warc_file: str, *, size: int, captures: int, damages: Sequence[Damage] = ()) -> None:
        """Note that a WARC file was read as far as it can be: its size (bytes), its captures, what is damaged in it."""
        row = {"file": warc_file, "bytes": size, "captures": captures}
        with self._transaction():
            insert(self._db, "warcs", [row], replace=True)
            self._db.execute("DELETE FROM damages WHERE file = ?", [warc_file])
            insert(self._db, "damages", damage_rows(warc_file, damages))

    def note_part(self, note: PartNote) -> None:
        """Note in the ledger what another machine made of a WARC file."""
        with self._transaction():
            more = {"damages": dumps([asdict(one) for one in note.damages]), "noted": stamp(datetime.now(UTC))}
            insert(self._db, "parts", [asdict(note) | more], replace=True)

    def unreadable(self) -> list[tuple[str, str]]:
        """Return every damaged stretch of a WARC file: the file's name, and in words where and why."""
        sql = """SELECT file, 'from byte ' || start_offset || coalesce(' to ' || end_offset, ' to its end')
            || ': ' || reason FROM damages ORDER BY file, start_offset"""
        with in_plain_words(self.path):
            return list(self._db.execute(sql))

    def start_build(self, *, masks: bool = True) -> int:
        """Note that a build begins, which masks numbers of private persons or does not; return its number."""
        row = (stamp(datetime.now(UTC)), EXTRACTOR, SEGMENTER, json.dumps(library_versions()), "{}")
        sql = "INSERT INTO builds (started, extractor, segmenter, versions, counts) VALUES (?, ?, ?, ?, ?)"
        with self._transaction():
            note(self._db)
            self._set("extractor", EXTRACTOR)
            self._set("masks", "on" if masks else "off")
            return self._db.execute(sql, row).lastrowid or 0

    def finish_build(self, number: int, counts: Mapping[str, object], *, tidy: bool = False) -> None:
        """Bring what is counted over the whole archive up to date and note that a build is done.

        `tidy` packs the search index, which pays after everything was added anew.
        """
        with self._transaction():
            self._count()
            sql = "UPDATE builds SET finished = ?, counts = ? WHERE id = ?"
            self._db.execute(sql, [stamp(datetime.now(UTC)), json.dumps(counts), number])
            if tidy:
                self._db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
        with in_plain_words(self.path):
            self._db.execute("PRAGMA optimize")

    def _count(self) -> None:
        outlets = self._outlets()
        for count in LAST:
            count(self._db, outlets)

    def stale(self) -> Stale | None:
        """Return what in this archive other code than this has made; None where all is of this."""
        if self.setting("extractor") in (None, EXTRACTOR):
            return None
        with in_plain_words(self.path):
            return stale(self._db) or None

    def renew(self) -> Stale | None:
        """Forget what other code has read, so that it is read again, and derive anew what is derived; return what."""
        found = self.stale()
        if found:
            with self._transaction():
                renew(self._db, found)
        return found

    @property
    def masks(self) -> bool | None:
        """Say whether numbers of private persons are masked here; None where nothing was built yet."""
        return {"on": True, "off": False}.get(self.setting("masks") or "")

    def setting(self, name: str) -> str | None:
        """Return a fact about the archive itself."""
        with in_plain_words(self.path):
            row = self._db.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def copy_to(self, target: Path) -> None:
        """Put this archive's content in place of another's, at once: its readers see all of it or nothing."""
        with in_plain_words(target):
            other = sqlite3.connect(target, timeout=WAIT, isolation_level=None)
            try:
                self._db.backup(other)
            finally:
                other.close()

    def _set(self, name: str, value: str) -> None:
        insert(self._db, "settings", [{"name": name, "value": value}], replace=True)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with in_plain_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled back by itself
                    self._db.execute("ROLLBACK")
                raise


def _reading(outlet: Outlet | None) -> dict[str, object] | None:
    """Return the settings of an outlet that decide what is read from its pages."""
    return outlet.model_dump(exclude=set(IDLE_SETTINGS)) if outlet else None


def _owner(url: str, slugs: Iterable[str], outlets: Mapping[str, Outlet]) -> str | None:
    return next((slug for slug in slugs if outlets[slug].owns(url)), None)
