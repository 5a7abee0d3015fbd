"""What can be wrong with starting or stopping a cluster, as one sentence for the person in front of it."""

__all__ = ["ClusterError"]


class ClusterError(Exception):
    """The cluster cannot be started, stopped or asked; the message says why and what to do."""
