"""Rules of how a pod resolves names.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validatePodDNSConfig``).
"""

from collections.abc import Iterable

from kubernel.objects.errors import FieldError, field_invalid, field_required
from kubernel.objects.models import core
from kubernel.objects.rules.addresses import ip_errors
from kubernel.objects.rules.names import dns_subdomain_errors
from kubernel.objects.rules.values import required_name

__all__ = ["dns_errors"]

SERVERS_MAX, SEARCHES_MAX, SEARCHES_MAX_CHARACTERS = 3, 32, 2048


def dns_errors(spec: core.PodSpec, path: str) -> Iterable[FieldError]:
    """Check the resolver's settings, which ``dnsPolicy: None`` requires."""
    config = spec.dnsConfig
    if config is None:
        if spec.dnsPolicy == "None":
            yield field_required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
        return
    servers, searches = config.nameservers or [], config.searches or []
    if spec.dnsPolicy == "None" and not servers:
        why = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        yield field_required(f"{path}.nameservers", why)
        return
    if len(servers) > SERVERS_MAX:
        yield field_invalid(f"{path}.nameservers", servers, f"must not have more than {SERVERS_MAX} nameservers")
    for i, server in enumerate(servers):
        yield from ip_errors(server, f"{path}.nameservers[{i}]")
    if len(searches) > SEARCHES_MAX:
        yield field_invalid(f"{path}.searches", searches, f"must not have more than {SEARCHES_MAX} search paths")
    if len(" ".join(searches)) > SEARCHES_MAX_CHARACTERS:
        why = f"must not have more than {SEARCHES_MAX_CHARACTERS} characters (including spaces) in the search list"
        yield field_invalid(f"{path}.searches", searches, why)
    for i, search in enumerate(searches):
        if search != ".":
            # The root, and names that are whole, end in a dot; Kubernetes lets names begin with an underscore here.
            name = search.removesuffix(".").replace("_", "x")
            yield from required_name(dns_subdomain_errors, name, f"{path}.searches[{i}]")
    for i, option in enumerate(config.options or ()):
        if not option.name:
            yield field_required(f"{path}.options[{i}]", "must not be empty")
