"""Structural schemas: how a definition describes the objects of a kind that nobody compiled in.

`schema` is the description as data; `structure`, `standard` and `default_rules` say whether one is allowed;
`pruning`, `defaulting`, `validation` and `list_types` apply it to objects. Nothing here knows kinds, definitions or
HTTP.
"""
