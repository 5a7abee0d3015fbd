"""Notices nodes that fall silent, keeps new pods away from them, and in the end gives up the pods that they had."""

from kubernel_controller_node.controller import NodeController
from kubernel_controller_node.settings import NodeSettings

__all__ = ["NodeController", "NodeSettings"]
