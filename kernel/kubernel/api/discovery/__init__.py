"""Discovery: what is served, for clients that ask first."""

from kubernel.api.discovery.documents import AGGREGATED, Discovery, version

__all__ = ["AGGREGATED", "Discovery", "version"]
