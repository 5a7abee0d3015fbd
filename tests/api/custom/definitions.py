"""Definitions for tests, each of a group of its own, and the wait until one is served."""

from itertools import count
from typing import Any

from kubernel.testing import eventually

from tests.api.calls import Api, Plain

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

_numbers = count(1)


def version(name: str = "v1", properties: Plain | None = None, **fields: Any) -> Plain:
    """Return one version of a definition; ``properties`` are those of the object's ``spec``."""
    spec = {"type": "object", "properties": properties or {}}
    schema = {"type": "object", "properties": {"spec": spec, "status": {"type": "object", "properties": {}}}}
    return {
        "name": name,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
        **fields,
    }


def definition(*versions: Plain, plural: str = "widgets", kind: str = "Widget", **spec: Any) -> Plain:
    """Return a definition in a group that no other test has."""
    group = spec.pop("group", f"test{next(_numbers)}.example.com")
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": kind},
            "versions": list(versions or (version(),)),
            **spec,
        },
    }


def schema_of(definition: Plain) -> Plain:
    """Return the schema of a definition's first version, to be changed."""
    schema: Plain = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    return schema


def status_of(definition: Plain) -> dict[str, tuple[str, str]]:
    """Return the status and the reason of each condition."""
    conditions = definition.get("status", {}).get("conditions", ())
    return {c["type"]: (c["status"], c["reason"]) for c in conditions}


class Served:
    """A definition that is served."""

    def __init__(self, api: Api, definition: Plain) -> None:
        self._api = api
        self.spec: Plain = definition["spec"]
        self.name: str = definition["metadata"]["name"]

    @property
    def path(self) -> str:
        """The definition's path."""
        return f"{DEFINITIONS}/{self.name}"

    def objects(self, *rest: str, version: str = "") -> str:
        """Return the path of its objects in the test's namespace."""
        version = version or self.spec["versions"][0]["name"]
        space = f"namespaces/{self._api.namespace}/" if self.spec["scope"] == "Namespaced" else ""
        return "/".join((f"/apis/{self.spec['group']}/{version}/{space}{self.spec['names']['plural']}", *rest))

    def make(self, name: str, spec: Any = None, version: str = "", **fields: Any) -> Plain:
        """Return an object of its kind."""
        version = version or self.spec["versions"][0]["name"]
        made = {
            "apiVersion": f"{self.spec['group']}/{version}",
            "kind": self.spec["names"]["kind"],
            "metadata": {"name": name},
            **fields,
        }
        return made if spec is None else {**made, "spec": spec}

    async def create(self, name: str, spec: Any = None, **fields: Any) -> Plain:
        """Create an object and return the answer."""
        return await self._api.post(self.objects(), self.make(name, spec, **fields))


async def serve(api: Api, definition: Plain) -> Served:
    """Create a definition and wait until it is established."""
    await api.post(DEFINITIONS, definition)
    served = Served(api, definition)

    async def established() -> bool:
        return status_of(await api.get(served.path)).get("Established", ("", ""))[0] == "True"

    await eventually(established, f"{served.name} is established")
    return served
