"""What is doubtful in the containers of a pod: hidden variables, ports that overlap, parts of bytes."""

from collections.abc import Iterable, Mapping

from kubernel.objects.models import core

__all__ = ["container_warnings", "fraction_warnings", "is_unremarkable"]

_BYTES = ("memory", "ephemeral-storage")
_SMALL = frozenset("mun")
"""What the canonical form of a quantity ends with that is not whole."""


def is_unremarkable(container: core.Container) -> bool:
    """Whether there is nothing in a container, seen by itself, that could be warned of."""
    env, ports, resources = container.env, container.ports, container.resources
    if (env and len(env) > 1 and len({variable.name for variable in env}) < len(env)) or (
        ports and (len(ports) > 1 or ports[0].hostIP)
    ):
        return False
    return resources is None or not (_has_fractions(resources.limits) or _has_fractions(resources.requests))


def _has_fractions(amounts: Mapping[str, str] | None) -> bool:
    if not amounts:
        return False
    return amounts.get("memory", "")[-1:] in _SMALL or amounts.get("ephemeral-storage", "")[-1:] in _SMALL


def container_warnings(containers: Mapping[str, core.Container]) -> Iterable[str]:
    """Warn of what is doubtful in all containers of a pod, by their paths."""
    for path, container in containers.items():
        if container.resources is not None:
            yield from fraction_warnings(container.resources.limits, f"{path}.resources.limits")
            yield from fraction_warnings(container.resources.requests, f"{path}.resources.requests")
        yield from _variable_warnings(container.env or [], f"{path}.env")
    yield from _port_warnings(
        {f"{path}.ports[{i}]": port for path, c in containers.items() for i, port in enumerate(c.ports or ())}
    )


def fraction_warnings(amounts: Mapping[str, str] | None, path: str) -> Iterable[str]:
    """Warn of amounts of bytes, in canonical form, that are not whole."""
    for name in _BYTES:
        if (amount := (amounts or {}).get(name, ""))[-1:] in _SMALL:
            yield f'{path}[{name}]: fractional byte value "{amount}" is invalid, must be an integer'


def _variable_warnings(variables: list[core.EnvVar], path: str) -> Iterable[str]:
    seen: set[str] = set()
    for i, variable in enumerate(variables):
        itself, value = f"$({variable.name})", variable.value or ""
        hides = variable.valueFrom is not None or value == itself or itself not in value
        if variable.name in seen and hides:
            yield (
                f'{path}[{i}]: hides previous definition of "{variable.name}", which may be dropped when using apply'
            )
        seen.add(variable.name)


def _port_warnings(ports: Mapping[str, core.ContainerPort]) -> Iterable[str]:
    others: dict[tuple[int, str], dict[str, core.ContainerPort]] = {}
    for path, port in ports.items():
        if port.hostIP and not port.hostPort:
            yield f"{path}: hostIP set without hostPort: {port.hostIP}"
        same = others.setdefault((port.containerPort, port.protocol or "TCP"), {})
        for where, other in list(same.items())[:_COMPARED_MAX]:
            if how := _overlap(port, other):
                yield f"{path}: {how} port definition with {where}"
        same[path] = port


_COMPARED_MAX = 8
"""With how many others a port is compared; a pod with thousands of equal ones is not told of each pair."""


def _overlap(port: core.ContainerPort, other: core.ContainerPort) -> str:
    mine, theirs = (port.hostIP or "", port.hostPort or 0), (other.hostIP or "", other.hostPort or 0)
    if mine == theirs:
        return "duplicate"
    if not (mine[1] and theirs[1]):
        return "overlapping"
    return "dangerously ambiguous" if mine[1] == theirs[1] and bool(mine[0]) != bool(theirs[0]) else ""
