"""Files that a pod gets of other objects and of itself: the pieces of projected volumes, and volumes of one piece.

Source: Kubernetes' ``pkg/apis/core/validation`` (``validateProjectionSources``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_not_supported, field_required
from kubernel.objects.models import core
from kubernel.objects.pods.containers.environment import field_reference_errors, resource_reference_errors
from kubernel.objects.rules.domains import domain_path_errors
from kubernel.objects.rules.values import config_mode, relative_path, within
from kubernel.objects.selectors import label_selector_errors

__all__ = ["config_map_errors", "downward_errors", "item_errors", "projection_errors"]

FILE_FIELDS = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)
"""What a file of a downward API volume can show of its pod."""

TOKEN_MIN_S, TOKEN_MAX_S = 600, 2**32
KEY_TYPES = ("ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519", "RSA3072", "RSA4096")
CERTIFICATE_MIN_S, CERTIFICATE_MAX_S = 3600, 91 * 86400
_PATHS = ("credentialBundlePath", "keyPath", "certificateChainPath")


def config_map_errors(source: core.ConfigMapVolumeSource | core.ConfigMapProjection, path: str) -> Iterable[FieldError]:
    """Check the files that come from a ConfigMap."""
    if not source.name:
        yield field_required(f"{path}.name")
    yield from item_errors(source, path)


def item_errors(source: Any, path: str) -> Iterable[FieldError]:  # noqa: ANN401 - four models share these fields
    """Check which keys become files."""
    yield from config_mode(getattr(source, "defaultMode", None), f"{path}.defaultMode")
    items: list[core.KeyToPath] = source.items or []
    for i, item in enumerate(items):
        if not item.key:
            yield field_required(f"{path}.items[{i}].key")
        yield from _file(item.path, f"{path}.items[{i}].path")
        yield from config_mode(item.mode, f"{path}.items[{i}].mode")


def _file(value: str, path: str) -> Iterable[FieldError]:
    if not value:
        yield field_required(path)
    else:
        yield from relative_path(value, path)


def downward_errors(
    source: core.DownwardAPIVolumeSource | core.DownwardAPIProjection, path: str
) -> Iterable[FieldError]:
    """Check the files that show the pod to itself."""
    for i, item in enumerate(source.items or ()):
        where = f"{path}.items[{i}]"
        yield from _file(item.path, f"{where}.path")
        yield from config_mode(item.mode, f"{where}.mode")
        if item.fieldRef:
            yield from field_reference_errors(item.fieldRef, f"{where}.fieldRef", FILE_FIELDS)
        if item.resourceFieldRef:
            yield from resource_reference_errors(item.resourceFieldRef, f"{where}.resourceFieldRef")
        if not item.fieldRef and not item.resourceFieldRef:
            yield field_required(where, "one of fieldRef and resourceFieldRef is required")


def projection_errors(source: core.ProjectedVolumeSource, path: str) -> Iterable[FieldError]:
    """Check a volume of several pieces, no two of which may be one file."""
    yield from config_mode(source.defaultMode, f"{path}.defaultMode")
    seen: set[str] = set()
    for i, projection in enumerate(source.sources or ()):
        where = f"{path}.sources[{i}]"
        found = [name for name in core.VolumeProjection.__struct_fields__ if getattr(projection, name) is not None]
        for name in found:
            yield from _PIECES[name](getattr(projection, name), f"{where}.{name}")
            for file in _files_of(getattr(projection, name)):
                if file in seen:
                    yield field_invalid(path, file, "conflicting duplicate paths")
                seen.add(file)
        if len(found) > 1:
            yield field_forbidden(where, "may not specify more than 1 volume type")


def _files_of(piece: Any) -> list[str]:  # noqa: ANN401 - one of several models
    """Return the paths that a piece names."""
    items = [item.path for item in getattr(piece, "items", None) or ()]
    return [path for path in [*items, *(getattr(piece, name, None) for name in ("path", *_PATHS))] if path]


def _secret(source: core.SecretProjection, path: str) -> Iterable[FieldError]:
    if not source.name:
        yield field_required(f"{path}.name")
    yield from item_errors(source, path)


def _token(source: core.ServiceAccountTokenProjection, path: str) -> Iterable[FieldError]:
    seconds, where = source.expirationSeconds, f"{path}.expirationSeconds"
    if seconds is not None and seconds < TOKEN_MIN_S:
        yield field_invalid(where, seconds, "may not specify a duration less than 10 minutes")
    if seconds is not None and seconds > TOKEN_MAX_S:
        yield field_invalid(where, seconds, "may not specify a duration larger than 2^32 seconds")
    yield from _file(source.path, f"{path}.path")


def _trust_bundle(source: core.ClusterTrustBundleProjection, path: str) -> Iterable[FieldError]:
    if source.name is not None and source.signerName is not None:
        yield field_invalid(path, source, "only one of name and signerName may be used")
    elif source.name is None and source.signerName is None:
        yield field_required(path, "either name or signerName must be specified")
    elif source.name is not None:
        if source.labelSelector is not None:
            why = "labelSelector must be unset if name is specified"
            yield field_invalid(f"{path}.labelSelector", source.labelSelector, why)
    else:
        yield from label_selector_errors(source.labelSelector, f"{path}.labelSelector")
    yield from _file(source.path, f"{path}.path")


def _certificate(source: core.PodCertificateProjection, path: str) -> Iterable[FieldError]:
    if not source.signerName:
        yield field_required(f"{path}.signerName")
    else:
        yield from domain_path_errors(source.signerName, f"{path}.signerName")
    if source.keyType not in KEY_TYPES:
        yield field_not_supported(f"{path}.keyType", source.keyType, KEY_TYPES)
    yield from within(source.maxExpirationSeconds, CERTIFICATE_MIN_S, CERTIFICATE_MAX_S, f"{path}.maxExpirationSeconds")
    given = [name for name in _PATHS if getattr(source, name)]
    if not given:
        yield field_required(path, f"specify at least one of {_PATHS[0]}, {_PATHS[1]}, and {_PATHS[2]}")
    for name in given:
        yield from relative_path(getattr(source, name), f"{path}.{name}")


_PIECES: dict[str, Callable[[Any, str], Iterable[FieldError]]] = {
    "clusterTrustBundle": _trust_bundle,
    "configMap": config_map_errors,
    "downwardAPI": downward_errors,
    "podCertificate": _certificate,
    "secret": _secret,
    "serviceAccountToken": _token,
}
