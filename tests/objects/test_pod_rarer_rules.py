"""Rules of the rarer parts of a pod: devices, claims, profiles, systems, restarts, volumes of every type."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernel.objects.kinds import POD
from kubernel.objects.models import Plain

from tests.objects.altering import changed

Create = Callable[..., Any]
Complain = Callable[..., list[str]]

SMALL: Plain = {"spec": {"containers": [{"name": "c", "image": "i"}]}}
C = "spec.containers[0]"
S = "spec.securityContext"
V = "spec.volumes[0]"
WINDOWS = {"spec.os": {"name": "windows"}}


def volume(**source: Any) -> Plain:
    return {"spec.volumes": [{"name": "v", **source}]}


def spread(**more: Any) -> Plain:
    constraint = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway", **more}
    return {"spec.topologySpreadConstraints": [constraint]}


BROKEN: list[tuple[Plain, list[str]]] = [
    (
        {f"{C}.volumeDevices": [{"name": "v", "devicePath": "/a/../b"}], **volume(emptyDir={})},
        [
            (
                f'{C}.volumeDevices[0].name: Invalid value: "v": '
                "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            ),
            f"{C}.volumeDevices[0].devicePath: Invalid value: \"/a/../b\": can not contain backsteps ('..')",
        ],
    ),
    (
        {
            f"{C}.volumeMounts": [{"name": "v", "mountPath": "/a", "mountPropagation": "Bidirectional"}],
            **volume(emptyDir={}),
        },
        [
            (
                f"{C}.volumeMounts[0].mountPropagation: Forbidden: "
                "Bidirectional mount propagation is available only to privileged containers"
            )
        ],
    ),
    (
        {
            f"{C}.volumeMounts": [{"name": "v", "mountPath": "/a", "recursiveReadOnly": "Enabled"}],
            **volume(emptyDir={}),
        },
        [f"{C}.volumeMounts[0].recursiveReadOnly: Forbidden: may only be specified when readOnly is true"],
    ),
    (
        {
            f"{C}.resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}],
            "spec.restartPolicy": "Never",
        },
        [
            (
                f'{C}.resizePolicy: Invalid value: "RestartContainer": '
                "must be 'NotRequired' when `restartPolicy` is 'Never'"
            )
        ],
    ),
    (
        {f"{C}.restartPolicyRules": [{"action": "Explode"}]},
        [
            f"{C}.restartPolicy: Required value: must specify restartPolicy when restart rules are used",
            (
                f'{C}.restartPolicyRules[0].action: Unsupported value: "Explode": '
                'supported values: "Restart", "RestartAllContainers"'
            ),
            f"{C}.restartPolicyRules[0].exitCodes: Required value: must be specified",
        ],
    ),
    (
        {f"{C}.lifecycle": {"stopSignal": "SIGTERM"}},
        [f"{C}.lifecycle.stopSignal: Forbidden: may not be set for containers with empty `spec.os.name`"],
    ),
    ({f"{C}.lifecycle": {"stopSignal": "SIGRTMIN+3"}, "spec.os": {"name": "linux"}}, []),
    (
        {f"{C}.resources": {"claims": [{"name": "gpu"}]}},
        [f'{C}.resources.claims[0].name: Not found: "gpu"'],
    ),
    (
        {"spec.resourceClaims": [{"name": "gpu"}]},
        [
            (
                'spec.resourceClaims[0]: Invalid value: {"name":"gpu"}: '
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            )
        ],
    ),
    (
        {"spec.resources": {"requests": {"cpu": "1"}}, f"{C}.resources": {"requests": {"cpu": "2"}}},
        [
            (
                'spec.resources.requests[cpu]: Invalid value: "1": '
                "must be greater than or equal to aggregate container requests of 2"
            )
        ],
    ),
    (
        {"spec.hostUsers": False, "spec.hostPID": True},
        ["spec.HostPID: Forbidden: when `hostUsers` is false"],
    ),
    (
        {f"{S}.seccompProfile": {"type": "Localhost"}, f"{S}.appArmorProfile": {"type": "Odd"}},
        [
            f"{S}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
            (
                f'{S}.appArmorProfile.type: Unsupported value: "Odd": '
                'supported values: "Localhost", "RuntimeDefault", "Unconfined"'
            ),
        ],
    ),
    (
        {
            f"{S}.sysctls": [{"name": "net.core.somaxconn", "value": "1"}, {"name": "A", "value": "1"}],
            "spec.hostNetwork": True,
        },
        [
            (
                f'{S}.sysctls[0].name: Invalid value: "net.core.somaxconn": '
                "may not be specified when 'hostNetwork' is true"
            ),
            (
                f'{S}.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex '
                r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
            ),
        ],
    ),
    (
        {f"{S}.supplementalGroupsPolicy": "Loose"},
        [f'{S}.supplementalGroupsPolicy: Unsupported value: "Loose": supported values: "Merge", "Strict"'],
    ),
    (
        {f"{C}.securityContext": {"procMount": "Unmasked"}},
        [(f'{C}.securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`')],
    ),
    (
        {**WINDOWS, f"{S}.runAsUser": 1, f"{C}.securityContext": {"privileged": False}},
        [
            f"{S}.runAsUser: Forbidden: cannot be set for a windows pod",
            f"{C}.securityContext.privileged: Forbidden: cannot be set for a windows pod",
        ],
    ),
    (
        {"spec.os": {"name": "linux"}, f"{S}.windowsOptions": {}},
        [f"{S}.windowsOptions: Forbidden: windows options cannot be set for a linux pod"],
    ),
    (
        {"spec.schedulingGates": [{"name": "a"}, {"name": "a"}]},
        ['spec.schedulingGates[1]: Duplicate value: "a"'],
    ),
    (
        spread(minDomains=1, nodeTaintsPolicy="Maybe", matchLabelKeys=["a"]),
        [
            (
                "spec.topologySpreadConstraints[0].minDomains: Invalid value: 1: "
                "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway"
            ),
            (
                'spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "Maybe": '
                'supported values: "Honor", "Ignore"'
            ),
            (
                "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: "
                "must not be specified when labelSelector is not set"
            ),
        ],
    ),
    (
        {"spec.dnsConfig": {"nameservers": ["1.1.1.1"] * 4, "options": [{"value": "1"}]}},
        [
            (
                'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.1","1.1.1.1","1.1.1.1"]: '
                "must not have more than 3 nameservers"
            ),
            "spec.dnsConfig.options[0]: Required value: must not be empty",
        ],
    ),
    (volume(csi={"driver": "d.example.com"}), []),
    (
        volume(rbd={"monitors": [], "image": ""}),
        [f"{V}.rbd.monitors: Required value", f"{V}.rbd.image: Required value"],
    ),
    (
        volume(gitRepo={"repository": "r", "directory": "../x"}),
        [f"{V}.gitRepo.directory: Invalid value: \"../x\": must not contain '..'"],
    ),
    (volume(image={}), [f"{V}.image.reference: Required value"]),
    (
        volume(ephemeral={"volumeClaimTemplate": {"spec": {"accessModes": []}}}),
        [
            f"{V}.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required",
            f"{V}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
        ],
    ),
    (
        volume(projected={"sources": [{"clusterTrustBundle": {"path": "ca"}}]}),
        [f"{V}.projected.sources[0].clusterTrustBundle: Required value: either name or signerName must be specified"],
    ),
    (
        volume(projected={"sources": [{"podCertificate": {"keyType": "DSA", "signerName": "a.io/b", "keyPath": "k"}}]}),
        [
            (
                f'{V}.projected.sources[0].podCertificate.keyType: Unsupported value: "DSA": supported values: '
                '"ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519", "RSA3072", "RSA4096"'
            )
        ],
    ),
    (
        {
            f"{C}.env": [{"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "a", "key": "K"}}}],
            **volume(hostPath={"path": "/"}),
        },
        [
            (
                f'{C}.env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": '
                "referenced volume must be of type emptyDir"
            )
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), BROKEN)
def test_rule_is_kept_in_the_words_of_kubernetes(complaints: Complain, change: Plain, expected: list[str]) -> None:
    assert complaints(POD, changed(SMALL, **change)) == expected


def test_pod_requests_what_its_containers_do_where_it_is_limited_as_a_whole(create: Create) -> None:
    resources = {
        "spec.resources": {"limits": {"cpu": "4", "memory": "1Gi"}},
        f"{C}.resources": {"requests": {"cpu": "500m"}},
    }

    pod = create(POD, changed(SMALL, **resources))

    assert pod.spec.resources.requests == {"cpu": "500m", "memory": "1Gi"}
    assert pod.status.qosClass == "Burstable"
