"""Print figures as Prometheus reads them, for node_exporter's folder of text files or any collector of that form.

Text exposition format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fangzhi.status.alerts import GAP_DAYS, alerts
from fangzhi.status.records import OutletStatus, Overview

Samples = Iterator[tuple[dict[str, str], float]]


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge of every outlet: its name, what it says, and how it is had from an outlet and the time (UTC)."""

    name: str
    says: str
    samples: Callable[[OutletStatus, datetime], Samples]


def metrics(found: Overview, now: datetime) -> str:
    """Return every figure as a gauge; `now` in UTC. A time that never was has no sample."""
    lines = [*_of_the_crawl(found, now)]
    for metric in METRICS:
        lines += _head(metric.name, metric.says)
        for one in found.outlets:
            for labels, value in metric.samples(one, now):
                lines.append(_line(metric.name, {"outlet": one.outlet or "", **labels}, value))
    return "\n".join(lines) + "\n"


def _of_the_crawl(found: Overview, now: datetime) -> Iterator[str]:
    yield from _head("crawl_running", "1 while a crawl runs.")
    yield _line("crawl_running", {}, found.running)
    yield from _head("crawl_last_timestamp_seconds", "When the last crawl ended, or began where it has not ended.")
    for run in found.runs[:1]:
        yield _line("crawl_last_timestamp_seconds", {}, _seconds(run["ended"] or run["started"]))
    yield from _head("alerts", "Things that fangzhi status --check names, by rule.")
    rules = [alert.rule for alert in alerts(found, now)]
    for rule in sorted(set(rules)):
        yield _line("alerts", {"rule": rule}, rules.count(rule))


def _figure(name: str) -> Callable[[OutletStatus, datetime], Samples]:
    return lambda one, now: iter([({}, getattr(one, name))])  # noqa: ARG005  (all rows of METRICS are called alike)


def _moment(name: str) -> Callable[[OutletStatus, datetime], Samples]:
    def samples(one: OutletStatus, now: datetime) -> Samples:
        del now
        if (moment := getattr(one, name)) is not None:
            yield {}, _seconds(moment)

    return samples


def _counted(name: str, label: str) -> Callable[[OutletStatus, datetime], Samples]:
    return lambda one, now: (({label: key}, value) for key, value in sorted(getattr(one, name).items()))  # noqa: ARG005


def _recent_gaps(one: OutletStatus, now: datetime) -> Samples:
    since = (now - timedelta(days=GAP_DAYS)).date().isoformat()
    yield {}, sum(day.day >= since for day in one.gaps)


def _quarantined(one: OutletStatus, now: datetime) -> Samples:
    del now
    yield {}, len(one.quarantine)


def _failures(one: OutletStatus, now: datetime) -> Samples:
    del now
    for source in one.sources:
        yield {"type": source["type"], "url": source["url"]}, source["failures"]


METRICS = (
    Metric("outlet_last_success_timestamp_seconds", "When anything was last fetched.", _moment("last_success")),
    Metric("outlet_last_new_timestamp_seconds", "When an article last was new or changed.", _moment("last_new")),
    Metric("outlet_captured", "Articles and attachments fetched.", _figure("captured")),
    Metric("outlet_articles", "Articles in the archive.", _figure("articles")),
    Metric("outlet_articles_changed", "Articles that were edited since first seen.", _figure("changed")),
    Metric("outlet_articles_gone", "Articles gone from their address.", _figure("gone")),
    Metric("outlet_queued", "Addresses that wait for their first fetch.", _figure("queued")),
    Metric("outlet_quarantined", "Addresses given up.", _quarantined),
    Metric("outlet_troubles", "Addresses whose last fetch failed, by class.", _counted("troubles", "trouble")),
    Metric("outlet_skips", "Captures without an article, by reason.", _counted("skips", "reason")),
    Metric("outlet_gap_days", f"Days with a gap in the last {GAP_DAYS} days.", _recent_gaps),
    Metric("source_failures", "Failures of a source in a row.", _failures),
)


def _head(name: str, says: str) -> Iterator[str]:
    yield f"# HELP fangzhi_{name} {says}"
    yield f"# TYPE fangzhi_{name} gauge"


def _line(name: str, labels: dict[str, str], value: float) -> str:
    written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"fangzhi_{name}{{{written}}} {value:.0f}" if written else f"fangzhi_{name} {value:.0f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
