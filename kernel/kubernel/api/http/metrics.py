"""What the API server says of itself, in Prometheus' text form and, where it has one, kube-apiserver's name."""

from bisect import bisect_left
from itertools import accumulate

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kubernel import __version__
from kubernel.watch import Cache

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One registry a process.

    `request` is on the path of every request: it counts in plain numbers, of which `_Requests` makes Prometheus'
    families when somebody scrapes.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = _Requests()
        self.registry.register(self._requests)
        Gauge("kubernel_build_info", "Always 1; the version is the label.", ["version"], registry=self.registry).labels(
            __version__
        ).set(1)

    def observe(self, cache: Cache) -> None:
        """Report the sizes of a cache from now on."""
        self.registry.register(_CacheCollector(cache))

    def request(self, verb: str, resource: str, subresource: str, code: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.add((verb, resource, subresource, code), seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self.registry)


class _Requests(Collector):
    """Counts and durations of requests."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, int], int] = {}
        self._durations: dict[tuple[str, str], tuple[list[int], list[float]]] = {}

    def add(self, key: tuple[str, str, str, int], seconds: float) -> None:
        """Count one request; a watch has no duration worth knowing."""
        self._counts[key] = self._counts.get(key, 0) + 1
        if key[0] == "watch":
            return
        timed = self._durations.get(key[:2])
        if timed is None:
            timed = self._durations[key[:2]] = ([0] * (len(_SECONDS) + 1), [0.0])
        timed[0][bisect_left(_SECONDS, seconds)] += 1
        timed[1][0] += seconds

    def collect(self) -> list[Metric]:
        """Make the families."""
        requests = CounterMetricFamily(
            "apiserver_request",
            "Requests by verb, resource and HTTP status code.",
            labels=["verb", "resource", "subresource", "code"],
        )
        for (verb, resource, subresource, code), count in list(self._counts.items()):
            requests.add_metric([verb, resource, subresource, str(code)], count)
        durations = HistogramMetricFamily(
            "apiserver_request_duration_seconds",
            "Seconds from the request's arrival to its answer; watches are not in it.",
            labels=["verb", "resource"],
        )
        bounds = [*(str(float(bound)) for bound in _SECONDS), "+Inf"]
        for labels, (counts, total) in list(self._durations.items()):
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            durations.add_metric(list(labels), buckets, total[0])
        return [requests, durations]


class _CacheCollector(Collector):
    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def collect(self) -> list[GaugeMetricFamily]:
        objects = GaugeMetricFamily("apiserver_storage_objects", "Objects by resource.", labels=["resource"])
        watchers = GaugeMetricFamily("apiserver_longrunning_requests", "Open watches.", labels=["verb", "resource"])
        revision = GaugeMetricFamily(
            "kubernel_revision", "The newest revision in the cache.", value=self._cache.revision
        )
        for resource, size, watching in self._cache.sizes():
            objects.add_metric([resource], size)
            watchers.add_metric(["WATCH", resource], watching)
        return [objects, watchers, revision]
