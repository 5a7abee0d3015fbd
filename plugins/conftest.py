# ruff: noqa: INP001 - the folders of the plugins are distributions of their own, not a package
"""The template is a text to copy, not a plugin: nothing of it is installed, so its tests run only in a copy."""

collect_ignore = ["_template"]
