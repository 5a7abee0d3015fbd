"""How the API server calls the hooks: typed methods over one pluggy manager, and its filling at start."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from kubernel.objects.kind import Kind
from kubernel.plugin.allowlist import AllowList
from kubernel.plugin.hooks.specs import PROJECT, HookSpecs
from kubernel.plugin.hooks.values import AdmissionRequest, Attributes, ConnectionInfo, Decision, Identity, Rules

__all__ = ["HOOK_ROLES", "HookRefused", "Hooks", "load_hooks"]

HOOK_ROLES = ("resources", "authenticator", "authorizer", "admission")
TRACE_VARIABLE = "KUBERNEL_TRACE_PLUGINS"

_log = logging.getLogger("kubernel.hooks")


@dataclass(frozen=True, slots=True)
class HookRefused:
    """A distribution whose hooks are not called, and why, in a sentence."""

    role: str
    name: str
    distribution: str
    reason: str


class Hooks:
    """The hooks with everything that is registered; one object a process.

    The four that every request passes are called without pluggy's machinery where nobody needs it (`_in_order`): it
    takes 1.5 µs a call, four times a request.

    Attributes:
        refused: What was found but could not be registered.
        follows_writes: Whether anybody wants to know what became of a write.
    """

    def __init__(
        self, manager: pluggy.PluginManager, refused: Sequence[HookRefused] = (), *, builtin: Sequence[str] = ()
    ) -> None:
        self._manager = manager
        self.refused = tuple(refused)
        is_traced = os.environ.get(TRACE_VARIABLE) == "1"
        hook = manager.hook
        self._authenticate = None if is_traced else _in_order(hook.kubernel_authenticate)
        self._authorize = None if is_traced else _in_order(hook.kubernel_authorize)
        mutate = None if is_traced else _in_order(hook.kubernel_mutate)
        self._validate = None if is_traced else _in_order(hook.kubernel_validate)
        foreign = [i for i in hook.kubernel_mutate.get_hookimpls() if i.plugin_name not in builtin]
        self._foreign_mutators = frozenset(i.function for i in foreign)
        self._mutate = None if mutate is None else [(f, f in self._foreign_mutators) for f in mutate]
        self._settled = [_taking_one(i) for i in reversed(hook.kubernel_settled.get_hookimpls())]
        self.follows_writes = bool(self._settled)

    @property
    def names(self) -> tuple[str, ...]:
        """The registered plugins, the first asked first."""
        return tuple(name for name, _ in reversed(self._manager.list_name_plugin()))

    def kinds(self) -> list[Kind[Any]]:
        """Return the kinds that plugins add, built-in ones first."""
        return [kind for kinds in self._manager.hook.kubernel_kinds() for kind in kinds]

    def authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Return who sends the request; ``None`` when nobody knows."""
        if self._authenticate is not None:
            found: Identity | None = _first(self._authenticate, connection)
            return found
        identity: Identity | None = self._manager.hook.kubernel_authenticate(connection=connection)
        return identity

    def authorize(self, attributes: Attributes) -> Decision | None:
        """Return the first decision; ``None`` when nobody has an opinion, which means no."""
        if self._authorize is not None:
            found: Decision | None = _first(self._authorize, attributes)
            return found
        decision: Decision | None = self._manager.hook.kubernel_authorize(attributes=attributes)
        return decision

    def rules(self, identity: Identity, namespace: str) -> list[Rules]:
        """Return what each authoriser lets somebody do in a namespace."""
        found: list[Rules] = self._manager.hook.kubernel_rules(identity=identity, namespace=namespace)
        return found

    def mutate(self, request: AdmissionRequest) -> bool:
        """Let every plugin complete ``request.obj``.

        Returns:
            Whether somebody had a hand in it who may have left out what the kind fills in by default.

        Raises:
            StatusError: A plugin refuses the write.
        """
        if self._mutate is None:
            self._manager.hook.kubernel_mutate(request=request)
            return bool(self._foreign_mutators)
        is_touched = False
        for function, is_foreign in self._mutate:
            if function(request) is not False and is_foreign:
                is_touched = True
        return is_touched

    def validate(self, request: AdmissionRequest) -> None:
        """Ask every plugin whether the write may happen.

        Raises:
            StatusError: A plugin refuses the write.
        """
        if self._validate is None:
            self._manager.hook.kubernel_validate(request=request)
        else:
            for function in self._validate:
                function(request)

    def settled(self, requests: Iterable[AdmissionRequest]) -> None:
        """Tell everybody who wants to know that these writes are over; one who fails keeps it from nobody else."""
        for request in requests:
            for function in self._settled:
                try:
                    function(request)
                except Exception:  # noqa: BLE001 - whatever a plugin raises
                    _log.exception("kubernel_settled of %s", request)


