"""Say what was edited between two versions of an article: which words, of which kind, how much of it."""

from pipelines.edits.classes import Content, Edit, Edits, Kind, edits_between

__all__ = ["Content", "Edit", "Edits", "Kind", "edits_between"]
