"""Say what a browser may do with our pages: one policy for ours, one for Datasette's own, one for raw captures."""

import base64
import hashlib
import re

from jinja2 import BaseLoader, Environment, TemplateNotFound

OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

# A capture is shown without an origin of its own: no script, no form, nothing fetched; its own inline styles alone.
REPLAY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)

# Every answer carries these, whoever made it.
EVERYWHERE = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "SAMEORIGIN"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)

_INLINE = (
    "default:_close_open_menus.html",
    "default:_codemirror_foot.html",
)  # Datasette's templates with inline scripts
_ALLOW_FACET = tuple(
    f"DATASETTE_ALLOW_FACET = {value};" for value in ("true", "false")
)  # and the line in its table.html


def datasette_policy(env: Environment) -> str:
    """Return the policy of Datasette's own pages: its inline scripts are allowed by their digests, no others."""
    scripts = [*_ALLOW_FACET, *(script for name in _INLINE for script in _inline_scripts(env, name))]
    digests = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return OURS.replace("script-src 'self'", f"script-src 'self' {digests}").replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )


def _inline_scripts(env: Environment, name: str) -> list[str]:
    loader: BaseLoader | None = env.loader
    if loader is None:
        return []
    try:
        source, _, _ = loader.get_source(env, name)
    except TemplateNotFound:
        return []
    return re.findall(r"<script>(.*?)</script>", source, re.DOTALL)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
