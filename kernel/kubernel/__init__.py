"""Kubernel: a container-orchestration kernel that speaks the Kubernetes API.

The rooms, from the bottom up: ``objects`` → ``store`` → ``watch`` → ``auth`` → ``api`` are the API server;
``plugin`` and ``client`` are the door that every plugin uses; ``host`` runs one plugin in one process;
``cluster`` and ``cli`` stand on top. ``docs/architecture.md`` draws the picture.
"""

__version__ = "0.1.0"
