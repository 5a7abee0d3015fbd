"""Writes down which pods serve a service: the Endpoints that the proxies read."""

from kubernel_controller_endpoints.controller import EndpointsController, EndpointsSettings

__all__ = ["EndpointsController", "EndpointsSettings"]
