"""Manifests that several tests apply."""

import json

__all__ = ["config_map", "pod", "replication_controller", "service"]

SLEEP = "trap 'exit 0' TERM; while :; do sleep 0.1; done"


def pod(name: str, script: str = SLEEP, *, image: str = "host", app: str = "web", restart: str = "Always") -> str:
    """Return a pod that runs a shell script."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "labels": {"app": app}},
            "spec": {
                "restartPolicy": restart,
                "terminationGracePeriodSeconds": 1,
                "containers": [{"name": "main", "image": image, "command": ["/bin/sh", "-c", script]}],
            },
        }
    )


def replication_controller(name: str, replicas: int, *, selector: str = "web", label: str = "web") -> str:
    """Return a replication controller of sleeping pods; ``label`` differs from ``selector`` only to be refused."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "ReplicationController",
            "metadata": {"name": name},
            "spec": {
                "replicas": replicas,
                "selector": {"app": selector},
                "template": {
                    "metadata": {"labels": {"app": label}},
                    "spec": {
                        "terminationGracePeriodSeconds": 1,
                        "containers": [{"name": "main", "image": "host", "command": ["/bin/sh", "-c", SLEEP]}],
                    },
                },
            },
        }
    )


def service(name: str, port: int, target: int, *, app: str = "web") -> str:
    """Return a service in front of the pods of an app."""
    ports = [{"port": port, "targetPort": target}]
    spec = {"selector": {"app": app}, "ports": ports}
    return json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec})


def config_map(name: str, **data: str) -> str:
    """Return a config map, the cheapest object there is."""
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
