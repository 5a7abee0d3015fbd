"""Hosts: the process around one plugin, between the supervisor above it and the driver inside it.

`main` runs a driver, `checking` tries one before a swap, `spec` and `reports` are what goes in and out, `actors`
chooses the loop: ``scheduling`` and ``proxying`` are the loops of the drivers that only decide.
"""
