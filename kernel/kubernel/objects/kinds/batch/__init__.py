"""The kinds of the group ``batch``."""

from typing import Any

from kubernel.objects.kind import Kind
from kubernel.objects.kinds.batch.cron_job import CRON_JOB
from kubernel.objects.kinds.batch.job import JOB

__all__ = ["KINDS"]

KINDS: tuple[Kind[Any], ...] = (CRON_JOB, JOB)