def _in_order(caller: Any) -> list[Callable[[Any], Any]] | None:  # noqa: ANN401 - pluggy's hook caller
    """Return a hook's implementations in the order in which pluggy calls them; ``None`` when one wraps the others."""
    implementations = caller.get_hookimpls()
    if any(i.wrapper or i.hookwrapper for i in implementations):
        return None
    return [_taking_one(i) for i in reversed(implementations)]


def _taking_one(implementation: pluggy.HookImpl) -> Callable[[Any], Any]:
    """Return an implementation as a function of the hook's one argument, which it may have left out."""
    return implementation.function if implementation.argnames else _without_argument(implementation.function)


def _without_argument(function: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda _argument: function()


def _first(functions: Sequence[Callable[[Any], Any]], argument: Any) -> Any:  # noqa: ANN401 - as the hook has it
    for function in functions:
        result = function(argument)
        if result is not None:
            return result
    return None


def load_hooks(builtin: Mapping[str, object], *, allow: AllowList | None = None) -> Hooks:
    """Register the built-in plugins and those that installed distributions announce.

    A distribution that does not fit is left out with its reason in `Hooks.refused` and in the log; the others work.

    Args:
        builtin: Name → module or object with ``hookimpl`` functions; asked in this order, before all others.
        allow: The fence around installed distributions; ``None`` reads it from the environment.
    """
    fence = AllowList.from_environment() if allow is None else allow
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(HookSpecs)
    refused: list[HookRefused] = []
    # pluggy asks the last registered first, so everything is registered in the reverse of the wanted order.
    for role, point in sorted(_announced(), key=lambda found: (found[1].name, found[0]), reverse=True):
        reason = _register(manager, role, point, fence)
        if reason:
            _log.error("plugin %s of role %s is not used: %s", point.name, role, reason)
            refused.append(HookRefused(role, point.name, _distribution(point), reason))
    for name, plugin in reversed(list(builtin.items())):
        manager.register(plugin, name)
        manager.check_pending()
    if os.environ.get(TRACE_VARIABLE) == "1":
        _trace(manager)
    return Hooks(manager, refused, builtin=list(builtin))


def _announced() -> Iterable[tuple[str, EntryPoint]]:
    found = entry_points()
    for role in HOOK_ROLES:
        for point in found.select(group=f"kubernel.{role}"):
            yield role, point


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _register(manager: pluggy.PluginManager, role: str, point: EntryPoint, allow: AllowList) -> str:
    """Register one entry point; return why not, or an empty string."""
    distribution = _distribution(point)
    if not allow.permits(distribution):
        return f"distribution {distribution} is not on the allow-list"
    name = f"{role}/{point.name}"
    try:
        loaded = point.load()
        plugin = loaded() if isinstance(loaded, type) else loaded
        if manager.register(plugin, name) is None:
            return "its name is blocked"
        manager.check_pending()
    except Exception as error:  # noqa: BLE001 - whatever a foreign distribution raises at import
        _log.debug("loading %s failed", point.value, exc_info=True)
        if manager.has_plugin(name):
            manager.unregister(name=name)
        return f"{type(error).__name__}: {error}"
    return ""


def _trace(manager: pluggy.PluginManager) -> None:
    """Log each call with the plugins that it reaches and what came of it, on standard error through logging."""

    def before(hook: str, implementations: Sequence[pluggy.HookImpl], arguments: Mapping[str, Any]) -> None:
        names = ", ".join(implementation.plugin_name for implementation in reversed(implementations))
        _log.warning("trace %s -> %s %s", hook, names or "nobody", dict(arguments))

    def after(
        outcome: "pluggy.Result[Any]",
        hook: str,
        _implementations: Sequence[pluggy.HookImpl],
        _arguments: Mapping[str, Any],
    ) -> None:
        result = outcome.exception or outcome.get_result()
        _log.warning("trace %s <- %r", hook, result)

    manager.add_hookcall_monitoring(before, after)
