"""``kubernel down``: ask the running cluster to end, and wait until it has."""

import os
import signal
import time
from pathlib import Path

from kubernel.cluster.errors import ClusterError
from kubernel.cluster.leftovers import end_leftovers
from kubernel.cluster.state.datadir import DataDir
from kubernel.cluster.state.lock import holder

__all__ = ["down"]

DOWN_TIMEOUT_S = 60.0
"""An orderly end takes a second or two; pods that ignore SIGTERM and a busy API server may take twenty."""

POLL_S = 0.02


def down(data: Path, timeout_s: float = DOWN_TIMEOUT_S) -> bool:
    """Stop the cluster on this directory with everything that it started.

    Args:
        data: The data directory.
        timeout_s: How long to wait for the end.

    Returns:
        Whether there was anything to stop: a cluster, or what a killed one left behind.

    Raises:
        ClusterError: It did not end in time, or it belongs to somebody else.
    """
    directory = data.expanduser().absolute()
    pid_file = DataDir(directory).pid_file
    pid = holder(pid_file)
    if pid is None:
        return end_leftovers(directory) > 0
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError as error:
        raise ClusterError(f"the cluster on {data} (pid {pid}) belongs to another user") from error
    except ProcessLookupError:
        pass  # its last processes are ending
    deadline = time.monotonic() + timeout_s
    while holder(pid_file) is not None:
        if time.monotonic() > deadline:
            raise ClusterError(f"the cluster on {data} (pid {pid}) did not end within {timeout_s:g} s")
        time.sleep(POLL_S)
    return True
