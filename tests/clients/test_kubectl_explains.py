"""``kubectl explain`` of fields deep in kinds of every group."""

import pytest

from tests.clients.kubectls import Kubectl, every_kubectl
from tests.e2e.cluster import Cluster

FIELDS = (
    ("pod.spec.containers.livenessProbe.httpGet.port", "IntOrString"),
    ("pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms", "match"),
    ("pod.status.containerStatuses.lastState.terminated.exitCode", "Exit status"),
    ("node.status.conditions.reason", "reason"),
    ("service.spec.ports.appProtocol", "protocol"),
    ("persistentvolumeclaim.spec.resources.requests", "map[string]Quantity"),
    ("deployment.spec.strategy.rollingUpdate.maxSurge", "IntOrString"),
    ("statefulset.spec.volumeClaimTemplates.spec.accessModes", "[]string"),
    ("cronjob.spec.jobTemplate.spec.podFailurePolicy.rules.onExitCodes.operator", "NotIn"),
    ("horizontalpodautoscaler.spec.metrics.resource.target.averageUtilization", "integer"),
    ("ingress.spec.rules.http.paths.backend.service.port.number", "integer"),
    ("networkpolicy.spec.ingress.from.ipBlock.cidr", "string"),
    ("poddisruptionbudget.spec.unhealthyPodEvictionPolicy", "AlwaysAllow"),
    ("clusterrole.aggregationRule.clusterRoleSelectors.matchExpressions.operator", "operator"),
    ("endpointslice.endpoints.conditions.serving", "boolean"),
    ("lease.spec.renewTime", "to the microsecond"),
    ("event.series.count", "integer"),
    ("storageclass.allowedTopologies.matchLabelExpressions.values", "[]string"),
    ("validatingwebhookconfiguration.webhooks.clientConfig.caBundle", "string"),
    ("customresourcedefinition.spec.versions.schema.openAPIV3Schema.properties", "map[string]JSONSchemaProps"),
    ("apiservice.spec.insecureSkipTLSVerify", "boolean"),
    ("certificatesigningrequest.spec.signerName", "signer"),
    ("resourcequota.spec.scopeSelector.matchExpressions.scopeName", "scope"),
    ("prioritylevelconfiguration.spec.limited.limitResponse.queuing.queues", "integer"),
    ("plugin.spec", "What is wanted."),
)


@every_kubectl("1.20", "1.33")
@pytest.mark.parametrize(("field", "says"), FIELDS, ids=[field for field, _ in FIELDS])
def test_kubectl_explains_a_field(cluster: Cluster, namespace: str, version: str, field: str, says: str) -> None:
    explained = Kubectl(cluster, namespace, version)("explain", field)

    assert f"FIELD: {field.rpartition('.')[2]}" in explained
    assert says in explained
