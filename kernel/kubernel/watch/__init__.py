"""Watch: what is current, and who is told of changes.

The `Cache` is fed by the log, in revision order, without gaps, repeats or reordering. A list reads it; a watch
subscribes to it. Watchers that want the same things share a channel: an event is filtered and encoded once for all
of them, and a commit reaches each as one chunk.
"""

from kubernel.watch.cache import Cache
from kubernel.watch.channel import Interest
from kubernel.watch.collection import Collection, Page, Place
from kubernel.watch.record import ChangeEvent, Record
from kubernel.watch.watcher import Watcher, WatcherTooSlow

__all__ = ["Cache", "ChangeEvent", "Collection", "Interest", "Page", "Place", "Record", "Watcher", "WatcherTooSlow"]
