"""Where a pod goes: selectors, affinity, tolerations, gates, and how pods of one sort spread."""
