"""What the tests share: one API server for all of them, which loads the plugin as any server does."""

from kubernel.testing.shared import client, shared_api_server

__all__ = ["client", "shared_api_server"]
