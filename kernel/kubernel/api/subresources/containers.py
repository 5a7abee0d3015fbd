"""Which container of a pod a request means, and which node has it (source: kube-apiserver's pod strategy)."""

from kubernel.objects.errors import bad_request
from kubernel.objects.models import core, meta_of

__all__ = ["choose_container"]


def choose_container(pod: core.Pod, wanted: str) -> str:
    """Return the container's name: the one asked for, else the only one.

    Raises:
        StatusError: 400, there is no such container, or several to choose from.
    """
    name, spec = meta_of(pod).name, pod.spec
    containers = [c.name for c in (spec.containers if spec else None) or []]
    inits = [c.name for c in (spec.initContainers if spec else None) or []]
    ephemeral = [c.name for c in (spec.ephemeralContainers if spec else None) or []]
    everyone = [*inits, *containers, *ephemeral]
    if wanted:
        if wanted not in everyone:
            raise bad_request(f"container {wanted} is not valid for pod {name}")
        return wanted
    if not containers:
        raise bad_request(f"a container name must be specified for pod {name}")
    if len(containers) > 1:
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{' '.join(everyone)}]")
    return containers[0]
