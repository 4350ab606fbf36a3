"""Name what went wrong with a fetch: exceptions and answers, each by one rule."""

import time
from email.utils import parsedate_to_datetime

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.internet.error import TimeoutError as TxTimeoutError

from crawler.address import name_of
from crawler.guard import REFUSED, PrivateAddress
from crawler.lease import Failure
from crawler.rhythm import Trouble
from crawler.robots import RobotsUnavailable


class RenderFailed(IgnoreRequest):
    """A browser could not make a page of what the server sent; says why."""


# the first row whose type fits decides
EXCEPTIONS: tuple[tuple[type[BaseException], Trouble], ...] = (
    (CannotResolveHostError, Trouble.DNS),
    (DownloadConnectionRefusedError, Trouble.CONNECT),
    (DownloadTimeoutError, Trouble.TIMEOUT),
    (TxTimeoutError, Trouble.TIMEOUT),
    (SSL.Error, Trouble.TLS),
    (ResponseDataLossError, Trouble.BROKEN),
    (DownloadFailedError, Trouble.BROKEN),
    (ConnectionDone, Trouble.BROKEN),
    (ConnectionLost, Trouble.BROKEN),
    (DownloadCancelledError, Trouble.BROKEN),
    (ConnectError, Trouble.CONNECT),
    (UnsupportedURLSchemeError, Trouble.CLIENT),
)
# why a request was not even made; where nothing else is said, robots.txt forbids it
REFUSALS: tuple[tuple[type[IgnoreRequest], Trouble], ...] = (
    (PrivateAddress, Trouble.PRIVATE),
    (RobotsUnavailable, Trouble.BUSY),
    (RenderFailed, Trouble.BROKEN),
)


def of_exception(error: BaseException, host: str) -> Failure | None:
    """Return what an exception of the downloader means for an address, or None where it is a fault of ours."""
    name = name_of(host)
    if isinstance(error, CannotResolveHostError) and name in REFUSED:
        return Failure(trouble=Trouble.PRIVATE, detail=f"{name} leads to {REFUSED[name]}")
    if isinstance(error, IgnoreRequest):
        refused = next((trouble for cause, trouble in REFUSALS if isinstance(error, cause)), Trouble.ROBOTS)
        return Failure(trouble=refused, detail=str(error), status=getattr(error, "status", None))
    for cause in _chain(error):
        if isinstance(cause, SSL.Error):
            return Failure(trouble=Trouble.TLS, detail=f"{type(cause).__name__}: {cause}")
    for kind, trouble in EXCEPTIONS:
        if isinstance(error, kind):
            return Failure(trouble=trouble, detail=f"{type(error).__name__}: {error}")
    return None


def of_status(status: int, retry_after: str | None = None) -> Failure | None:
    """Return what a status means where it is a failure, or None.

    >>> of_status(404).trouble, of_status(503, "120").asked, of_status(200)
    (<Trouble.GONE: 'gone'>, 120.0, None)
    """
    if status < 400 and status not in (0, 204, 205):
        return None
    if status in (404, 410):
        trouble = Trouble.GONE
    elif status in (429, 503):
        trouble = Trouble.BUSY
    elif 400 <= status < 500:
        trouble = Trouble.CLIENT
    elif status >= 500:
        trouble = Trouble.SERVER
    else:
        return Failure(trouble=Trouble.BROKEN, detail=f"status {status}, without a page", status=status)
    return Failure(trouble=trouble, detail=f"status {status}", status=status, asked=_seconds(retry_after))


def _seconds(retry_after: str | None) -> float | None:
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and len(chain) < 10:
        chain.append(error)
        chain.extend(reason.value for reason in getattr(error, "reasons", None) or ())
        error = error.__cause__
    return chain
