"""Build the archive's schema step by step; each step is recorded in the archive and never edited afterwards."""

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from pipelines.foundation import INDEX, INDEXES, TABLES, VERSION_TEXTS

SCHEMA = Migrations("fangzhi")

INDEX_MEMORY = (
    64 * 2**20
)  # bytes of terms gathered before they are written; the default, 1 MB, builds at a sixth of the pace


@SCHEMA()
def found_the_archive(db: Database) -> None:
    """Make the tables, their indexes, the view of versions and the search index."""
    for statement in (*TABLES, *INDEXES, VERSION_TEXTS, INDEX):
        db.execute(statement)
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', ?)", [INDEX_MEMORY])


@SCHEMA()
def say_what_is_usual(db: Database) -> None:
    """Let a day's coverage tell what is usual of such a day, and why it is a gap."""
    db.execute("ALTER TABLE coverage ADD COLUMN usual INTEGER")
    db.execute("ALTER TABLE coverage ADD COLUMN gap TEXT")


# what the files of an article say stands in a column of its own: a hit there counts less, and can be told
SEARCH = INDEX.replace("title, text,", "title, text, attachments,")
ATTACHMENTS = (
    """CREATE TABLE attachments (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,
        page TEXT NOT NULL, PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE files (
        page TEXT PRIMARY KEY, url TEXT NOT NULL, capture TEXT NOT NULL REFERENCES captures(id),
        fetched_at TEXT NOT NULL, format TEXT NOT NULL, pages INTEGER, chars INTEGER NOT NULL, cut TEXT,
        repairs TEXT NOT NULL, text TEXT NOT NULL
    )""",
    "CREATE INDEX attachments_page ON attachments(page)",
    """CREATE VIEW attachment_texts AS
        SELECT a.article, a.n, a.name, a.url, a.page, f.capture, f.format, f.pages, f.chars, f.cut,
            CASE WHEN f.page IS NULL THEN (SELECT coalesce(s.reason, c.outcome) || coalesce(': ' || s.detail, '')
                FROM captures c LEFT JOIN skips s ON s.capture = c.id WHERE c.page = a.page
                ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1) END AS unread, f.text
        FROM attachments a LEFT JOIN files f ON f.page = a.page""",
)


@SCHEMA()
def keep_attachments(db: Database) -> None:
    """Make the tables of files and of links to them, and a search index that holds what the files say."""
    for statement in ATTACHMENTS:
        db.execute(statement)
    db.execute("ALTER TABLE documents DROP COLUMN attachments")
    db.execute("DROP TABLE articles_fts")
    db.execute(SEARCH)
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', ?)", [INDEX_MEMORY])
    db.execute("DELETE FROM settings WHERE name = 'segmenter'")  # whoever opens the archive fills the index anew


@SCHEMA()
def keep_damages(db: Database) -> None:
    """Give every damaged stretch of a WARC file a row, in place of one word for the file."""
    db.execute(
        """CREATE TABLE damages (
            file TEXT NOT NULL REFERENCES warcs(file), start_offset INTEGER NOT NULL, end_offset INTEGER,
            reason TEXT NOT NULL, PRIMARY KEY (file, start_offset)
        )"""
    )
    db.execute("INSERT INTO damages SELECT file, 0, NULL, error FROM warcs WHERE error IS NOT NULL")
    db.execute("ALTER TABLE warcs DROP COLUMN error")


ADDRESSES = (
    "ALTER TABLE captures ADD COLUMN address TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE captures ADD COLUMN leads_to TEXT",
    "ALTER TABLE versions ADD COLUMN changed REAL",
    "ALTER TABLE reprints ADD COLUMN taken_from TEXT REFERENCES articles(id)",
    """CREATE TABLE aliases (
        id TEXT NOT NULL, article TEXT NOT NULL REFERENCES articles(id), url TEXT NOT NULL, how TEXT NOT NULL,
        since TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (id, article, how)
    )""",
    """CREATE TABLE edits (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (article, n, place)
    )""",
    """CREATE TABLE absences (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, last_seen TEXT NOT NULL,
        missing_at TEXT NOT NULL, last_missing TEXT NOT NULL, looks INTEGER NOT NULL, gone_at TEXT, back_at TEXT,
        capture TEXT NOT NULL REFERENCES captures(id), PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE upheavals (
        outlet TEXT NOT NULL REFERENCES outlets(id), since TEXT NOT NULL, until TEXT NOT NULL,
        missing INTEGER NOT NULL, held INTEGER NOT NULL, PRIMARY KEY (outlet, since)
    )""",
    "CREATE TABLE sources (name TEXT PRIMARY KEY, outlet TEXT REFERENCES outlets(id))",
    """CREATE TABLE conduct (
        site TEXT PRIMARY KEY, kind TEXT, acts_as TEXT, why TEXT NOT NULL, articles INTEGER NOT NULL,
        copies INTEGER NOT NULL, renamed INTEGER NOT NULL, damaged INTEGER NOT NULL, hijacked INTEGER NOT NULL
    )""",
    """CREATE VIEW wanted AS
        SELECT s.name, s.outlet, count(DISTINCT coalesce(a.cluster, a.id)) AS texts, count(*) AS copies,
            min(a.id) AS sample
        FROM sources s JOIN articles a ON a.source = s.name
        WHERE s.outlet IS NULL OR (s.outlet IS NOT a.outlet AND NOT EXISTS (
            SELECT 1 FROM articles b WHERE b.cluster = a.cluster AND b.outlet = s.outlet))
        GROUP BY s.name, s.outlet""",
    "DROP VIEW version_texts",
    VERSION_TEXTS.replace("v.capture,", "v.capture, v.changed,"),
    "CREATE INDEX captures_leads_to ON captures(leads_to) WHERE leads_to IS NOT NULL",
    "CREATE INDEX aliases_article ON aliases(article)",
    "CREATE INDEX edits_kind ON edits(kind, article)",
    "CREATE INDEX absences_gone ON absences(gone_at, article) WHERE gone_at IS NOT NULL",
    "CREATE INDEX absences_back ON absences(back_at, article) WHERE back_at IS NOT NULL",
)


