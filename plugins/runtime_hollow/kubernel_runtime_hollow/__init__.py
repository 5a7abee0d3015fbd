"""The hollow runtime: no containers at all, for measuring everything else at the scale of thousands of nodes.

What it is told to run, runs, at once and until it is told to stop. It keeps nothing on disk: its capability
``no-containers`` tells the agent that a pod without a sandbox is not a dead pod.
"""

from kubernel_runtime_hollow.runtime import HollowRuntime

__all__ = ["HollowRuntime"]
