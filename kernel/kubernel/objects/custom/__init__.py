"""Custom objects: from a CustomResourceDefinition to kinds like any other.

`custom_object` is the class of their objects, `served` makes the `Kind` of each version of a definition, `names`
decides which definition gets which names, `rules` says which definitions are allowed. The definition's own kind is in
``objects/kinds/apiextensions``; who calls all this while a server runs is in ``api/custom``.
"""
