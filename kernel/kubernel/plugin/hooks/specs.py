"""Which hooks exist: their signatures and their promises.

The docstrings have one shape (Called, Args, Returns, If a plugin raises, Since) and a test reads them. Built-in
implementations are asked first, then those of installed distributions by name; pluggy's ``tryfirst`` and
``trylast`` move one within that order.
"""

from collections.abc import Sequence
from typing import Any

import pluggy

from kubernel.objects.kind import Kind
from kubernel.plugin.hooks.values import AdmissionRequest, Attributes, ConnectionInfo, Decision, Identity, Rules

__all__ = ["PROJECT", "HookSpecs", "hookimpl"]

PROJECT = "kubernel"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function or method as the implementation of the hook of the same name."""


class HookSpecs:
    """The hooks of the API server's process."""

    @hookspec
    def kubernel_kinds(self) -> Sequence[Kind[Any]]:  # type: ignore[empty-body]
        """Add kinds of objects to the API (role ``resources``).

        Called: Once in each API server process, at its start, before it listens.

        Args:
            None.

        Returns:
            The kinds, built-in ones of a small file each (``kubernel.objects.kinds``) being the pattern.

        If a plugin raises: The API server does not start, because objects of that kind would be out of reach.

        Since: 0.1.0
        """

    @hookspec(firstresult=True)
    def kubernel_authenticate(self, connection: ConnectionInfo) -> Identity | None:
        """Say who sends a request (role ``authenticator``).

        Called: For each request, first of all, until one plugin answers; when none does the client gets 401.

        Args:
            connection: The request's headers, peer and certificate.

        Returns:
            The identity, or ``None`` when these credentials are not of your sort.

        If a plugin raises: ``StatusError`` is sent to the client (401 for credentials that are yours and wrong);
        anything else becomes 500. The request goes no further in either case.

        Since: 0.1.0
        """

    @hookspec(firstresult=True)
    def kubernel_authorize(self, attributes: Attributes) -> Decision | None:
        """Say whether a request is allowed (role ``authorizer``).

        Called: For each authenticated request, until one plugin answers; when none does the client gets 403.

        Args:
            attributes: Who asks for what.

        Returns:
            A decision, or ``None`` for no opinion.

        If a plugin raises: ``StatusError`` is sent to the client, anything else becomes 500; the request is refused.

        Since: 0.1.0
        """

    @hookspec
    def kubernel_rules(self, identity: Identity, namespace: str) -> Rules | None:
        """List what somebody may do in a namespace (role ``authorizer``).

        Called: For each SelfSubjectRulesReview (``kubectl auth can-i --list``), all plugins; the answers are put
        together. Whether a request is allowed is never decided by it.

        Args:
            identity: Who is meant.
            namespace: Where.

        Returns:
            The rules, or ``None`` when this plugin allows this one nothing. A plugin that cannot list what it allows
            says so with ``is_incomplete``.

        If a plugin raises: ``StatusError`` is sent to the client, anything else becomes 500.

        Since: 0.2.0
        """

    @hookspec
    def kubernel_mutate(self, request: AdmissionRequest) -> bool | None:
        """Complete an object before it is validated (role ``admission``).

        Called: For each create, update and patch, after decoding and defaulting, in order; a change by one plugin
        is seen by the next. A write that meets a conflict is admitted again, so a second call must do no harm.

        Args:
            request: The write; change ``request.obj`` in place.

        Returns:
            ``False`` when nothing was changed; else the kind's defaults are filled in again afterwards.

        If a plugin raises: The write is refused: ``StatusError`` as it is, anything else as 500.

        Since: 0.1.0
        """

    @hookspec
    def kubernel_validate(self, request: AdmissionRequest) -> None:
        """Refuse a write (role ``admission``).

        Called: For each create, update, patch and delete, after all of ``kubernel_mutate`` and after the kind's own
        validation, in order, until one raises.

        Args:
            request: The write; do not change anything.

        Returns:
            Nothing; returning means consent.

        If a plugin raises: The write is refused: ``StatusError`` as it is, anything else as 500.

        Since: 0.1.0
        """

    @hookspec
    def kubernel_settled(self, request: AdmissionRequest) -> None:
        """Learn that a write is over (role ``admission``), for who keeps something for it meanwhile.

        Called: Once for each request that ``kubernel_validate`` may have been asked about, after its client's request
        is done: stored, refused, or given up. ``request.cluster`` shows which.

        Args:
            request: The write; the same object that ``kubernel_validate`` was given.

        Returns:
            Nothing.

        If a plugin raises: It is logged; the write is what it is.

        Since: 0.2.0
        """
