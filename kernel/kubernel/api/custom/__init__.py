"""Custom resources while the server runs: definitions become kinds, get their names, and are cleaned up after."""

from kubernel.api.custom.conversion import Conversion
from kubernel.api.custom.definitions import Definitions
from kubernel.api.custom.negotiation import Negotiation

__all__ = ["Conversion", "Definitions", "Negotiation"]
