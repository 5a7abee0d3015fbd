"""The conformance kit: what a contract promises, as checks that run against a real driver.

One module a role holds the checks (``CHECKS``); `check` holds the frame. A new role's suite is one more module of
the role's name; nothing needs to be registered.
"""

from kubernel.plugin.conformance.check import Check, Finding, check_driver, run_checks, suite_of

__all__ = ["Check", "Finding", "check_driver", "run_checks", "suite_of"]
