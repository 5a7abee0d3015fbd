"""OpenAPI v2 and v3 of everything that is served, generated from the types when a client asks.

``kubectl create -f`` and ``kubectl apply`` stop without it: they look for the ``fieldValidation`` parameter and compute
strategic patches from the merge keys; ``kubectl explain`` prints it. `operations` says what can be asked, `schemas` and
`components` of which form the objects are, `v2` and `v3` write it down, `documents` keeps it.
"""

from kubernel.api.openapi.documents import OpenAPI

__all__ = ["OpenAPI"]
