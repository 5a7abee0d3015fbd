"""Who asks, may they, and is this write in order: the three chains in front of the store.

The links of each chain are plugins (``kubernel.plugin.hooks``); the ones in this room are the built-in ones and come
through the same door: `builtin_links` names them in the order in which they are asked.
"""

from collections.abc import Callable
from pathlib import Path

from kubernel.auth.admission import NamespaceLifecycle
from kubernel.auth.authenticators import Certificates, LocalPeer, Tokens
from kubernel.auth.authorizers import Basics, Masters
from kubernel.auth.certificates import RequesterIdentity
from kubernel.auth.default_classes import DefaultClasses
from kubernel.auth.pod_accounts import PodAccounts
from kubernel.auth.priority import Priority
from kubernel.auth.service_accounts import ServiceAccounts, TokenSigner
from kubernel.auth.services import ServiceAllocation
from kubernel.watch import Cache

__all__ = ["builtin_links"]


def builtin_links(
    token_file: Path, service_cidr: str, signer: TokenSigner, cache: Callable[[], Cache]
) -> dict[str, object]:
    """Return the kernel's own links by name.

    Args:
        token_file: The static tokens; see `Tokens`.
        service_cidr: The range of services' virtual addresses, such as ``127.96.0.0/12``.
        signer: Checks the tokens of service accounts.
        cache: Returns the cache; the links are registered before the log is open.
    """
    return {
        "authenticator/peer": LocalPeer(),
        # Tokens before the certificate: kubectl sends its kubeconfig's certificate beside a token given by hand.
        "authenticator/token": Tokens.read(token_file),
        "authenticator/service-account": ServiceAccounts(signer, cache),
        "authenticator/certificate": Certificates(),
        "authorizer/masters": Masters(),
        "authorizer/basics": Basics(),
        "admission/namespace-lifecycle": NamespaceLifecycle(cache),
        "admission/default-classes": DefaultClasses(cache),
        "admission/pod-accounts": PodAccounts(cache),
        "admission/priority": Priority(cache),
        "admission/requester-identity": RequesterIdentity(),
        "admission/service-allocation": ServiceAllocation(cache, service_cidr),
    }
