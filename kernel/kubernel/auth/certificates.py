"""The admission link that writes into a certificate request who asks."""

from kubernel.objects.kinds.certificates.signing_request import SIGNING_REQUEST
from kubernel.objects.models import certificates
from kubernel.plugin.hooks import AdmissionRequest, hookimpl

__all__ = ["RequesterIdentity"]


class RequesterIdentity:
    """A signer decides by who asks, so nobody can say that themselves."""

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        """Fill in the identity of a new request's sender."""
        if request.kind is not SIGNING_REQUEST or request.old is not None:
            return
        spec: certificates.CertificateSigningRequestSpec = request.obj.spec
        identity = request.attributes.identity
        spec.username = identity.user
        spec.uid = identity.uid or None
        spec.groups = list(identity.groups) or None
        spec.extra = {key: list(values) for key, values in identity.extra.items()} or None
