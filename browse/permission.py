"""Ask Datasette whether a reader may see the archive, as it asks for its own tables."""

from datasette.utils.asgi import Request

from browse.archive import Archive
from browse.host import Datasette


async def ensure_readable(datasette: Datasette, request: Request, archive: Archive) -> None:
    """Raise Forbidden where the reader may not see the database (`allow` in the metadata, or a plugin's rule)."""
    if hasattr(datasette, "ensure_permissions"):
        await datasette.ensure_permissions(request.actor, [("view-database", archive.name), "view-instance"])
        return
    from datasette.resources import DatabaseResource  # noqa: PLC0415  (Datasette 1.0 alone has it)

    resource = DatabaseResource(database=archive.name)
    await datasette.ensure_permission(action="view-database", resource=resource, actor=request.actor)
