"""Measure every page on every size, and the raw floor beside it, in interleaved rounds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import figures, load
from bench.pages import API_LIST, PAGES
from bench.probe import is_read, main_table
from devstack.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.floor import Entry
    from bench.pages import Page
    from bench.servers import Servers

REQUESTS = 10


@dataclass
class Series:
    """The figures of one page on one size, a list per kind with one entry per round."""

    seen: dict[str, Any]
    app: load.Target
    floor: load.Target
    app_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)
    all_ms: list[float] = field(default_factory=list)
    app_rate: list[float] = field(default_factory=list)
    floor_rate: list[float] = field(default_factory=list)

    @property
    def queries(self) -> int:
        return len(self.seen["statements"])

    @property
    def database_ms(self) -> float:
        return float(sum(statement["ms"] for statement in self.seen["statements"]))

    @property
    def processor_ms(self) -> float:
        """Time of the processor in Python alone, which other work on the machine does not touch."""
        return float(self.seen["processor_ms"])

    @property
    def p50(self) -> float:
        return float(median(self.all_ms))

    @property
    def p95(self) -> float:
        return figures.percentile(self.all_ms, 0.95)

    @property
    def floor_p50(self) -> float:
        return float(median(self.floor_ms))

    @property
    def share_of_floor(self) -> float:
        return figures.paired_ratio(self.app_rate, self.floor_rate)


@dataclass
class Measured:
    """One page on all sizes, smallest first; ``missing`` says why there is nothing to tell."""

    page: Page
    series: dict[int, Series]
    missing: str = ""

    @property
    def growth(self) -> float:
        sizes = sorted(self.series)
        return figures.paired_ratio(self.series[sizes[-1]].app_ms, self.series[sizes[0]].app_ms)


class OtherAnswer(Exception):
    """The raw floor answers something else than the application, so there is nothing to compare."""


def entry_of_floor(page: Page, seen: dict[str, Any], dsn: str, answer: bytes) -> Entry:
    """Return what the raw floor runs for a page: all that the request reads, who is asking included.

    :param answer: what the application answers; of an API list the floor takes from it what the
        application reckons in Python, and reads the rest.
    :raises LookupError: if an API list reads nothing from its table.
    """
    reads = [sql for one in seen["statements"] if is_read(sql := one["sql"])]
    entry: Entry = {"dsn": dsn, "sql": reads}
    if page.kind == API_LIST:
        rows = next((at for at, sql in enumerate(reads) if main_table(sql) == page.table), None)
        if rows is None:
            raise LookupError(f"{page.key} reads nothing from {page.table}")
        told, names = json.loads(answer), seen["names"]
        reckoned = [{key: row[key] for key in row if key not in names} for row in told["results"]]
        rest = {key: told[key] for key in told if key != "results"}
        entry["page"] = {"statement": rows, "names": names, "reckoned": reckoned, "rest": rest}
    return entry


def measure(
    servers: Servers, sizes: list[int], *, wanted: str, rounds: int, seconds: float, fresh: bool
) -> list[Measured]:
    """Build what is needed, start the servers and return the figures of every page."""
    names = {size: servers.databases.of_size(size, fresh=fresh) for size in sizes}
    servers.collect_static_files(names[sizes[0]])
    probes = {size: servers.probe(names[size], at, wanted) for at, size in enumerate(sizes)}
    say("  pages looked at from the inside")
    all_of_them = list(_prepare(servers, names, probes))
    for one in all_of_them:
        if not one.missing:
            _measure(one, rounds, seconds)
            say(
                f"  {one.page.key}: {one.missing or ' / '.join(f'{s.p50:.1f} ms' for s in one.series.values())}"
            )
    return all_of_them


def _prepare(
    servers: Servers, names: dict[int, str], probes: dict[int, dict[str, Any]]
) -> Iterator[Measured]:
    pages = [page for page in PAGES if page.key in next(iter(probes.values()))]
    missing = {
        page.key: reason
        for page in pages
        for probe in probes.values()
        if (reason := probe[page.key].get("missing", ""))
    }
    present = [page for page in pages if page.key not in missing]
    ports = {size: servers.start_application(names[size], at) for at, size in enumerate(names)}
    wanted = [(page, size) for page in present for size in names]
    apps = [_application(ports[size], probes[size][page.key]) for page, size in wanted]
    entries = [
        entry_of_floor(page, probes[size][page.key], servers.databases.dsn(names[size]), load.body_of(app))
        for (page, size), app in zip(wanted, apps, strict=True)
    ]
    floor = servers.start_floor(entries)
    for page in pages:
        series = {}
        for size in names if page in present else []:
            at = wanted.index((page, size))
            series[size] = Series(probes[size][page.key], apps[at], load.Target(floor, f"/{at}"))
        yield Measured(page, series, missing.get(page.key, ""))


def _application(port: int, seen: dict[str, Any]) -> load.Target:
    return load.Target(port, seen["path"], seen["cookie"])


def _measure(one: Measured, rounds: int, seconds: float) -> None:
    try:
        for series in one.series.values():
            _compare(one.page, series)
            load.warm(series.app)
            load.warm(series.floor)
        for _ in range(rounds):
            for series in one.series.values():
                _round(one.page, series, seconds)
    except (load.BadAnswer, TimeoutError, OtherAnswer) as problem:
        one.missing = f"failed under load: {problem}"


def _compare(page: Page, series: Series) -> None:
    """Refuse to measure an API list against a floor that answers other bytes."""
    if page.kind == API_LIST and load.body_of(series.app) != load.body_of(series.floor):
        raise OtherAnswer("the raw floor answers something else than the application")


def _round(page: Page, series: Series, seconds: float) -> None:
    took = load.latencies(series.app, REQUESTS)
    series.all_ms += took
    series.app_ms.append(float(median(took)))
    series.floor_ms.append(float(median(load.latencies(series.floor, REQUESTS))))
    if page.kind == API_LIST:
        series.app_rate.append(load.throughput(series.app, seconds=seconds))
        series.floor_rate.append(load.throughput(series.floor, seconds=seconds))
