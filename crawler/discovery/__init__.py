"""Find the addresses of articles on what a source answers: feeds, sitemaps, column pages, e-paper editions."""
