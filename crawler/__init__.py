"""Fetch pages and keep them: everything that touches the network, up to the WARC file."""
