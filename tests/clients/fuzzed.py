"""Which OpenAPI documents there are, for those who try each."""

from kubernel.objects.kinds import BUILTIN

__all__ = ["GROUP_VERSIONS"]

GROUP_VERSIONS = sorted(
    {f"apis/{kind.group}/{kind.version}" if kind.group else f"api/{kind.version}" for kind in BUILTIN}
)
"""The paths of the documents below ``/openapi/v3``."""
