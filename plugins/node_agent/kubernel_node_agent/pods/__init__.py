"""One pod: what is seen of it, what is to be done about it, and what is said of it.

``table`` knows which pods are ours; ``reconciler`` looks at one of them: ``seeing`` → ``deciding`` (pure) →
``starting`` and ``ending`` → ``status``. ``memory`` holds what must be remembered between two looks; losing it is safe.
"""
