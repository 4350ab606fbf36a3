"""Say in a WARC file what made it: the program, its settings, the options of the run."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from crawler.settings import VERSION


def about(user_agent: str, options: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return what the warcinfo record says of this program, its settings, and the options of the run."""
    given = {"options": json.dumps(options, ensure_ascii=False, default=str)} if options else {}
    return {
        "software": f"Fangzhi/{VERSION}",
        "http-header-user-agent": user_agent,
        "robots": "obey",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": (
            "Heads of responses are as received; transfer encodings are undone and their header renamed to "
            "X-Fangzhi-Orig-Transfer-Encoding; content encodings are left on. Heads of requests are as composed. "
            "Certificates are not verified."
        ),
        "started": datetime.now(UTC).isoformat(),
        **given,
    }
