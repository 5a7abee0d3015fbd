"""The kind ``CSIDriver``: what a storage driver in the cluster can do and wants to be told."""

from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.cells import AGE, NAME, NONE, UNSET
from kubernel.objects.errors import FieldError, field_duplicate, field_forbidden, field_invalid, field_not_supported
from kubernel.objects.kind import Column, Kind
from kubernel.objects.models import storage
from kubernel.objects.rules.values import immutable

__all__ = ["CSI_DRIVER"]

FS_GROUP_POLICIES = ("File", "None", "ReadWriteOnceWithFSType")
LIFECYCLE_MODES = ("Persistent", "Ephemeral")
TOKEN_MIN_S, TOKEN_MAX_S = 600, 2**32
UPDATE_PERIOD_MIN_S = 10


def _default(driver: storage.CSIDriver) -> None:
    spec = driver.spec
    spec.attachRequired = True if spec.attachRequired is None else spec.attachRequired
    for name in ("podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"):
        if getattr(spec, name) is None:
            setattr(spec, name, False)
    spec.fsGroupPolicy = spec.fsGroupPolicy or "ReadWriteOnceWithFSType"
    spec.volumeLifecycleModes = spec.volumeLifecycleModes or ["Persistent"]


def _validate(driver: storage.CSIDriver) -> Iterable[FieldError]:
    spec = driver.spec
    if spec.fsGroupPolicy not in FS_GROUP_POLICIES:
        yield field_not_supported("spec.fsGroupPolicy", spec.fsGroupPolicy, FS_GROUP_POLICIES)
    yield from _token_errors(spec.tokenRequests or [], "spec.tokenRequests")
    for mode in spec.volumeLifecycleModes or ():
        if mode not in LIFECYCLE_MODES:
            yield field_not_supported("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES)
    if spec.serviceAccountTokenInSecrets is not None and not spec.tokenRequests:
        why = "may only be set when tokenRequests is specified"
        yield field_forbidden("spec.serviceAccountTokenInSecrets", why)
    period = spec.nodeAllocatableUpdatePeriodSeconds
    if period is not None and period < UPDATE_PERIOD_MIN_S:
        why = f"must be greater than or equal to {UPDATE_PERIOD_MIN_S} seconds"
        yield field_invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, why)


def _token_errors(requests: list[storage.TokenRequest], path: str) -> Iterable[FieldError]:
    seen: set[str] = set()
    for i, request in enumerate(requests):
        where, lasts = f"{path}[{i}].expirationSeconds", request.expirationSeconds
        if request.audience in seen:
            yield field_duplicate(f"{path}[{i}].audience", request.audience)
            continue
        seen.add(request.audience)
        if lasts is not None and lasts < TOKEN_MIN_S:
            yield field_invalid(where, lasts, "may not specify a duration less than 10 minutes")
        if lasts is not None and lasts > TOKEN_MAX_S:
            yield field_invalid(where, lasts, "may not specify a duration larger than 2^32 seconds")


def _validate_update(new: storage.CSIDriver, old: storage.CSIDriver) -> Iterable[FieldError]:
    # The path of the first is misspelled in Kubernetes too.
    yield from immutable(new.spec.attachRequired, old.spec.attachRequired, "spec.attachedRequired")
    modes = "spec.volumeLifecycleModes"
    yield from immutable(new.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, modes)


def _audiences(driver: storage.CSIDriver, _now: datetime) -> str:
    requests = driver.spec.tokenRequests
    return UNSET if requests is None else ",".join(request.audience for request in requests)


def _flag(name: str, title: str, description: str, *, unset: bool = False) -> Column[storage.CSIDriver]:
    def cell(driver: storage.CSIDriver, _now: datetime) -> bool:
        value: bool | None = getattr(driver.spec, name)
        return unset if value is None else value

    return Column(title, cell, type="boolean", description=description)


CSI_DRIVER = Kind(
    type=storage.CSIDriver,
    group="storage.k8s.io",
    version="v1",
    name="CSIDriver",
    plural="csidrivers",
    singular="csidriver",
    namespaced=False,
    default=_default,
    validate=_validate,
    validate_update=_validate_update,
    columns=(
        NAME,
        _flag("attachRequired", "AttachRequired", "Whether its volumes must be attached to nodes.", unset=True),
        _flag("podInfoOnMount", "PodInfoOnMount", "Whether it is told which pod a volume is for."),
        _flag("storageCapacity", "StorageCapacity", "Whether it reports how much storage is left."),
        Column("TokenRequests", _audiences, description="The audiences for which it gets pods' tokens."),
        _flag("requiresRepublish", "RequiresRepublish", "Whether it is asked again and again to mount."),
        Column(
            "Modes", lambda d, _: ",".join(d.spec.volumeLifecycleModes or ()) or NONE, description="How volumes live."
        ),
        AGE,
    ),
)
