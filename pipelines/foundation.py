"""Hold the statements of the first step of the schema, on which all later ones stand; never edited afterwards."""

# what is long stands last: SQLite then counts and groups by the short columns without touching the pages of the text
TABLES = (
    """CREATE TABLE regions (
        code TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL, parent TEXT REFERENCES regions(code),
        lat REAL, lon REAL, until INTEGER, former TEXT NOT NULL
    )""",
    """CREATE TABLE outlets (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, home TEXT NOT NULL, kind TEXT NOT NULL,
        region TEXT REFERENCES regions(code), aliases TEXT NOT NULL, script TEXT NOT NULL, timezone TEXT NOT NULL,
        checked INTEGER NOT NULL, note TEXT NOT NULL, settings TEXT NOT NULL
    )""",
    """CREATE TABLE captures (
        id TEXT PRIMARY KEY, url TEXT NOT NULL, page TEXT NOT NULL, outlet TEXT REFERENCES outlets(id),
        fetched_at TEXT NOT NULL, status INTEGER NOT NULL, mime TEXT NOT NULL, charset TEXT, charset_evidence TEXT,
        bad_bytes INTEGER, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, warc_file TEXT NOT NULL,
        warc_offset INTEGER NOT NULL, truncated TEXT, fetched_as TEXT, outcome TEXT NOT NULL,
        article TEXT REFERENCES articles(id), content TEXT, extractor TEXT NOT NULL
    )""",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, key INTEGER NOT NULL UNIQUE, url TEXT NOT NULL, outlet TEXT REFERENCES outlets(id),
        title TEXT, published_at TEXT, published_local TEXT, day TEXT, date_precision TEXT, source TEXT,
        authors TEXT NOT NULL, editors TEXT NOT NULL, section TEXT, keywords TEXT NOT NULL, script TEXT NOT NULL,
        chars INTEGER NOT NULL, region TEXT REFERENCES regions(code), first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL, status TEXT NOT NULL, gone_at TEXT, cluster TEXT, flags TEXT NOT NULL,
        repairs INTEGER NOT NULL, fingerprint TEXT NOT NULL, capture TEXT NOT NULL REFERENCES captures(id),
        extractor TEXT NOT NULL, lead TEXT, captions TEXT NOT NULL, evidence TEXT NOT NULL, text TEXT NOT NULL
    )""",
    """CREATE TABLE versions (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, seen_at TEXT NOT NULL,
        last_seen TEXT NOT NULL, sha256 TEXT NOT NULL, capture TEXT NOT NULL REFERENCES captures(id), title TEXT,
        text TEXT, PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE repairs (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, part TEXT NOT NULL, rule TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, count INTEGER NOT NULL, offsets TEXT NOT NULL,
        certain INTEGER NOT NULL, PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE places (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL,
        region TEXT NOT NULL REFERENCES regions(code), score REAL NOT NULL, evidence TEXT NOT NULL,
        PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE trimmed (
        article TEXT NOT NULL REFERENCES articles(id), n INTEGER NOT NULL, rule TEXT NOT NULL, line TEXT NOT NULL,
        PRIMARY KEY (article, n)
    )""",
    """CREATE TABLE documents (
        article TEXT PRIMARY KEY REFERENCES articles(id), number TEXT, index_number TEXT, issuer TEXT, dated TEXT,
        validity TEXT, attachments TEXT NOT NULL
    )""",
    """CREATE TABLE skips (
        capture TEXT PRIMARY KEY REFERENCES captures(id), stage TEXT NOT NULL, reason TEXT NOT NULL,
        detail TEXT NOT NULL
    )""",
    """CREATE TABLE failures (
        capture TEXT PRIMARY KEY REFERENCES captures(id), stage TEXT NOT NULL, error TEXT NOT NULL,
        traceback TEXT NOT NULL
    )""",
    """CREATE TABLE reprints (
        cluster TEXT NOT NULL, article TEXT PRIMARY KEY REFERENCES articles(id), similarity REAL NOT NULL,
        is_original INTEGER NOT NULL, evidence TEXT NOT NULL
    )""",
    """CREATE TABLE sketches (
        number INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (number, article)
    ) WITHOUT ROWID""",
    """CREATE TABLE links (
        article INTEGER NOT NULL, other INTEGER NOT NULL, similarity REAL NOT NULL, PRIMARY KEY (article, other)
    ) WITHOUT ROWID""",
    """CREATE TABLE coverage (
        outlet TEXT NOT NULL REFERENCES outlets(id), day TEXT NOT NULL, expected INTEGER NOT NULL,
        obtained INTEGER NOT NULL, PRIMARY KEY (outlet, day)
    )""",
    """CREATE TABLE warcs (
        file TEXT PRIMARY KEY, bytes INTEGER NOT NULL, captures INTEGER NOT NULL, error TEXT
    )""",
    """CREATE TABLE builds (
        id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, extractor TEXT NOT NULL, segmenter TEXT NOT NULL,
        versions TEXT NOT NULL, counts TEXT NOT NULL
    )""",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

INDEXES = (
    "CREATE INDEX captures_page ON captures(page)",
    "CREATE INDEX captures_article ON captures(article)",
    "CREATE INDEX captures_outlet ON captures(outlet, fetched_at)",
    "CREATE INDEX captures_file ON captures(warc_file, warc_offset)",
    "CREATE INDEX captures_outcome ON captures(outcome)",
    "CREATE INDEX articles_outlet ON articles(outlet, day)",
    "CREATE INDEX articles_day ON articles(day)",
    "CREATE INDEX articles_region ON articles(region)",
    "CREATE INDEX articles_source ON articles(source)",
    "CREATE INDEX articles_script ON articles(script)",
    "CREATE INDEX articles_status ON articles(status)",
    "CREATE INDEX articles_cluster ON articles(cluster) WHERE cluster IS NOT NULL",
    "CREATE INDEX articles_seen ON articles(first_seen, id)",  # these three serve the stream of changes
    "CREATE INDEX articles_gone ON articles(gone_at, id) WHERE gone_at IS NOT NULL",
    "CREATE INDEX versions_seen ON versions(seen_at, article) WHERE n > 1",
    "CREATE INDEX articles_fingerprint ON articles(fingerprint) WHERE fingerprint != ''",
    "CREATE INDEX places_region ON places(region)",
    "CREATE INDEX reprints_cluster ON reprints(cluster)",
    "CREATE INDEX repairs_rule ON repairs(rule)",
    "CREATE INDEX trimmed_rule ON trimmed(rule)",
    "CREATE INDEX skips_reason ON skips(reason)",
)

VERSION_TEXTS = """CREATE VIEW version_texts AS
    SELECT v.article, v.n, v.seen_at, v.last_seen, v.sha256, v.capture,
        CASE WHEN v.text IS NULL THEN a.title ELSE v.title END AS title, coalesce(v.text, a.text) AS text
    FROM versions v JOIN articles a ON a.id = v.article"""

# the comment makes Datasette and sqlite-utils see that this contentless index belongs to articles
INDEX = """CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, text, content='', tokenize='unicode61 remove_diacritics 0' /* content="articles" */
)"""
