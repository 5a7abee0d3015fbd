"""What the API server says of itself, in Prometheus' text form and, where it has one, kube-apiserver's name."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kubernel import __version__
from kubernel.watch import Cache

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One registry a process; `request` is on the hot path and looks its series up only once each."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "apiserver_request",
            "Requests by verb, resource and HTTP status code.",
            ["verb", "resource", "subresource", "code"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "apiserver_request_duration_seconds",
            "Seconds from the request's arrival to its answer; watches are not in it.",
            ["verb", "resource"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        Gauge("kubernel_build_info", "Always 1; the version is the label.", ["version"], registry=self.registry).labels(
            __version__
        ).set(1)
        self._series: dict[tuple[str, str, str, int], Counter] = {}
        self._durations: dict[tuple[str, str], Histogram] = {}

    def observe(self, cache: Cache) -> None:
        """Report the sizes of a cache from now on."""
        self.registry.register(_CacheCollector(cache))

    def request(self, verb: str, resource: str, subresource: str, code: int, seconds: float) -> None:
        """Count one answered request."""
        key = (verb, resource, subresource, code)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._requests.labels(verb, resource, subresource, str(code))
        series.inc()
        if verb != "watch":
            timed = (verb, resource)
            duration = self._durations.get(timed)
            if duration is None:
                duration = self._durations[timed] = self._seconds.labels(verb, resource)
            duration.observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self.registry)


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
