"""What is doubtful in a pod, or in the template of pods."""

from collections.abc import Iterable, Sequence
from itertools import chain

from kubernel.objects.models import core, meta
from kubernel.objects.rules.names import dns_label_errors
from kubernel.objects.warnings.containers import container_warnings, fraction_warnings, is_unremarkable
from kubernel.objects.warnings.labels import deprecation_of, expression_warnings, label_warnings
from kubernel.objects.warnings.volumes import volume_warnings

__all__ = ["name_warnings", "pod_warnings", "spec_warnings"]

_LABEL_MAX = 63
_NOTHING: tuple[str, ...] = ()
_NO_SELECTOR = "a null labelSelector results in matching no pod"
_SYSCTLS = 'non-functional in v1.11+; use the "sysctls" field instead'
_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": _SYSCTLS,
    "security.alpha.kubernetes.io/unsafe-sysctls": _SYSCTLS,
}
_SECCOMP_POD, _SECCOMP_CONTAINER = (
    "seccomp.security.alpha.kubernetes.io/pod",
    "container.seccomp.security.alpha.kubernetes.io/",
)
_EARLY = "a.kubernetes.io/"
"""In all of them: they are of alpha and beta times."""

_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def pod_warnings(new: core.Pod, old: core.Pod | None) -> Iterable[str]:
    """Warn of a new or changed pod."""
    spec, about = new.spec, new.metadata
    if spec is None or about is None:
        return _NOTHING
    name = about.name or ""
    if ("." in name or len(name) > _LABEL_MAX) and old is None:
        return chain(name_warnings(name, "the Pod's hostname"), spec_warnings(spec, about, "", is_template=False))
    if _is_unremarkable(spec, about):
        return _NOTHING
    return spec_warnings(spec, about, "", is_template=False)


def name_warnings(name: str, used: str) -> Iterable[str]:
    """Warn of a name that is used where only labels of domains can be."""
    if whys := dns_label_errors(name):
        yield (
            f"metadata.name: this is used in {used}, which can result in surprising behavior; "
            f"a DNS label is recommended: [{' '.join(whys)}]"
        )


def _is_unremarkable(spec: core.PodSpec, about: meta.ObjectMeta) -> bool:
    """Whether there is nothing that could be warned of; so for most pods, in half a microsecond."""
    if (
        spec.nodeSelector
        or spec.affinity
        or spec.topologySpreadConstraints
        or spec.volumes
        or spec.hostAliases
        or spec.imagePullSecrets
        or spec.overhead
        or spec.initContainers
        or spec.ephemeralContainers
        or (about.annotations and _has_early(about.annotations))
        or (spec.terminationGracePeriodSeconds or 0) < 0
    ):
        return False
    return len(spec.containers) == 1 and is_unremarkable(spec.containers[0])


def _has_early(annotations: dict[str, str]) -> bool:
    return any(_EARLY in key for key in annotations)


def spec_warnings(spec: core.PodSpec, about: meta.ObjectMeta | None, path: str, *, is_template: bool) -> Iterable[str]:
    """Warn of a pod or a template.

    Args:
        spec: What the pods are, with defaults filled in.
        about: Their metadata.
        path: Where both are, with a dot behind; empty for a pod.
        is_template: Whether it is a template.
    """
    annotations: dict[str, str] = (about.annotations if about else None) or {}
    containers = _containers(spec, f"{path}spec")
    yield from label_warnings(spec.nodeSelector, f"{path}spec.nodeSelector")
    yield from _affinity_warnings(spec.affinity or core.Affinity(), f"{path}spec.affinity")
    yield from _spread_warnings(spec.topologySpreadConstraints or [], f"{path}spec.topologySpreadConstraints")
    for key in annotations.keys() & _ANNOTATIONS:
        yield f"{path}metadata.annotations[{key}]: {_ANNOTATIONS[key]}"
    yield from volume_warnings(spec.volumes or [], f"{path}spec.volumes")
    yield from _repeated([a.ip for a in spec.hostAliases or ()], f"{path}spec.hostAliases", "ip")
    yield from _repeated([s.name or "" for s in spec.imagePullSecrets or ()], f"{path}spec.imagePullSecrets", "name")
    for i, secret in enumerate(spec.imagePullSecrets or ()):
        if not secret.name:
            yield f'{path}spec.imagePullSecrets[{i}].name: invalid empty name ""'
    yield from fraction_warnings(spec.overhead, f"{path}spec.overhead")
    if annotations:
        found = _profile_warnings(spec, annotations, containers.values(), is_template=is_template)
        yield from (f"{path}metadata.annotations[{key}]: {why}" for key, why in found)
    yield from container_warnings(containers)
    if (spec.terminationGracePeriodSeconds or 0) < 0:
        why = "must be >= 0; negative values are invalid and will be treated as 1"
        yield f"{path}spec.terminationGracePeriodSeconds: {why}"


