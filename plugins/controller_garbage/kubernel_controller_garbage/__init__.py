"""Deletes the objects whose owners are gone, and does for deleted owners what their propagation policy asks."""

from kubernel_controller_garbage.controller import GarbageController, GarbageSettings

__all__ = ["GarbageController", "GarbageSettings"]
