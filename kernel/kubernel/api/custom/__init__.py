"""Custom resources while the server runs: definitions become kinds, get their names, and are cleaned up after."""

from kubernel.api.custom.resources import CustomResources

__all__ = ["CustomResources"]
