"""The least that each kind needs to be created, by `Kind.resource`; a kind that is not here needs nothing."""

from typing import Any

import msgspec
from kubernel.objects.kind import Kind
from kubernel.objects.models import Plain

__all__ = ["SAMPLES", "bare_object", "sample_of"]

_CONTAINERS: Plain = {"containers": [{"name": "c", "image": "i"}]}
_TEMPLATE: Plain = {"metadata": {"labels": {"App": "Nifty"}}, "spec": _CONTAINERS}
_ENDING: Plain = {"spec": {**_CONTAINERS, "restartPolicy": "Never"}}
_WORKLOAD: Plain = {
    "selector": {"matchLabels": {"app": "web"}},
    "template": {"metadata": {"labels": {"app": "web"}}, "spec": _CONTAINERS},
}

_REQUEST = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHTk1FRUNBUUF3RGpFTU1Bb0dBMVVFQXd3RFlXUmhNQ293"
    "QlFZREsyVndBeUVBU0tZYkhkRGNHNHhKL2Z1MApwTVdYTGZkU3hobkxQQldEa29HRFYwb0NGeHlnQURBRkJnTXJaWEFEUVFB"
    "eXRjWlNweTYvcjdHdHFIOVd5N3AxClA4dFlBRloyUXQyMUVhak5PUy9ObVo2S1lDcDA0ZzVtdDhJYkpBbHJ6YmRXdHdlQ1FT"
    "eW9ScFlJU0JhK2lHQUUKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg=="
)
"""A request for a certificate of the user ada, signed with a key that nobody kept."""
_WEBHOOK: Plain = {
    "name": "pods.example.com",
    "clientConfig": {"url": "https://127.0.0.1/pods"},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}
_RULES: Plain = {
    "resourceRules": [{"operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}],
}
_MUTATION: Plain = {"patchType": "JSONPatch", "jsonPatch": {"expression": "[]"}}

SAMPLES: dict[str, Plain] = {
    "apiservices.apiregistration.k8s.io": {
        "metadata": {"name": "v1.example.com"},
        "spec": {
            "group": "example.com",
            "version": "v1",
            "service": {"namespace": "default", "name": "api"},
            "groupPriorityMinimum": 1000,
            "versionPriority": 15,
        },
    },
    "certificatesigningrequests.certificates.k8s.io": {
        "spec": {"request": _REQUEST, "signerName": "example.com/signer", "usages": ["client auth"]},
    },
    "flowschemas.flowcontrol.apiserver.k8s.io": {"spec": {"priorityLevelConfiguration": {"name": "low"}}},
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": {
        "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Reject"}}},
    },
    "runtimeclasses.node.k8s.io": {"handler": "crun"},
    "mutatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {"matchConstraints": _RULES, "mutations": [_MUTATION], "reinvocationPolicy": "Never"},
    },
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io": {"spec": {"policyName": "p"}},
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": {"webhooks": [_WEBHOOK]},
    "validatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {"matchConstraints": _RULES, "validations": [{"expression": "true"}]},
    },
    "validatingadmissionpolicybindings.admissionregistration.k8s.io": {
        "spec": {"policyName": "p", "validationActions": ["Deny"]},
    },
    "validatingwebhookconfigurations.admissionregistration.k8s.io": {"webhooks": [_WEBHOOK]},
    "csidrivers.storage.k8s.io": {"spec": {}},
    "csinodes.storage.k8s.io": {"spec": {"drivers": []}},
    "csistoragecapacities.storage.k8s.io": {"storageClassName": "fast"},
    "events.events.k8s.io": {
        "regarding": {"namespace": "default"},
        "eventTime": "2026-11-23T12:00:00Z",
        "reportingController": "kubernel.dev/agent",
        "reportingInstance": "n1",
        "action": "Starting",
        "reason": "Started",
        "type": "Normal",
    },
    "persistentvolumeclaims": {
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    },
    "persistentvolumes": {
        "spec": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/x"}},
    },
    "storageclasses.storage.k8s.io": {"provisioner": "example.com/disk"},
    "volumeattachments.storage.k8s.io": {
        "spec": {"attacher": "example.com", "nodeName": "n1", "source": {"persistentVolumeName": "v"}},
    },
    "volumeattributesclasses.storage.k8s.io": {"driverName": "example.com", "parameters": {"iops": "1"}},
    "clusterrolebindings.rbac.authorization.k8s.io": {"roleRef": {"kind": "ClusterRole", "name": "view"}},
    "customresourcedefinitions.apiextensions.k8s.io": {
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object"}},
                }
            ],
        },
    },
    "endpointslices.discovery.k8s.io": {"addressType": "IPv4"},
    "ingressclasses.networking.k8s.io": {"spec": {"controller": "example.com/ingress"}},
    "ingresses.networking.k8s.io": {
        "spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
    },
    "ipaddresses.networking.k8s.io": {
        "metadata": {"name": "127.96.0.1"},
        "spec": {"parentRef": {"resource": "services", "name": "web"}},
    },
    "devicetaintrules.resource.k8s.io": {"spec": {"taint": {"key": "broken", "effect": "NoSchedule"}}},
    "resourceclaims.resource.k8s.io": {
        "spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com"}}]}},
    },
    "resourceslices.resource.k8s.io": {
        "spec": {
            "driver": "gpu.example.com",
            "pool": {"name": "n1", "generation": 0, "resourceSliceCount": 1},
            "nodeName": "n1",
        },
    },
    "storageversionmigrations.storagemigration.k8s.io": {"spec": {"resource": {"group": "", "resource": "secrets"}}},
    "rolebindings.rbac.authorization.k8s.io": {"roleRef": {"kind": "Role", "name": "reader"}},
    "servicecidrs.networking.k8s.io": {"spec": {"cidrs": ["127.96.0.0/12"]}},
    "events": {"involvedObject": {}},
    "plugins.kubernel.dev": {"spec": {"role": "scheduler", "driver": "binpack"}},
    "pods": {"spec": _CONTAINERS},
    "replicationcontrollers": {"spec": {"template": _TEMPLATE}},
    "services": {"spec": {"ports": [{"port": 80}]}},
    "controllerrevisions.apps": {"data": {"spec": {}}, "revision": 1},
    "daemonsets.apps": {"spec": _WORKLOAD},
    "deployments.apps": {"spec": _WORKLOAD},
    "replicasets.apps": {"spec": _WORKLOAD},
    "statefulsets.apps": {"spec": _WORKLOAD},
    "cronjobs.batch": {"spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": _ENDING}}}},
    "jobs.batch": {"spec": {"template": _ENDING}},
    "horizontalpodautoscalers.autoscaling": {
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web", "apiVersion": "apps/v1"}, "maxReplicas": 3}
    },
    "podtemplates": {"template": _TEMPLATE},
    "priorityclasses.scheduling.k8s.io": {"value": 7},
}


def sample_of(kind: Kind[Any]) -> Plain:
    """Return the least valid object of a kind, without a name."""
    return SAMPLES.get(kind.resource, {})


def bare_object(kind: Kind[Any]) -> Any:
    """Return an object of a kind in which everything that can be absent is absent."""
    return msgspec.convert(_bare(kind.type), kind.type)


def _bare(struct: type) -> Plain:
    empty: dict[Any, Any] = {str: "", int: 0, bool: False, list: [], dict: {}}
    plain: Plain = {}
    for field in msgspec.structs.fields(struct):
        if field.required:
            is_struct = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
            value = _bare(field.type) if is_struct else empty.get(getattr(field.type, "__origin__", field.type))
            plain[field.encode_name] = "2026-11-23T12:00:00Z" if value is None else value
    return plain
