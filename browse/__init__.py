"""Show the archive to people: the Datasette plugin, its templates and its static files."""
