"""The process runtime: a pod's containers as processes of this machine, without a daemon and without root.

``runtime.py`` is the driver, in the agent's process. ``shim/`` is what holds a pod while the agent is away: one
small process a pod, parent of its containers. This module imports nothing, because the shim's interpreter runs
it too and must stay small.
"""
