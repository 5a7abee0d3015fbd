"""Putting a container's environment together, in the kubelet's order: what comes later wins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kubernel.objects.models import core

from kubernel_node_agent.environment.downward import PodFacts, field_value, resource_value
from kubernel_node_agent.environment.expansion import expand
from kubernel_node_agent.environment.services import service_variables
from kubernel_node_agent.environment.sources import ConfigInvalid, ConfigSource
from kubernel_node_agent.pods.reading import spec_of

__all__ = ["Environment", "resolve_environment"]

_VARIABLE_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")


@dataclass(frozen=True, slots=True)
class Environment:
    """A container's variables, and its command and arguments with them expanded."""

    variables: dict[str, str]
    command: tuple[str, ...]
    args: tuple[str, ...]


async def resolve_environment(
    container: core.Container, facts: PodFacts, services: Iterable[core.Service], config: ConfigSource
) -> Environment:
    """Resolve everything that a container's variables refer to.

    Raises:
        ConfigInvalid: Something that is not optional is missing.
        StatusError: The API could not be read; try again.
    """
    links = spec_of(facts.pod).enableServiceLinks is not False
    variables = service_variables(services) if links else {}
    for source in container.envFrom or []:
        variables |= await _from_source(source, config)
    for variable in container.env or []:
        value = await _value(variable, container, facts, config, variables)
        if value is not None:
            variables[variable.name] = value
    return Environment(
        variables,
        tuple(expand(word, variables) for word in container.command or []),
        tuple(expand(word, variables) for word in container.args or []),
    )


async def _from_source(source: core.EnvFromSource, config: ConfigSource) -> dict[str, str]:
    data: dict[str, bytes] | None = None
    if source.configMapRef:
        reference = source.configMapRef
        data = await config.config_map(reference.name or "", optional=bool(reference.optional))
    elif source.secretRef:
        data = await config.secret(source.secretRef.name or "", optional=bool(source.secretRef.optional))
    prefix = source.prefix or ""
    named = {f"{prefix}{key}": value for key, value in (data or {}).items()}
    # Keys that cannot be variables are left out, as with the kubelet: a ConfigMap may also hold files.
    return {name: _text(value) for name, value in named.items() if _VARIABLE_NAME.fullmatch(name)}


async def _value(
    variable: core.EnvVar,
    container: core.Container,
    facts: PodFacts,
    config: ConfigSource,
    variables: dict[str, str],
) -> str | None:
    source = variable.valueFrom
    if source is None:
        return expand(variable.value or "", variables)
    if source.fieldRef:
        return field_value(source.fieldRef.fieldPath, facts)
    if source.resourceFieldRef:
        return resource_value(source.resourceFieldRef, container, facts)
    if source.configMapKeyRef:
        key = source.configMapKeyRef
        data = await config.config_map(key.name or "", optional=bool(key.optional))
        return _key(data, key.key, f'ConfigMap "{key.name}"', optional=bool(key.optional))
    if source.secretKeyRef:
        secret = source.secretKeyRef
        data = await config.secret(secret.name or "", optional=bool(secret.optional))
        return _key(data, secret.key, f'Secret "{secret.name}"', optional=bool(secret.optional))
    raise ConfigInvalid(f"variable {variable.name}: this kind of valueFrom is not supported")


def _key(data: dict[str, bytes] | None, key: str, where: str, *, optional: bool) -> str | None:
    if data is not None and key in data:
        return _text(data[key])
    if optional:
        return None
    raise ConfigInvalid(f"couldn't find key {key} in {where}")


def _text(value: bytes) -> str:
    return value.decode(errors="surrogateescape")
