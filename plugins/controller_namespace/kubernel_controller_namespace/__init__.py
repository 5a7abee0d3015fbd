"""Empties a namespace that was deleted and lets it go."""

from kubernel_controller_namespace.controller import NamespaceController, NamespaceSettings

__all__ = ["NamespaceController", "NamespaceSettings"]
