"""The objects that the benchmarks write: a pod of about 1 KiB, as the load driver of the peer comparison has it."""

import json

__all__ = ["pod"]


def pod(name: str, label: str = "bench") -> bytes:
    """Return a pod's JSON, about 1 KiB once it is stored."""
    container = {
        "name": "main",
        "image": "host",
        "command": ["/bin/sleep", "1000"],
        "env": [{"name": f"VARIABLE_{i}", "value": "v" * 16} for i in range(5)],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
        "ports": [{"containerPort": 8080}],
    }
    metadata = {"name": name, "labels": {"app": label, "tier": "front"}, "annotations": {"note": "x" * 200}}
    return json.dumps(
        {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}
    ).encode()
