"""What clients are told who use a deprecated version. Source: apiextensions-apiserver ``customresource_handler.go``."""

import re

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.definition import Definition

__all__ = ["deprecation_of", "version_order"]

_VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")
_STABILITY = {"alpha": 0, "beta": 1, None: 2}


def deprecation_of(definition: Definition, version: apiextensions.CustomResourceDefinitionVersion) -> str:
    """Return the warning of a version; empty unless it is deprecated."""
    if not version.deprecated:
        return ""
    if version.deprecationWarning is not None:
        return version.deprecationWarning
    group, kind = definition.spec.group, definition.spec.names.kind
    newer = [
        other.name
        for other in definition.spec.versions
        if other.served and not other.deprecated and version_order(other.name) > version_order(version.name)
    ]
    use = f"; use {group}/{max(newer, key=version_order)} {kind}" if newer else ""
    return f"{group}/{version.name} {kind} is deprecated{use}"


def version_order(name: str) -> tuple[int, int, int]:
    """Return a key that sorts versions by how stable and how new they are: v1alpha1 < v2beta1 < v1 < v2."""
    match = _VERSION.fullmatch(name)
    if match is None:
        return (-1, 0, 0)
    return (_STABILITY[match[2]], int(match[1]), int(match[3] or 0))
