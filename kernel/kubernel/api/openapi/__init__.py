"""OpenAPI v3 of everything that is served, generated from the types when a client asks.

``kubectl create -f`` and ``kubectl apply`` stop without it: they look for the ``fieldValidation`` parameter and
compute strategic patches from the merge keys.
"""

from kubernel.api.openapi.document import OpenAPI

__all__ = ["OpenAPI"]
