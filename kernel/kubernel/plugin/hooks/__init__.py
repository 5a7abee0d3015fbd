"""Hooks: what plugins may say inside the API server, one call to all of them (pluggy).

The roles ``resources``, ``authenticator``, ``authorizer`` and ``admission`` live here. A hook is synchronous and
short: it runs on the API server's event loop between two requests, so it never waits for anything. Whatever must
wait, or acts on its own, is an actor with a contract instead (``kubernel.plugin.contracts``).

`specs` says which hooks exist, `values` what travels through them, `calls` how the API server calls them.
"""

from kubernel.plugin.hooks.calls import HookRefused, Hooks, load_hooks
from kubernel.plugin.hooks.specs import HookSpecs, hookimpl
from kubernel.plugin.hooks.values import (
    AdmissionRequest,
    Attributes,
    Changed,
    ClientCertificate,
    ClusterReader,
    ConnectionInfo,
    Decision,
    Identity,
    PathRule,
    ResourceRule,
    Rules,
    Stored,
    Verdict,
)

__all__ = [
    "AdmissionRequest",
    "Attributes",
    "Changed",
    "ClientCertificate",
    "ClusterReader",
    "ConnectionInfo",
    "Decision",
    "HookRefused",
    "HookSpecs",
    "Hooks",
    "Identity",
    "PathRule",
    "ResourceRule",
    "Rules",
    "Stored",
    "Verdict",
    "hookimpl",
    "load_hooks",
]
