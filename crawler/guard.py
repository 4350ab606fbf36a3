"""Resolve host names for the crawl, and refuse addresses that are not on the open internet unless an outlet says so.

A feed or a redirect could else make the crawl fetch from the machine or the network it runs in.
"""

from collections.abc import Collection, Mapping, Sequence
from ipaddress import ip_address
from socket import AddressFamily, getaddrinfo
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThread


class PrivateAddress(IgnoreRequest):
    """A request would go to an address that is not on the open internet; says to which."""


REFUSED: dict[str, str] = {}  # host names that led to such an address, with the address; for this process
PRIVATE: set[str] = set()  # hosts that may, because their outlet says so; likewise


def is_open(address: str) -> bool:
    """Say whether an IP address is on the open internet.

    >>> [is_open(one) for one in ("93.184.216.34", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    try:
        ip = ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


def is_named(host: str, names: Collection[str]) -> bool:
    """Say whether a host is among some names; one that begins with a dot stands for all below it.

    >>> [is_named(host, frozenset({"a.test", ".b.test"})) for host in ("a.test", "x.a.test", "x.b.test", "b.test")]
    [True, False, True, False]
    """
    return host in names or any(name.startswith(".") and host.endswith(name) for name in names)


class GuardedResolver(CachingThreadedResolver):
    """Resolve names, a few of them by a table; fail for names whose address is not open to this crawl."""

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.table: Mapping[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        assert isinstance(resolver, cls)  # noqa: S101  (for the type checker)
        resolver.table = crawler.settings.getdict("FANGZHI_RESOLVE")
        PRIVATE.update(crawler.settings.getlist("FANGZHI_PRIVATE_HOSTS"))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802  (Twisted's name)
        for suffix, address in self.table.items():
            if name == suffix or name.endswith(f".{suffix}"):
                return self._checked(address, name, succeed)
        answer: Deferred[str] = super().getHostByName(name, timeout)
        return answer.addErrback(lambda _: deferToThread(ipv6_of, name)).addCallback(self._checked, name)

    def _checked(self, address: str, name: str, wrap: Any = lambda value: value) -> Any:
        if is_named(name, PRIVATE) or is_open(address):
            return wrap(address)
        REFUSED[name] = address
        error = DNSLookupError(f"{name} leads to {address}, which is not on the open internet")
        if wrap is succeed:
            return fail(error)
        raise error


def ipv6_of(name: str) -> str:
    """Return an IPv6 address of a host that has none of version 4, and remember it; raise DNSLookupError for none."""
    try:
        address = str(getaddrinfo(name, None, AddressFamily.AF_INET6)[0][4][0])
    except OSError as error:
        raise DNSLookupError(f"{name}: {error}") from None
    dnscache[name] = address
    return address


class AddressGuard:
    """Refuse requests to bare IP addresses that are not open; those never pass the resolver."""

    def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return
        if not is_named(host, PRIVATE) and not is_open(host):
            raise PrivateAddress(f"{host} is not on the open internet")
