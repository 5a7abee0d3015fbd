"""A candidate of the official client's leader election, as its example has it; says when it leads.

Usage: candidate.py KUBECONFIG NAMESPACE NAME
"""

import sys

from kubernetes import config
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock


def main() -> None:
    """Run until killed."""
    kubeconfig, namespace, name = sys.argv[1:]
    config.load_kube_config(kubeconfig)

    def lead() -> None:
        sys.stdout.write(f"{name} leads\n")
        sys.stdout.flush()

    settings = electionconfig.Config(
        LeaseLock("election", namespace, name),
        lease_duration=3,
        renew_deadline=2,
        retry_period=1,
        onstarted_leading=lead,
        onstopped_leading=None,
    )
    leaderelection.LeaderElection(settings).run()


if __name__ == "__main__":
    main()
