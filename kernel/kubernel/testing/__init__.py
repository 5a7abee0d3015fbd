"""For tests, ours and plugin authors': a real API server in a temporary directory.

``pytest_plugins = ["kubernel.testing.fixtures"]`` brings the fixtures; without pytest, `ApiServer` is a context
manager.
"""

from kubernel.testing.server import ApiServer
from kubernel.testing.waiting import eventually

__all__ = ["ApiServer", "eventually"]