def _containers(spec: core.PodSpec, path: str) -> dict[str, core.Container]:
    return {
        **{f"{path}.initContainers[{i}]": container for i, container in enumerate(spec.initContainers or ())},
        **{f"{path}.containers[{i}]": container for i, container in enumerate(spec.containers)},
    }


def _repeated(values: Sequence[str], path: str, member: str) -> Iterable[str]:
    seen: set[str] = set()
    for i, value in enumerate(values):
        if value in seen:
            yield f'{path}[{i}].{member}: duplicate {member} "{value}"'
        seen.add(value)


def _profile_warnings(
    spec: core.PodSpec, annotations: dict[str, str], containers: Iterable[core.Container], *, is_template: bool
) -> Iterable[tuple[str, str]]:
    """Yield each annotation that has become a field, where the field is not set, and what to use."""
    whole = spec.securityContext or core.PodSecurityContext()
    seccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead'
    if whole.seccompProfile is None and _SECCOMP_POD in annotations:
        yield _SECCOMP_POD, seccomp
    for container in containers:
        own = container.securityContext or core.SecurityContext()
        if own.seccompProfile is None and (key := f"{_SECCOMP_CONTAINER}{container.name}") in annotations:
            yield key, seccomp
        confined = not is_template or own.appArmorProfile is not None or whole.appArmorProfile is not None
        if not confined and (key := f"{_APPARMOR}{container.name}") in annotations:
            yield key, 'deprecated since v1.30; use the "appArmorProfile" field instead'


def _spread_warnings(constraints: list[core.TopologySpreadConstraint], path: str) -> Iterable[str]:
    for i, constraint in enumerate(constraints):
        if why := deprecation_of(constraint.topologyKey):
            yield f"{path}[{i}].topologyKey: {constraint.topologyKey} is {why}"
        if constraint.labelSelector is None:
            yield f"{path}[{i}].labelSelector: {_NO_SELECTOR}"


def _affinity_warnings(affinity: core.Affinity, path: str) -> Iterable[str]:
    required, preferred = (
        "requiredDuringSchedulingIgnoredDuringExecution",
        "preferredDuringSchedulingIgnoredDuringExecution",
    )
    nodes, where = affinity.nodeAffinity or core.NodeAffinity(), f"{path}.nodeAffinity"
    chosen = nodes.requiredDuringSchedulingIgnoredDuringExecution
    for i, term in enumerate(chosen.nodeSelectorTerms if chosen is not None else ()):
        at = f"{where}.{required}.nodeSelectorTerms[{i}].matchExpressions"
        yield from expression_warnings(term.matchExpressions, at)
    for i, liked in enumerate(nodes.preferredDuringSchedulingIgnoredDuringExecution or ()):
        at = f"{where}.{preferred}[{i}].preference.matchExpressions"
        yield from expression_warnings(liked.preference.matchExpressions, at)
    for name in ("podAffinity", "podAntiAffinity"):
        pods = getattr(affinity, name) or core.PodAffinity()
        for i, needed in enumerate(pods.requiredDuringSchedulingIgnoredDuringExecution or ()):
            if needed.labelSelector is None:
                yield f"{path}.{name}.{required}[{i}].labelSelector: {_NO_SELECTOR}"
        for i, weighted in enumerate(pods.preferredDuringSchedulingIgnoredDuringExecution or ()):
            if weighted.podAffinityTerm.labelSelector is None:
                yield f"{path}.{name}.{preferred}[{i}].podAffinityTerm.labelSelector: {_NO_SELECTOR}"
