"""Storage that lasts longer than a pod: what a volume is made of, and what the kinds of storage share."""
