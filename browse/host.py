"""Name the application that hosts us without importing it.

Datasette loads installed plugins while it is itself being imported: until then nothing of ours may import
`datasette.app`, `datasette.views`, `datasette.filters` or `datasette.plugins`. What needs one of them imports it when
called.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette
else:
    Datasette = Any

__all__ = ["Datasette"]
