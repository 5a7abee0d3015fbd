"""The dress rehearsal before a swap: load the new drivers and put them to the quick checks of their contracts.

It runs in a process of its own, because loading runs foreign code: whatever that does, neither the supervisor nor
the driver that is in service takes part in it.
"""

import asyncio
import faulthandler
import logging
import tempfile
from pathlib import Path

from kubernel.host.logs import log_to_stdout
from kubernel.host.main import HostExit
from kubernel.host.reports import Checked, Refused, ReportWriter
from kubernel.host.spec import DriverSpec, HostSpec
from kubernel.plugin.conformance import check_driver
from kubernel.plugin.loading import PluginRefused, construct, load_driver

__all__ = ["run_check"]


def run_check(spec: HostSpec, reports_fd: int) -> HostExit:
    """Check all drivers of a host that is to be, and report `Checked` or `Refused`."""
    faulthandler.enable()
    log_to_stdout()
    log = logging.getLogger(spec.component)
    reports = ReportWriter(reports_fd)
    try:
        failures = tuple(failure for driver in (spec.driver, *spec.uses) for failure in _failures(driver, spec))
    except PluginRefused as error:
        log.error("check: %s%s", error.reason, f"\n{error.trace.rstrip()}" if error.trace else "")  # noqa: TRY400
        reports.send(Refused(error.reason, error.trace))
        return HostExit.REFUSED
    for failure in failures:
        log.error("check: %s", failure)
    reports.send(Checked(failures))
    return HostExit.REFUSED if failures else HostExit.STOPPED


def _failures(driver: DriverSpec, spec: HostSpec) -> list[str]:
    plugin = construct(load_driver(driver.role, driver.name), driver.config)
    with tempfile.TemporaryDirectory(prefix="check-", dir=Path(spec.data, "run")) as workspace:
        findings = asyncio.run(check_driver(driver.role, plugin, Path(workspace), quick=True))
    return [
        f"{driver.role} {driver.name!r} fails the check {finding.check!r}: {finding.message}"
        for finding in findings
        if not finding.passed
    ]
