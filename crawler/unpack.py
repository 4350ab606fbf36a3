"""Undo content encodings for whoever reads an answer, bounded, and as the WARC reader does it: a downloader middleware.

Scrapy's own has no bound once its limit for downloads is off, and gives up on an answer whose header lies.
"""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler.encodings import undo_encodings

ACCEPTED = b"gzip, deflate, br, zstd"


class UnpackMiddleware:
    """Ask for packed answers and unpack them; what is larger than the limit once unpacked is cut and marked."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("FANGZHI_MAX_BODY"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault(b"Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        values = response.headers.getlist(b"Content-Encoding")
        if not values:
            return response
        headers = [("Content-Encoding", value.decode("latin-1")) for value in values]
        body, cut = undo_encodings(headers, response.body, limit=self.limit)
        if cut is not None:
            request.meta["truncated"] = request.meta.get("truncated") or cut
        return response.replace(body=body)
