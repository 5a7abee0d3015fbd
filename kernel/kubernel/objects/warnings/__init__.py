"""What clients are warned of: fields and names that do nothing, or soon will not, or do not do what they seem to.

A write that warns succeeds all the same; kubectl prints the sentences. A kind says in `Kind.warnings` which of these
it has. On the path of every write, so each looks first whether there is anything to look at.

Source: Kubernetes' ``pkg/api/pod/warnings.go``, ``pkg/api/node``, and ``WarningsOnCreate`` of the kinds' strategies.
"""

from kubernel.objects.warnings.containers import fraction_warnings
from kubernel.objects.warnings.finalizers import finalizer_warnings
from kubernel.objects.warnings.labels import deprecation_of, expression_warnings
from kubernel.objects.warnings.pods import pod_warnings
from kubernel.objects.warnings.volumes import STORAGE_CLASS_WARNING, source_warnings
from kubernel.objects.warnings.workloads import job_template_warnings, pod_template_warnings, workload_warnings

__all__ = [
    "STORAGE_CLASS_WARNING",
    "deprecation_of",
    "expression_warnings",
    "finalizer_warnings",
    "fraction_warnings",
    "job_template_warnings",
    "pod_template_warnings",
    "pod_warnings",
    "source_warnings",
    "workload_warnings",
]
