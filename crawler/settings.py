"""Scrapy's settings for this project: only what departs from its defaults, each with its reason."""

from importlib.metadata import version

from crawler.encodings import MAX_BODY

VERSION = version("fangzhi")

BOT_NAME = "fangzhi"
SPIDER_MODULES = ["crawler.spider"]

# who we are; crawl() puts the operator's address in place of the last part
USER_AGENT = f"Fangzhi/{VERSION} (archive of regional news)"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,zh-TW;q=0.8,en;q=0.3",
}

ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "crawler.robots.RobotsLines"  # it can say which line decided

# the delay belongs to the host and is kept by crawler/pace.py, which leases an address only when it may be fetched
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
CONCURRENT_ITEMS = 1  # no items here, and Scrapy starts so many tasks for every response: 100 cost 1 ms a page

DOWNLOAD_TIMEOUT = 60
# the limit is kept by crawler/keep.py, which stores what came, marked as truncated; Scrapy would throw it away
DOWNLOAD_MAXSIZE = 0
DOWNLOAD_WARNSIZE = 0
FANGZHI_MAX_BODY = MAX_BODY
DOWNLOAD_FAIL_ON_DATALOSS = False  # likewise: kept, marked as broken off, tried again

# the frontier in crawl.db decides on these, and remembers them
RETRY_ENABLED = False
METAREFRESH_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
REDIRECT_MAX_TIMES = 5  # of robots.txt; redirects of pages are rows of the frontier

COOKIES_ENABLED = False  # each page is asked for as by a stranger: that is what the public sees
REFERER_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # it runs code in the crawl
COMPRESSION_ENABLED = False  # see crawler/unpack.py
STATS_DUMP = False
LOG_LEVEL = "INFO"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
# HTTP alone: an address of another scheme would read from this machine
DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.WireHandler",
    "https": "crawler.wire.WireHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
EXTENSIONS = dict.fromkeys(
    (
        "scrapy.extensions.feedexport.FeedExporter",
        "scrapy.extensions.remote_control.RemoteControl",
        "scrapy.extensions.telnet.TelnetConsole",
        "scrapy.extensions.spiderstate.SpiderState",
        "scrapy.extensions.throttle.AutoThrottle",  # crawler/pace.py adapts the delay
    )
)
DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.AddressGuard": 90,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.RobotsMiddleware": 100,  # in its place
    "crawler.render.RenderMiddleware": 580,
    "crawler.unpack.UnpackMiddleware": 590,
    "crawler.keep.KeepMiddleware": 990,  # next to the wire, below everything that changes a response
}

# where a plain `scrapy crawl outlet -a name=NAME` keeps things; crawl() sets its own
FANGZHI_CAPTURES = "captures"
FANGZHI_CRAWL_DB = "crawl.db"
FANGZHI_RESOLVE: dict[str, str] = {}
FANGZHI_PRIVATE_HOSTS: list[str] = []
