"""Labels of nodes that have other names now."""

from collections.abc import Iterable, Mapping
from typing import Protocol

__all__ = ["deprecation_of", "expression_warnings", "label_warnings"]

_DEPRECATED = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}


class _Expression(Protocol):
    key: str


def deprecation_of(label: str) -> str:
    """Return why a label of nodes should not be used any more; empty when nothing is wrong with it."""
    return _DEPRECATED.get(label, "")


def label_warnings(labels: Mapping[str, str] | None, path: str) -> Iterable[str]:
    """Warn of deprecated labels that nodes are selected by."""
    for label in labels or ():
        if why := _DEPRECATED.get(label):
            yield f"{path}[{label}]: {why}"


def expression_warnings(expressions: Iterable[_Expression] | None, path: str) -> Iterable[str]:
    """Warn of deprecated labels in expressions, which stand at ``path``."""
    for i, expression in enumerate(expressions or ()):
        if why := _DEPRECATED.get(expression.key):
            yield f"{path}[{i}].key: {expression.key} is {why}"
