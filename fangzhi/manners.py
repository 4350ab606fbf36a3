"""Refuse to knock at a stranger's door without a name."""

import click

LOOPBACK = {"localhost": "127.0.0.1"}  # the demonstration's hosts, which no name server knows


def needs_contact(contact: str | None, *, private: bool) -> None:
    """Raise UsageError where the open web is to be asked and nobody says how a webmaster reaches the operator."""
    if contact is None and not private:
        raise click.UsageError("--contact is needed on the open web: how webmasters reach you, e.g. an e-mail address")
