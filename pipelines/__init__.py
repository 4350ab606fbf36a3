"""Turn captures into articles: everything after the WARC file; no network here."""
