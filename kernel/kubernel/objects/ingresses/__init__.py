"""Rules of an Ingress: its hosts, its paths, and the backends that they lead to."""

from kubernel.objects.ingresses.backends import backend_errors, object_reference_errors
from kubernel.objects.ingresses.rules import rule_errors, tls_errors

__all__ = ["backend_errors", "object_reference_errors", "rule_errors", "tls_errors"]
