"""Discovery: what is served, for clients that ask first."""

from kubernel.api.discovery.documents import Discovery, aggregated_version
from kubernel.api.discovery.release import version

__all__ = ["Discovery", "aggregated_version", "version"]
