"""The CEL rules of schemas (``x-kubernetes-validations``): compiled with the definition, asked of every object.

`values` gives objects the form in which expressions see them, `rules` compiles one rule, `evaluation` walks an object
with its rules.
"""
