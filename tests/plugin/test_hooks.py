import logging
from collections.abc import Sequence
from typing import Any

import pytest
from kubernel.objects.errors import StatusError, unauthorized
from kubernel.objects.kind import Kind
from kubernel.objects.models import core, meta_of
from kubernel.plugin.allowlist import AllowList
from kubernel.plugin.hooks import (
    AdmissionRequest,
    Attributes,
    ConnectionInfo,
    Decision,
    Hooks,
    Identity,
    Verdict,
    hookimpl,
    load_hooks,
)

from tests.shelf import Shelf

NOBODY = AllowList.of()
ANON = ConnectionInfo(headers={"authorization": "Bearer s3cret"})
POD = Kind(core.Pod, "", "v1", "Pod", "pods", "pod", namespaced=True)


class Knows:
    def __init__(self, user: str | None) -> None:
        self._user = user

    @hookimpl
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        assert connection is ANON
        return Identity(self._user) if self._user else None


class Labels:
    def __init__(self, value: str) -> None:
        self._value = value

    @hookimpl
    def kubernel_mutate(self, request: AdmissionRequest) -> None:
        assert isinstance(request.obj, core.Pod)
        labels = meta_of(request.obj).labels or {}
        meta_of(request.obj).labels = {"seen": labels.get("seen", "") + self._value}


class Refuses:
    @hookimpl
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        raise unauthorized(f"not {request.attributes.verb}")


def _builtin(**plugins: object) -> Hooks:
    return load_hooks(plugins, allow=NOBODY)


def _creation(obj: core.Pod | None = None) -> AdmissionRequest:
    return AdmissionRequest(Attributes(Identity("me"), "create", "/api/v1/pods"), POD, obj)


def test_the_first_who_knows_answers_and_built_in_ones_are_asked_in_their_order() -> None:
    hooks = _builtin(a=Knows(None), b=Knows("second"), c=Knows("third"))

    assert hooks.authenticate(ANON) == Identity("second")


def test_nobody_knows() -> None:
    assert _builtin(a=Knows(None)).authenticate(ANON) is None


def test_nobody_has_an_opinion() -> None:
    assert _builtin().authorize(Attributes(Identity("me"), "get", "/version")) is None


def test_the_first_decision_counts() -> None:
    class Denies:
        @hookimpl
        def kubernel_authorize(self, attributes: Attributes) -> Decision | None:
            return Decision(Verdict.DENY, "no secrets") if attributes.resource == "secrets" else None

    class Allows:
        @hookimpl
        def kubernel_authorize(self) -> Decision:
            return Decision(Verdict.ALLOW)

    hooks = _builtin(denies=Denies(), allows=Allows())
    secrets = hooks.authorize(Attributes(Identity("me"), "get", "/x", resource="secrets"))
    pods = hooks.authorize(Attributes(Identity("me"), "get", "/x", resource="pods"))

    assert (secrets and secrets.is_allowed, pods and pods.is_allowed) == (False, True)


def test_mutations_see_each_other_in_order() -> None:
    pod = core.Pod()

    _builtin(a=Labels("a"), b=Labels("b")).mutate(_creation(pod))

    assert meta_of(pod).labels == {"seen": "ab"}


def test_a_refusal_ends_the_write() -> None:
    with pytest.raises(StatusError, match="not create"):
        _builtin(a=Refuses()).validate(_creation())


def test_kinds_of_all_plugins_are_collected() -> None:
    class Adds:
        @hookimpl
        def kubernel_kinds(self) -> Sequence[Kind[Any]]:
            return [POD]

    assert _builtin(a=Adds()).kinds() == [POD]


def test_a_distribution_is_asked_after_the_built_in_ones(shelf: Shelf) -> None:
    source = """
from kubernel.plugin.hooks import Identity, hookimpl

@hookimpl
def kubernel_authenticate(connection):
    return Identity("from outside")
"""
    shelf.add("acme-auth", {"authenticator:acme": "acme_auth"}, {"acme_auth": source})

    hooks = load_hooks({"a": Knows(None)}, allow=AllowList.of("acme-auth"))

    assert hooks.names == ("a", "authenticator/acme")
    assert hooks.authenticate(ANON) == Identity("from outside")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        (
            "from kubernel.plugin.hooks import hookimpl\n@hookimpl\ndef kubernel_autenticate(connection): ...",
            "unknown hook 'kubernel_autenticate'",
        ),
        (
            "from kubernel.plugin.hooks import hookimpl\n@hookimpl\ndef kubernel_authenticate(conn): ...",
            "Argument(s) {'conn'} are declared in the hookimpl",
        ),
    ],
)
def test_a_broken_distribution_is_left_out_and_the_others_work(shelf: Shelf, source: str, reason: str) -> None:
    shelf.add("acme-auth", {"authenticator:acme": "acme_broken"}, {"acme_broken": source})

    hooks = load_hooks({"a": Knows("me")}, allow=AllowList.of("acme-auth"))

    assert hooks.authenticate(ANON) == Identity("me")
    (refused,) = (each for each in hooks.refused if each.distribution == "acme-auth")
    assert refused.name == "acme"
    assert reason in refused.reason


def test_the_allow_list_holds_for_hooks_too(shelf: Shelf) -> None:
    shelf.add("acme-auth", {"authenticator:acme": "acme_unseen"}, {"acme_unseen": "raise RuntimeError"})

    (refused,) = (each for each in load_hooks({}, allow=NOBODY).refused if each.distribution == "acme-auth")
    assert "not on the allow-list" in refused.reason


def test_each_call_can_be_traced_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KUBERNEL_TRACE_PLUGINS", "1")

    with caplog.at_level(logging.WARNING):
        _builtin(knows=Knows("me")).authenticate(ANON)

    assert "kubernel_authenticate -> knows" in caplog.text
    assert "user='me'" in caplog.text
    assert "s3cret" not in caplog.text


def test_settled_writes_are_told_of_even_when_somebody_fails(caplog: pytest.LogCaptureFixture) -> None:
    told: list[AdmissionRequest] = []

    class Fails:
        @hookimpl(tryfirst=True)
        def kubernel_settled(self, request: AdmissionRequest) -> None:
            raise RuntimeError(f"cannot let go of {request.attributes.path}")

    class Listens:
        @hookimpl
        def kubernel_settled(self, request: AdmissionRequest) -> None:
            told.append(request)

    hooks = _builtin(listens=Listens(), fails=Fails())
    first, second = _creation(), _creation()

    hooks.settled([first, second])

    assert hooks.follows_writes
    assert told == [first, second]
    assert "cannot let go of /api/v1/pods" in caplog.text


def test_defaults_are_filled_in_again_only_when_somebody_from_outside_changed_something(shelf: Shelf) -> None:
    source = """
from kubernel.plugin.hooks import hookimpl

@hookimpl
def kubernel_mutate(request):
    return request.dry_run
"""
    shelf.add("acme-adm", {"admission:acme": "acme_adm"}, {"acme_adm": source})
    hooks = load_hooks({"a": Labels("a")}, allow=AllowList.of("acme-adm"))
    changing = AdmissionRequest(Attributes(Identity("me"), "create", "/"), POD, core.Pod(), dry_run=True)

    assert hooks.mutate(changing) is True
    assert hooks.mutate(_creation(core.Pod())) is False
