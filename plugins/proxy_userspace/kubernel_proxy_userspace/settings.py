"""What an operator can turn."""

import msgspec

__all__ = ["UserspaceSettings"]


class UserspaceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of the userspace proxy.

    Attributes:
        detour_offset: A port that this user may not bind is served at the same address and this much higher: 80 at
            8080. 0 switches that off; the port is then reported as failed.
        redirect: Use iptables for addresses that are not this machine's, if we are root.
        connections_max: TCP connections at once. More wait in the listeners' queues. Each takes two file
            descriptors, so the limit of those may lower it.
        connect_timeout_s: How long one backend is tried before the next one. A backend is near; a lost packet costs
            one second.
        idle_s: End TCP connections that carry nothing for so long; 0 never does, as databases' clients expect.
        half_closed_s: End them this soon when one side has finished sending already.
        udp_idle_s: Forget which backend a UDP client talked to. A minute covers DNS and QUIC's usual idle time-out.
        udp_clients_max: UDP clients of one port at once; the longest silent one makes room.
    """

    detour_offset: int = 8000
    redirect: bool = True
    connections_max: int = 10_000
    connect_timeout_s: float = 2.0
    idle_s: float = 0.0
    half_closed_s: float = 600.0
    udp_idle_s: float = 60.0
    udp_clients_max: int = 4096