@SCHEMA()
def keep_addresses_and_edits(db: Database) -> None:
    """Make room for aliases, the kinds of edits, absences, the outlets that copies name, and what outlets do."""
    for statement in ADDRESSES:
        db.execute(statement)


# what pages count and list over the whole archive, they read from these alone: a million articles lie in gigabytes
COUNTED = (
    "DROP INDEX articles_region",
    "CREATE INDEX articles_region ON articles(region, key)",
    "DROP INDEX articles_status",
    "CREATE INDEX articles_status ON articles(status, outlet)",
    "CREATE INDEX articles_found ON articles(key, id, cluster, day, outlet, region)",
    "DROP INDEX captures_outcome",
    "CREATE INDEX captures_outcome ON captures(outcome, outlet, fetched_at)",
    "CREATE INDEX captures_mime ON captures(mime)",
    "CREATE INDEX articles_authors ON articles(authors)",
    "CREATE INDEX articles_repaired ON articles(outlet, repairs) WHERE repairs > 0",
    "CREATE INDEX repairs_certain ON repairs(certain, part)",
)


@SCHEMA()
def index_what_pages_count(db: Database) -> None:
    """Let lists, facets and totals be read from indexes."""
    for statement in COUNTED:
        db.execute(statement)


@SCHEMA()
def box_of_documents(db: Database) -> None:
    """Keep the 发布日期 and the 主题分类 of a government document."""
    db.execute("ALTER TABLE documents ADD COLUMN released TEXT")
    db.execute("ALTER TABLE documents ADD COLUMN topic TEXT")


@SCHEMA()
def withdrawals(db: Database) -> None:
    """Tell which articles are withdrawn, and nothing else of them."""
    db.execute("CREATE TABLE withdrawals (article TEXT PRIMARY KEY, level TEXT NOT NULL, at TEXT NOT NULL, until TEXT)")
    db.execute("CREATE INDEX withdrawals_at ON withdrawals(at, article)")


@SCHEMA()
def keep_a_ledger(db: Database) -> None:
    """Note what other machines made of each WARC file."""
    db.execute("""CREATE TABLE parts (
        warc_file TEXT PRIMARY KEY, state TEXT NOT NULL, noted TEXT NOT NULL, extractor TEXT NOT NULL,
        captures INTEGER NOT NULL, outcomes INTEGER NOT NULL, sha256 TEXT, worker TEXT, note TEXT, torn TEXT,
        damages TEXT NOT NULL
    )""")


@SCHEMA()
def tell_rendered_captures(db: Database) -> None:
    """Let a capture say that a browser made it."""
    db.execute("ALTER TABLE captures ADD COLUMN rendered INTEGER NOT NULL DEFAULT 0")


@SCHEMA()
def masks(db: Database) -> None:
    """Tell in which captures numbers of private persons were masked."""
    db.execute(
        """CREATE TABLE masks (
            capture TEXT NOT NULL REFERENCES captures(id), rule TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (capture, rule)
        )"""
    )


@SCHEMA()
def index_flags(db: Database) -> None:
    """Find the few articles with flags without a look at the others."""
    db.execute("CREATE INDEX articles_flags ON articles(flags) WHERE flags != '[]'")


@SCHEMA()
def keep_imports(db: Database) -> None:
    """Tell where what was not crawled came from."""
    db.execute(
        """CREATE TABLE imports (
            n INTEGER PRIMARY KEY, file TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
            software TEXT NOT NULL, imported_at TEXT NOT NULL, command TEXT NOT NULL, warc_file TEXT NOT NULL,
            url TEXT NOT NULL
        )"""
    )
    db.execute("CREATE INDEX imports_warc ON imports(warc_file)")


# the index marks every entry of a column but the first, in two bytes; most entries are words of the text
SEARCH_TEXT_FIRST = SEARCH.replace("title, text,", "text, title,")


