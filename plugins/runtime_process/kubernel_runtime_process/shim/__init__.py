"""The other side of the runtime: standard library only, forked from one warm interpreter.

- ``zygote``: the warm interpreter; forks a shim for each pod, so that a pod costs a fork and not a Python start.
- ``isolation``: enters the pod's namespaces, as far as the kernel lets us.
- ``keeper``: the shim's loop: starts, watches, stops the pod's containers.
- ``program``: from fork to exec of one container; ``root`` builds what it sees as ``/``.
- ``capture``: its output into a log file; ``records``: its state into a file.
- ``messages``: what the runtime and the shim say to each other; ``linux``: the system calls Python lacks.

Nothing here may import the kernel or a third-party package.
"""
