"""What a command says when it cannot do its work: one sentence with the cure, and an exit code."""

import click

__all__ = ["Failure", "Refused", "Unreachable"]


class Failure(click.ClickException):
    """The command could not do its work; ``main`` prints the message as one line and exits with 1."""

    exit_code = 1


class Unreachable(Failure):
    """No API server answers at the address."""


class Refused(Failure):
    """The API server answered with an error.

    Attributes:
        code: The HTTP status code.
        reason: The Status' reason, such as ``NotFound``.
    """

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
