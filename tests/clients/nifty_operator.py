"""An operator as kopf's documentation shows one: a custom resource whose config map it keeps.

Run by ``kopf run``; it handles creation, updates of one field, deletion (kopf holds the object with a finalizer until
the handler is done), and a timer.
"""

from typing import Any

import kopf
from kubernetes import client, config

GROUP, VERSION, PLURAL = "example.com", "v1", "nifties"


@kopf.on.startup()
def configure(settings: kopf.OperatorSettings, **_: Any) -> None:
    """Read the kubeconfig."""
    config.load_kube_config()
    settings.persistence.finalizer = "example.com/nifty"


@kopf.on.create(GROUP, VERSION, PLURAL)
def create(name: str, namespace: str | None, spec: kopf.Spec, **_: Any) -> dict[str, str]:
    """Make a config map that belongs to the object."""
    body: dict[str, Any] = {"metadata": {"name": name}, "data": {"size": str(spec["size"])}}
    kopf.adopt(body)
    client.CoreV1Api().create_namespaced_config_map(namespace, body)
    return {"configmap": name}


@kopf.on.update(GROUP, VERSION, PLURAL, field="spec.size")
def resize(name: str, namespace: str | None, body: kopf.Body, new: Any, **_: Any) -> None:
    """Follow the size, and say so in an event."""
    client.CoreV1Api().patch_namespaced_config_map(name, namespace, {"data": {"size": str(new)}})
    kopf.info(body, reason="Resized", message=f"its size is {new}")


@kopf.on.delete(GROUP, VERSION, PLURAL)
def delete(name: str, namespace: str | None, **_: Any) -> None:
    """Leave a note that the object was let go in order."""
    note = {"metadata": {"name": f"{name}-farewell"}}
    client.CoreV1Api().create_namespaced_config_map(namespace, note)


@kopf.timer(GROUP, VERSION, PLURAL, interval=0.5)
def tick(patch: kopf.Patch, status: kopf.Status, **_: Any) -> None:
    """Count."""
    patch.status["ticks"] = int(status.get("ticks") or 0) + 1
