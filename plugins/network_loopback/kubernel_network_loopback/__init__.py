"""The embedded network: each pod gets an address of its own from 127.64.0.0/10, without any privilege.

Linux answers on every address of 127.0.0.0/8, so an address need not be configured, only handed out: a program
that listens on ``$POD_IP`` is reachable there from every other program of this machine, and two pods may use
the same port. The price is that a program must not listen on all addresses (the README says more).
"""

from kubernel_network_loopback.network import LoopbackNetwork, LoopbackSettings

__all__ = ["LoopbackNetwork", "LoopbackSettings"]
