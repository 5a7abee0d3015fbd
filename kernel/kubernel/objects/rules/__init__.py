"""The rules that the validators of many kinds share: names, labels, ranges, untyped maps, payloads.

Nothing here knows a kind; each rule is worded as Kubernetes words it.
"""
