"""What is asked for: a signed request in PEM, from a signer, for some usages; and what is given: certificates in PEM.

Source: Kubernetes' ``pkg/apis/certificates/validation``.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable

from kubernel.objects.errors import (
    FieldError,
    field_duplicate,
    field_invalid,
    field_not_supported,
    field_required,
    field_too_long,
)
from kubernel.objects.models import certificates
from kubernel.objects.rules.names import dns_label_errors, dns_subdomain_errors
from kubernel.objects.rules.values import repeats

__all__ = ["certificate_errors", "request_errors"]

USAGES = (
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
)
LEGACY_SIGNER = "kubernetes.io/legacy-unknown"
EXPIRATION_MIN_S = 600
DOMAIN_MAX, SIGNER_MAX = 253, 571
_REQUEST, _CERTIFICATE = b"-----BEGIN CERTIFICATE REQUEST-----", b"-----BEGIN CERTIFICATE-----"


def request_errors(spec: certificates.CertificateSigningRequestSpec) -> Iterable[FieldError]:
    """Check what is asked for."""
    if why := _unreadable(spec.request):
        yield field_invalid("spec.request", spec.request, why)
    usages = spec.usages or []
    if not usages:
        yield field_required("spec.usages", "usages must be provided")
    for i, usage, is_repeated in repeats(usages):
        if usage not in USAGES:
            yield field_not_supported(f"spec.usages[{i}]", usage, USAGES)
        if is_repeated:
            yield field_duplicate(f"spec.usages[{i}]", usage)
    if spec.signerName == LEGACY_SIGNER:
        why = "the legacy signerName is not allowed via this API version"
        yield field_invalid("spec.signerName", spec.signerName, why)
    else:
        yield from _signer_errors(spec.signerName, "spec.signerName")
    lasts_s = spec.expirationSeconds
    if lasts_s is not None and lasts_s < EXPIRATION_MIN_S:
        why = "may not specify a duration less than 600 seconds (10 minutes)"
        yield field_invalid("spec.expirationSeconds", lasts_s, why)


def _pem(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None


def _unreadable(text: str) -> str:
    """Return what is wrong with a request; empty when it can be read and its signature is right."""
    # The library takes 40 ms to load, and few ask for certificates.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.x509 import load_pem_x509_csr  # noqa: PLC0415

    pem = _pem(text)
    if pem is None or not pem.lstrip().startswith(_REQUEST):
        return "PEM block type must be CERTIFICATE REQUEST"
    try:
        return "" if load_pem_x509_csr(pem).is_signature_valid else "x509: signature check failed"
    except (ValueError, UnsupportedAlgorithm) as error:
        return f"x509: malformed certificate request: {error}"


def _signer_errors(name: str, path: str) -> Iterable[FieldError]:
    if not name:
        yield field_required(path, "signerName must be provided")
        return
    if name.count("/") != 1:
        why = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
        yield field_invalid(path, name, why)
        return
    domain, _, rest = name.partition("/")
    if len(domain) > DOMAIN_MAX:
        yield field_too_long(path, DOMAIN_MAX)
    for label in domain.split("."):
        if whys := dns_label_errors(label):
            yield from (field_invalid(path, domain, f'validating label "{label}": {why}') for why in whys)
            break
    if "." not in domain:
        yield field_invalid(path, domain, "should be a domain with at least two segments separated by dots")
    for label in rest.split("."):
        if whys := dns_subdomain_errors(label):
            yield from (field_invalid(path, rest, f'validating label "{label}": {why}') for why in whys)
            break
    if len(name) > SIGNER_MAX:
        yield field_too_long(path, SIGNER_MAX)


def certificate_errors(text: str | None, path: str) -> Iterable[FieldError]:
    """Check what a signer gave; nothing is right."""
    if not text:
        return
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - as above

    pem = _pem(text) or b""
    if not pem.lstrip().startswith(_CERTIFICATE):
        why = "must contain at least one CERTIFICATE PEM block"
        yield field_invalid(path, "<certificate data>", why)
        return
    try:
        load_pem_x509_certificates(pem)
    except ValueError as error:
        yield field_invalid(path, "<certificate data>", str(error))
