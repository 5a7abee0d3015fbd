"""What expressions about a write can name, and the types of it.

Source: "ValidatingAdmissionPolicy" and "matchConditions" in Kubernetes' documentation of ``admissionregistration``.
"""

from collections.abc import Mapping

from kubernel.objects.cel.functions.authorization import AUTHORIZER, RESOURCE_CHECK

__all__ = ["CONDITION_VARIABLES", "POLICY_VARIABLES"]

CONDITION_VARIABLES: Mapping[str, str] = {
    "object": "dyn",
    "oldObject": "dyn",
    "request": "dyn",
    "authorizer": AUTHORIZER,
    "authorizer.requestResource": RESOURCE_CHECK,
}
"""Of match conditions of webhooks."""

POLICY_VARIABLES: Mapping[str, str] = {
    **CONDITION_VARIABLES,
    "namespaceObject": "dyn",
    "params": "dyn",
    "variables": "map<string, dyn>",
}
"""Of expressions of policies."""
