"""The plugin author's SDK: everything that an actor needs to observe the cluster and to act on it.

``Client`` (typed calls), ``Informer`` (a current local copy), ``RateLimitedQueue`` with ``run_workers`` (the control
loop), ``EventRecorder`` and ``LeaderElector``; for kinds that are not known beforehand ``served_resources`` and
``PartialSource``. It uses the public API only, so whatever it can do any client can.
"""

from kubernel.client.cache import Cache, Key, key_of
from kubernel.client.client import Client, PatchType
from kubernel.client.discovery import PartialObject, ServedResource, served_resources
from kubernel.client.informer import Informer
from kubernel.client.kubeconfig import KubeconfigError, read_kubeconfig
from kubernel.client.leader import LeaderElector, LeadershipLost
from kubernel.client.partial import PartialSource
from kubernel.client.queue import QueueShutDown, RateLimitedQueue
from kubernel.client.recorder import EventRecorder, reference_to
from kubernel.client.transport import Access, Response, Unreachable
from kubernel.client.wire import ApiType, ObjectList, WatchEvent, metadata_of
from kubernel.client.workers import run_together, run_workers

__all__ = [
    "Access",
    "ApiType",
    "Cache",
    "Client",
    "EventRecorder",
    "Informer",
    "Key",
    "KubeconfigError",
    "LeaderElector",
    "LeadershipLost",
    "ObjectList",
    "PartialObject",
    "PartialSource",
    "PatchType",
    "QueueShutDown",
    "RateLimitedQueue",
    "Response",
    "ServedResource",
    "Unreachable",
    "WatchEvent",
    "key_of",
    "metadata_of",
    "read_kubeconfig",
    "reference_to",
    "run_together",
    "run_workers",
    "served_resources",
]
