"""Whole objects as YAML or JSON, for ``-o``."""

import json

from kubernel.cli.access.connection import Plain

__all__ = ["as_json", "as_yaml"]


def as_json(document: Plain) -> str:
    """Return the object as indented JSON."""
    return json.dumps(document, indent=4, ensure_ascii=False)


def as_yaml(document: Plain) -> str:
    """Return the object as YAML, its fields in the server's order, texts of several lines as blocks."""
    import yaml  # noqa: PLC0415 - only this output needs it

    class Dumper(yaml.SafeDumper):
        """A dumper of our own, because a representer is added to the class."""

    def block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, block)
    text: str = yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4096)
    return text.rstrip("\n")
