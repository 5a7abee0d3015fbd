"""Keeps the generated models apart from the client that they come with.

Importing ``lightkube.models`` runs the package's own first lines, which import its HTTP client and all that needs:
30 ms and 3 MiB in every process, for what nobody here uses. So the package is there without them until somebody asks
it for a name (a test that uses the client, a plugin). Importing this module is what does it.
"""

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

__all__: list[str] = []

_PACKAGE = "lightkube"


class _Waiting(ModuleType):
    """A package that runs its first lines when it is asked for what they define."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the package has
        if name.startswith("__") and name != "__all__":  # the import system asks for such; none is defined there
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]  # from here on it is any package
        spec = self.__spec__
        assert spec is not None, "it was made from one"
        assert spec.loader is not None, "a package with first lines has one"
        spec.loader.exec_module(self)
        return getattr(self, name)


def _leave_client_out() -> None:
    spec = None if _PACKAGE in sys.modules else find_spec(_PACKAGE)
    if spec is not None:
        package = module_from_spec(spec)
        package.__class__ = _Waiting
        sys.modules[_PACKAGE] = package


_leave_client_out()
