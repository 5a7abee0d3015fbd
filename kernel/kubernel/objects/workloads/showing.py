"""Values as Kubernetes' messages show them, where that is not as clients write them."""

from typing import Any

import msgspec

__all__ = ["ShownStrategy"]


class ShownStrategy(msgspec.Struct):
    """A rollout's strategy under the names of Kubernetes' own type: ``{"Type":"x","RollingUpdate":null}``."""

    Type: str | None
    RollingUpdate: Any
