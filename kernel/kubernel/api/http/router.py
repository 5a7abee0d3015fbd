"""Falcon's router, but for one thing: ``OPTIONS`` is refused like any other method that nobody serves.

Falcon would answer it with the methods that there are, as for browsers that ask before they cross from another origin;
kube-apiserver does not.
"""

from typing import Any

import falcon
from falcon.asgi import Request, Response
from falcon.routing import CompiledRouter

__all__ = ["Router"]


class Router(CompiledRouter):
    """Maps methods to a resource's responders."""

    def map_http_methods(self, resource: object, **kwargs: Any) -> Any:  # noqa: ANN401 - Falcon's own types
        """Return the responders by method."""
        found = super().map_http_methods(resource, **kwargs)
        allowed = sorted(found)

        async def refuse(_req: Request, _resp: Response, **_params: Any) -> None:  # noqa: ANN401
            raise falcon.HTTPMethodNotAllowed(allowed)

        return {"OPTIONS": refuse, **found}