@SCHEMA()
def search_text_first(db: Database) -> None:
    """Make the search index a quarter smaller by the order of its columns."""
    db.execute("DROP TABLE articles_fts")
    db.execute(SEARCH_TEXT_FIRST)
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', ?)", [INDEX_MEMORY])
    db.execute("DELETE FROM settings WHERE name = 'segmenter'")  # whoever opens the archive fills the index anew


PAGES = (
    "ALTER TABLE captures ADD COLUMN part INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE captures ADD COLUMN further TEXT",
    "ALTER TABLE captures ADD COLUMN own TEXT",
    """CREATE TABLE pages (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, url TEXT, page TEXT,
        capture TEXT REFERENCES captures(id), start INTEGER, chars INTEGER, PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE page_readings (
        article TEXT NOT NULL REFERENCES articles(id), part INTEGER NOT NULL, content TEXT NOT NULL, title TEXT,
        text TEXT NOT NULL, reading TEXT, PRIMARY KEY (article, part, content)
    )""",
)


@SCHEMA()
def join_pages(db: Database) -> None:
    """Make room for the pages of articles over several, and for what each of them said."""
    for statement in PAGES:
        db.execute(statement)


@SCHEMA()
def keep_origins(db: Database) -> None:
    """Keep the links by which pages say where their text was taken from."""
    db.execute(
        """CREATE TABLE origins (
            article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, rule TEXT NOT NULL, url TEXT,
            address TEXT NOT NULL, PRIMARY KEY (article, n)
        )"""
    )
    db.execute("CREATE INDEX origins_address ON origins(address)")


@SCHEMA()
def tell_who_asked(db: Database) -> None:
    """Tie what the scripts of a page asked for to that page."""
    db.execute("ALTER TABLE captures ADD COLUMN asked_by TEXT")
    db.execute("CREATE INDEX captures_asked_by ON captures(asked_by) WHERE asked_by IS NOT NULL")


@SCHEMA()
def tier_sketches(db: Database) -> None:
    """Let new sketches go to small tables first."""
    for table in ("sketches_newest", "sketches_recent"):
        db.execute(
            f"""CREATE TABLE {table} (
                number INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (number, article)
            ) WITHOUT ROWID"""
        )


WANTED = (
    """CREATE TABLE lacking (
        name TEXT PRIMARY KEY, outlet TEXT REFERENCES outlets(id), texts INTEGER NOT NULL, copies INTEGER NOT NULL,
        sample TEXT NOT NULL
    )""",
    "INSERT INTO lacking SELECT name, outlet, texts, copies, sample FROM wanted",
    "DROP VIEW wanted",
    "ALTER TABLE lacking RENAME TO wanted",
    "CREATE INDEX wanted_copies ON wanted(copies)",
)


@SCHEMA()
def count_what_is_wanted(db: Database) -> None:
    """Keep what a view counted: over a million articles that takes longer than a reader waits."""
    for statement in WANTED:
        db.execute(statement)


@SCHEMA()
def keep_templates(db: Database) -> None:
    """Tell what was learnt of the pages of each outlet, and which page was read by it."""
    db.execute("ALTER TABLE captures ADD COLUMN template TEXT")
    db.execute(
        """CREATE TABLE templates (
            outlet TEXT NOT NULL REFERENCES outlets(id), id TEXT NOT NULL, container TEXT NOT NULL, way TEXT NOT NULL,
            furniture TEXT NOT NULL, blocks INTEGER NOT NULL, pages INTEGER NOT NULL, since TEXT NOT NULL, until TEXT,
            extractor TEXT NOT NULL, PRIMARY KEY (outlet, id)
        )"""
    )
    db.execute(
        """CREATE INDEX captures_read_whole ON captures(outlet, fetched_at)
            WHERE outcome = 'article' AND template IS NULL"""
    )


@SCHEMA()
def tell_where_originals_are(db: Database) -> None:
    """Let what is wanted tell an address at which copies say that it is."""
    db.execute("ALTER TABLE wanted ADD COLUMN original TEXT")


# every step that this release knows, in order
STEPS = (
    found_the_archive.__name__,
    say_what_is_usual.__name__,
    keep_attachments.__name__,
    keep_damages.__name__,
    keep_addresses_and_edits.__name__,
    index_what_pages_count.__name__,
    box_of_documents.__name__,
    withdrawals.__name__,
    keep_a_ledger.__name__,
    tell_rendered_captures.__name__,
    masks.__name__,
    index_flags.__name__,
    keep_imports.__name__,
    search_text_first.__name__,
    join_pages.__name__,
    keep_origins.__name__,
    tell_who_asked.__name__,
    tier_sketches.__name__,
    count_what_is_wanted.__name__,
    keep_templates.__name__,
    tell_where_originals_are.__name__,
)


def found(db: sqlite3.Connection) -> None:
    """Take every step that a database has not taken yet."""
    SCHEMA.apply(Database(db))
