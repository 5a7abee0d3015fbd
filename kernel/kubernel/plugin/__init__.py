"""What a plugin is and how the kernel finds it: the door through which first-party plugins go too.

`contracts` holds one module a role, `hooks` the calls inside the API server, `discovery` finds what is installed,
`conformance` checks a driver against its contract. This room knows objects and the SDK, not the cluster.
"""
