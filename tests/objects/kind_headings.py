"""The headings of ``kubectl get`` for each kind, by `Kind.resource`; a star is shown with ``-o wide`` only."""

HEADINGS = {
    "csidrivers.storage.k8s.io": (
        "Name AttachRequired PodInfoOnMount StorageCapacity TokenRequests RequiresRepublish Modes Age"
    ),
    "csinodes.storage.k8s.io": "Name Drivers Age",
    "csistoragecapacities.storage.k8s.io": "Name StorageClassName Capacity",
    "events.events.k8s.io": "Last Seen,Type,Reason,Object,Subobject*,Source*,Message,First Seen*,Count*,Name*",
    "limitranges": "Name,Created At",
    "persistentvolumeclaims": (
        "Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age,VolumeMode*"
    ),
    "persistentvolumes": (
        "Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,VolumeAttributesClass,Reason,Age,"
        "VolumeMode*"
    ),
    "resourcequotas": "Name Request Limit Age",
    "storageclasses.storage.k8s.io": "Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age",
    "volumeattachments.storage.k8s.io": "Name Attacher PV Node Attached Age",
    "volumeattributesclasses.storage.k8s.io": "Name DriverName Age",
    "clusterrolebindings.rbac.authorization.k8s.io": "Name Role Age Users* Groups* ServiceAccounts*",
    "clusterroles.rbac.authorization.k8s.io": "Name,Created At",
    "endpointslices.discovery.k8s.io": "Name AddressType Ports Endpoints Age",
    "ingressclasses.networking.k8s.io": "Name Controller Parameters Age",
    "ingresses.networking.k8s.io": "Name Class Hosts Address Ports Age",
    "ipaddresses.networking.k8s.io": "Name ParentRef Age",
    "networkpolicies.networking.k8s.io": "Name Pod-Selector Age",
    "rolebindings.rbac.authorization.k8s.io": "Name Role Age Users* Groups* ServiceAccounts*",
    "roles.rbac.authorization.k8s.io": "Name,Created At",
    "servicecidrs.networking.k8s.io": "Name CIDRs Age",
    "customresourcedefinitions.apiextensions.k8s.io": (
        "Name,Scope,Versions,Created At,Group*,Kind*,ShortNames*,Established*"
    ),
    "apiservices.apiregistration.k8s.io": "Name Service Available Age",
    "certificatesigningrequests.certificates.k8s.io": ("Name Age SignerName Requestor RequestedDuration Condition"),
    "componentstatuses": "Name Status Message Error",
    "flowschemas.flowcontrol.apiserver.k8s.io": (
        "Name PriorityLevel MatchingPrecedence DistinguisherMethod Age MissingPL"
    ),
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": (
        "Name Type NominalConcurrencyShares Queues HandSize QueueLengthLimit Age"
    ),
    "runtimeclasses.node.k8s.io": "Name Handler Age",
    "mutatingadmissionpolicies.admissionregistration.k8s.io": "Name Mutations ParamKind Age",
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io": "Name PolicyName ParamRef Age",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": "Name Webhooks Age",
    "validatingadmissionpolicies.admissionregistration.k8s.io": "Name Validations ParamKind Age",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io": "Name PolicyName ParamRef Age",
    "validatingwebhookconfigurations.admissionregistration.k8s.io": "Name Webhooks Age",
    "deviceclasses.resource.k8s.io": "Name Age",
    "devicetaintrules.resource.k8s.io": "Name,Created At",
    "resourceclaims.resource.k8s.io": "Name State Age",
    "resourceclaimtemplates.resource.k8s.io": "Name Age",
    "resourceslices.resource.k8s.io": "Name Node Driver Pool Age",
    "storageversionmigrations.storagemigration.k8s.io": "Name Resource",
    "configmaps": "Name Data Age",
    "endpoints": "Name Endpoints Age",
    "events": "Last Seen,Type,Reason,Object,Subobject*,Source*,Message,First Seen*,Count*,Name*",
    "leases.coordination.k8s.io": "Name Holder Age",
    "namespaces": "Name Status Age",
    "nodes": "Name,Status,Roles,Age,Version,Internal-IP*,External-IP*,OS-Image*,Kernel-Version*,Container-Runtime*",
    "plugins.kubernel.dev": "Name Role Driver Active Status Restarts Age Distribution* Message*",
    "pods": "Name,Ready,Status,Restarts,Age,IP*,Node*,Nominated Node*,Readiness Gates*",
    "replicationcontrollers": "Name Desired Current Ready Age Containers* Images* Selector*",
    "secrets": "Name Type Data Age",
    "serviceaccounts": "Name Secrets Age",
    "services": "Name Type Cluster-IP External-IP Port(s) Age Selector*",
    "controllerrevisions.apps": "Name Controller Revision Age",
    "daemonsets.apps": (
        "Name,Desired,Current,Ready,Up-to-date,Available,Node Selector,Age,Containers*,Images*,Selector*"
    ),
    "deployments.apps": "Name Ready Up-to-date Available Age Containers* Images* Selector*",
    "replicasets.apps": "Name Desired Current Ready Age Containers* Images* Selector*",
    "statefulsets.apps": "Name Ready Age Containers* Images*",
    "cronjobs.batch": ("Name,Schedule,Timezone,Suspend,Active,Last Schedule,Age,Containers*,Images*,Selector*"),
    "jobs.batch": "Name Status Completions Duration Age Containers* Images* Selector*",
    "horizontalpodautoscalers.autoscaling": "Name Reference Targets MinPods MaxPods Replicas Age",
    "poddisruptionbudgets.policy": "Name,Min Available,Max Unavailable,Allowed Disruptions,Age",
    "podtemplates": "Name,Containers,Images,Pod Labels",
    "priorityclasses.scheduling.k8s.io": "Name Value Global-Default Age PreemptionPolicy",
}
"""Separated by commas where a heading has a space in it, else by spaces."""
