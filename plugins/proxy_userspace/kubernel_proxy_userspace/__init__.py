"""Proxy ``userspace``: binds each service's address itself and carries every connection to a backend.

The talk's proxy (slides 93 to 108). Where the service's address belongs to this machine, as all of 127.0.0.0/8 does,
it is bound directly; else, as root, an iptables REDIRECT leads to a random local port.
"""

from kubernel_proxy_userspace.proxy import UserspaceProxy
from kubernel_proxy_userspace.settings import UserspaceSettings

__all__ = ["UserspaceProxy", "UserspaceSettings"]
