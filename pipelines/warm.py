"""Load what reading needs, once, in the process from which all workers are forked: imported for its effect alone.

Dictionaries are loaded where a page first asks for them. One small page asks for most of them here, so that no worker
does: about a second of every one of them otherwise.
"""

import gc
from datetime import UTC, datetime

from crawler.capture import Capture
from pipelines.flow import Reader

# a name in both scripts, a place, a date, and lines that break inside words
_LINES = (
    "云溪县人民政府昨日召开会议，部署春季造林绿化工",
    "作，要求各乡镇抓住有利时机，确保苗木成活，并对道",
    "路两旁的林带进行补植，力争三月底前完成全部任务，省林业厅有关负责人出席會議。",
)
_PAGE = f"<title>造林</title><h1>造林</h1><p>2020-03-01 08:00 来源：河南日报</p><p>{'<br>'.join(_LINES)}</p>"

Reader({}).outcome(
    Capture(
        url="http://warm.example/", fetched_at=datetime(2020, 3, 2, tzinfo=UTC), status=200,
        headers=(("Content-Type", "text/html"),), body=_PAGE.encode("gb18030"), sha256="", warc_file="", warc_offset=0,
    )
)  # fmt: skip
gc.freeze()  # what is loaded by now stays: the collector of no worker looks at it again
