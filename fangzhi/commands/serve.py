"""`fangzhi serve`: Datasette on the archive, configured."""

import errno
import importlib
import os
import socket
from pathlib import Path

import click

from fangzhi.errors import PortTaken
from fangzhi.paths import ARCHIVE, METADATA
from pipelines.opened import opened

CAPTURES_FROM = "FANGZHI_CAPTURES"
# why a port cannot be listened on → its words, and what to do
CAUSES = {
    errno.EADDRINUSE: ("is taken", "stop the program that holds it, or use"),
    errno.EACCES: ("is for the system alone", "use one above 1023 with"),
}


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="""\b
Examples:
  fangzhi serve
  fangzhi serve --port 8080 --setting sql_time_limit_ms 5000
  fangzhi serve --archive /srv/fangzhi/archive.db --captures /srv/fangzhi/captures --host 0.0.0.0
""",
)
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=True, help="The archive.")
@click.option(
    "--captures", type=click.Path(path_type=Path), help="Folder of the WARC files (default: captures beside it)."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port to listen on.")
@click.argument("datasette", nargs=-1, type=click.UNPROCESSED)
def serve(archive: Path, captures: Path | None, host: str, port: int, datasette: tuple[str, ...]) -> None:
    """Serve the archive in Datasette, read-only; every option that Datasette knows may follow."""
    with opened(archive):
        pass  # says what is wrong with it before anything listens
    if captures is not None and not captures.is_dir():
        raise click.BadParameter(f"{captures}: no such folder; leave --captures out to serve what was read alone")
    run_datasette(archive, captures=captures, host=host, port=port, extra=datasette)


def run_datasette(
    archive: Path, *, host: str, port: int, captures: Path | None = None, extra: tuple[str, ...] = ()
) -> None:
    """Serve until interrupted; raise OSError before anything starts where the port is taken."""
    probe_port(host, port)
    if captures is not None:
        os.environ[CAPTURES_FROM] = str(captures.resolve())  # the plugin's setting names this variable
    # imported here: both take a second, and only this command needs them
    serve_args = importlib.import_module("browse.serve").serve_args
    datasette_cli = importlib.import_module("datasette.cli").cli
    click.echo(f"Fangzhi: http://{host}:{port}/  (Ctrl-C ends it)", err=True)
    datasette_cli.main(serve_args(archive, METADATA, host, port, extra), standalone_mode=False)


def probe_port(host: str, port: int, option: str = "--port") -> None:
    """Raise PortTaken, which names the port and the option to choose another, where it cannot be listened on."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise PortTaken(f"{host} is no address of this machine: use --host 127.0.0.1, or 0.0.0.0 for all") from None
        why, mend = CAUSES.get(error.errno or 0, (f"cannot be listened on ({error.strerror})", "choose another with"))
        raise PortTaken(f"port {port} of {host} {why}: {mend} {option}") from None
