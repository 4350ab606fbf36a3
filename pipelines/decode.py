"""Decide the charset of a capture and turn its bytes into text."""

from charset_normalizer import from_bytes

from crawler.capture import Capture
from crawler.outlet import Outlet
from pipelines.records import Page


def decode(capture: Capture, outlet: Outlet | None = None) -> Page:
    """Return the capture as text."""
    text = None
    charset = "utf-8"
    for charset in ("utf-8", "gb18030", "big5hkscs"):
        try:
            text = capture.body.decode(charset)
            break
        except UnicodeDecodeError:
            continue
    if text is None:
        text = str(from_bytes(capture.body).best() or "")
    media = "text/plain" if capture.mime == "text/plain" else "text/html"
    return Page(capture=capture, outlet=outlet, media=media, text=text, charset=charset)
