"""Structural schemas: how a definition describes the objects of a kind that nobody compiled in.

`schema` is the description as data. `allowed` says which descriptions are; `validating` finds what is wrong with an
object, `expressions` what its CEL rules say of it. The modules beside them prune, default and walk over objects.
Nothing here knows kinds, definitions or HTTP.
"""
