"""What the zygote pays for once, so that no fork of it has to: modules, and what msgspec works out of their types."""

from importlib import import_module

import msgspec

__all__ = ["preload"]

_MODULES = (
    "kubernel.cluster.supervisor",
    "kubernel.host.main",
    "kubernel.host.checking",
    "kubernel.host.scheduling",
    "kubernel.host.proxying",
)
"""What the supervisor and the hosts need. Never a plugin's code, which may change while the cluster runs."""

_DECODED = ("Pod", "Node", "Namespace", "Service", "ServiceAccount", "Event", "Lease", "ReplicationController")
"""The kinds that nearly every host reads. To decode one for the first time takes up to 10 ms and 4 MiB, which each of
the hosts would spend for itself; whoever decodes another kind shares what these have in common with it."""


def preload() -> None:
    """Load all of it; called before anything is forked but the API server, which loads its own meanwhile."""
    for module in _MODULES:
        import_module(module)
    # Not before: who only asks the cluster something must not wait for every kind.
    from kubernel.objects.kinds import BUILTIN  # noqa: PLC0415

    for kind in BUILTIN:
        if kind.name in _DECODED:
            msgspec.json.Decoder(kind.type)  # what it works out stays with the type
