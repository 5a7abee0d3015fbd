"""From Plugin objects to plans: which host should run for which object, and which objects cannot be served.

An agent's plan contains the drivers of the objects for its runtime and network, so changing one of those changes the
agent's plan, and with it swaps the host.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kubernel.host.spec import DriverSpec, HostSpec
from kubernel.objects.models import meta_of
from kubernel.objects.plugin_object import Plugin, PluginSpec
from kubernel.plugin.contracts import Role, role_named

__all__ = ["RETRY_ANNOTATION", "Package", "Plan", "Plans", "make_plans"]

RETRY_ANNOTATION = "kubernel.dev/retry"


@dataclass(frozen=True, slots=True)
class Package:
    """What pip must install before a driver can be found."""

    role: str
    driver: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One host that should run; two plans are equal when the same host serves both.

    Attributes:
        spec: The host.
        packages: What must be installed first.
        side_by_side: Whether the new host may run beside the one that it replaces.
        objects: The Plugin objects that this plan answers: role → name; its own role comes first.
        generations: Their generations, for ``status.observedGeneration``: name → number.
        retry: The annotations ``kubernel.dev/retry``: another value asks to try a refused plan again.
    """

    spec: HostSpec
    packages: tuple[Package, ...]
    side_by_side: bool
    objects: Mapping[str, str]
    generations: Mapping[str, int] = field(compare=False)
    retry: tuple[str, ...] = field(compare=False, default=())

    @property
    def title(self) -> str:
        """The drivers in words, such as ``node with runtime process, network loopback``."""
        uses = ", ".join(f"{driver.role} {driver.name}" for driver in self.spec.uses)
        return f"{self.spec.driver.name} with {uses}" if uses else self.spec.driver.name


@dataclass(frozen=True, slots=True)
class Plans:
    """What to do about all Plugin objects.

    Attributes:
        hosts: Object's name → plan.
        problems: Object's name → why nothing can run for it.
        disabled: The objects that ask for nothing.
    """

    hosts: Mapping[str, Plan]
    problems: Mapping[str, str]
    disabled: frozenset[str]


def make_plans(plugins: Iterable[Plugin], data: Path, nodes: tuple[str, ...]) -> Plans:
    """Plan for all Plugin objects of the cluster.

    Args:
        plugins: The objects, in any order.
        data: The data directory.
        nodes: The nodes that an agent serves.
    """
    planner = _Planner(list(plugins), data, nodes)
    return planner.plans()


class _Planner:
    def __init__(self, plugins: list[Plugin], data: Path, nodes: tuple[str, ...]) -> None:
        self._data = data
        self._nodes = nodes
        self._plugins = sorted(plugins, key=_seniority)
        self._in_service: dict[str, Plugin] = {}
        for plugin in self._plugins:
            self._in_service.setdefault(_spec(plugin).role, plugin)

    def plans(self) -> Plans:
        hosts: dict[str, Plan] = {}
        problems: dict[str, str] = {}
        for plugin in self._plugins:
            role = role_named(_spec(plugin).role)
            problem = self._problem(plugin, role)
            if problem:
                problems[_name(plugin)] = problem
            elif role is not None and role.hosted and _spec(plugin).enabled:
                hosts[_name(plugin)] = self._plan(plugin, role)
        disabled = frozenset(_name(plugin) for plugin in self._plugins if not _spec(plugin).enabled)
        return Plans(hosts, problems, disabled - problems.keys())

    def _problem(self, plugin: Plugin, role: Role | None) -> str:
        """Say why this object cannot be served; empty when it can."""
        if role is None:
            return f"there is no role {_spec(plugin).role!r}"
        if role.contract is None:
            return f"plugins of role {role.name} are loaded by the API server when it starts, not by an object"
        first = self._in_service[role.name]
        if role.exclusive and first is not plugin:
            return f"one driver serves role {role.name}, and Plugin/{_name(first)} names it; delete one of the two"
        for needed in role.drivers if _spec(plugin).enabled else ():
            other = self._in_service.get(needed)
            if other is None or not _spec(other).enabled:
                return f"it needs a {needed}: create or enable a Plugin object with role {needed}"
        return ""

    def _plan(self, plugin: Plugin, role: Role) -> Plan:
        members = [plugin, *(self._in_service[needed] for needed in role.drivers)]
        return Plan(
            spec=HostSpec(
                component=_name(plugin),
                driver=_driver(plugin),
                data=str(self._data),
                uses=tuple(map(_driver, members[1:])),
                nodes=self._nodes if role.drivers else (),
            ),
            packages=tuple(package for member in members for package in _packages(member)),
            side_by_side=role.side_by_side,
            objects={_spec(member).role: _name(member) for member in members},
            generations={_name(member): meta_of(member).generation or 0 for member in members},
            retry=tuple((meta_of(member).annotations or {}).get(RETRY_ANNOTATION, "") for member in members),
        )


def _seniority(plugin: Plugin) -> tuple[bool, str, str]:
    """Order: the object that is named like its role first, then the oldest."""
    created = meta_of(plugin).creationTimestamp
    return _name(plugin) != _spec(plugin).role, str(created or ""), _name(plugin)


def _packages(plugin: Plugin) -> list[Package]:
    spec = _spec(plugin)
    return [Package(spec.role, spec.driver, spec.package)] if spec.package else []


def _driver(plugin: Plugin) -> DriverSpec:
    spec = _spec(plugin)
    return DriverSpec(spec.role, spec.driver, spec.config)


def _spec(plugin: Plugin) -> PluginSpec:
    return plugin.spec if plugin.spec is not None else PluginSpec("", "")


def _name(plugin: Plugin) -> str:
    return meta_of(plugin).name or ""
