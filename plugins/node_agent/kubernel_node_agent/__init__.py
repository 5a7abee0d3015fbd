"""The node agent: it makes the pods of its nodes true.

- ``agent`` is the driver, ``shift`` one run of it: start, clean-up, loops, stop.
- ``nodes/`` says that the nodes are there and alive, ``pods/`` looks after one pod at a time.
- ``environment/``, ``volumes/`` and ``probes/`` are what a container needs around it.
- ``logs/`` answers the API server's questions for logs.

It keeps nothing that matters: what should run is in the API, what runs is in the runtime. So it may be killed and
started again at any moment, and no pod notices.
"""

from kubernel_node_agent.agent import NodeAgent
from kubernel_node_agent.settings import NodeSettings

__all__ = ["NodeAgent", "NodeSettings"]
