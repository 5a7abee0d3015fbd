"""One pod: what is seen of it, what is to be done about it, and what is said of it.

``table`` (which pods are ours) → ``reconciler`` (one look at one pod) → ``seeing`` → ``deciding`` (pure) → ``acting``
→ ``status`` (pure) → ``reporting``. ``memory`` holds what must be remembered between two looks; losing it is safe.
"""
