"""A log and its cache in one test, without a server between."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kubernel.objects.codec import encode, head
from kubernel.objects.fields import parse_field_selector
from kubernel.objects.kinds import BUILTIN, CONFIG_MAP
from kubernel.objects.models import core, meta, meta_of
from kubernel.objects.registry import AnyKind, Registry
from kubernel.objects.selectors import parse_selector
from kubernel.store import ANY_REVISION, Change, Log, Write, key_of, open_log, sqlite_url
from kubernel.watch import Cache, Interest, Record, Watcher


def line(change: Change, record: Record) -> bytes:
    """Render an event as a watch does."""
    return b'{"type":"%s","object":%s}\n' % (change.name.encode(), record.data)


def interest(labels: str = "", fields: str = "", namespace: str = "") -> Interest:
    """Return a selection of config maps."""
    return Interest(namespace, parse_selector(labels), parse_field_selector(fields, CONFIG_MAP), "object", line)


class Cached:
    """Writes config maps and follows them."""

    def __init__(self, path: Path) -> None:
        self._url = sqlite_url(path)
        self.open()

    def open(self, kinds: Iterable[AnyKind] = BUILTIN) -> None:
        """Open the log and fill a new cache, as a server does at its start."""
        self.log: Log = open_log(self._url)
        self.registry = Registry(kinds)
        self.cache = Cache(self.registry, self.log)
        self.cache.load()

    def reopen(self, kinds: Iterable[AnyKind] = BUILTIN) -> None:
        """Start again, with these kinds."""
        self.log.close()
        self.open(kinds)

    def put(self, *named: tuple[str, str]) -> int:
        """Write config maps, each with a value of the label ``team``, in one commit; returns its last revision."""
        return self._commit([self._write(name, team) for name, team in named])

    def delete(self, name: str) -> int:
        """Delete one."""
        return self._commit([self._write(name, "", is_deletion=True)])

    async def watch(self, selection: Interest, since: int | None) -> Watcher:
        """Follow config maps."""
        return self.cache.watch(CONFIG_MAP, selection, since)

    def names(self, selection: Interest) -> list[str]:
        """Return the names of what a selection sees now."""
        records = self.cache.collection(CONFIG_MAP).look(selection).records
        return [record.name for record in records if selection.sees(record)]

    def _write(self, name: str, team: str, *, is_deletion: bool = False) -> Write:
        stored = self.cache.collection(CONFIG_MAP).get("default", name)
        if is_deletion and stored:
            last = stored.decode()
            meta_of(last).resourceVersion = None  # bodies are stored without it; the deletion's is spliced in
            body = encode(last)
        else:
            metadata = meta.ObjectMeta(name=name, namespace="default", labels={"team": team})
            body = encode(core.ConfigMap(apiVersion="v1", kind="ConfigMap", metadata=metadata))
        key = key_of("configmaps", "default", name)
        return Write(key, ANY_REVISION, body, len(head("v1", "ConfigMap")), is_deletion)

    def _commit(self, writes: list[Write]) -> int:
        entries = [outcome for outcome in self.log.apply(writes) if isinstance(outcome, tuple)]
        self.log.commit()
        self.cache.apply(entries)
        return self.log.revision


async def received(watcher: Watcher) -> list[dict[str, Any]]:
    """Return the events that wait for a watcher's reader."""
    chunk, chunks = await watcher.next(0), []
    while chunk:
        chunks.append(chunk)
        chunk = await watcher.next(0)
    return [json.loads(text) for text in b"".join(chunks).splitlines()]


def told(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (type, name) of each event."""
    return [(event["type"], event["object"]["metadata"]["name"]) for event in events]
