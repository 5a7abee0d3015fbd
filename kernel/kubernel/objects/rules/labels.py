"""Labels and annotations: the syntax of their keys and values.

Sentences are Kubernetes' own (source: apimachinery ``api/validate/content/kube.go``). The single checks are
cached, because a cluster's labels are few strings repeated by very many objects.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kubernel.objects.errors import FieldError, field_invalid, field_too_long
from kubernel.objects.rules.maps import require_texts
from kubernel.objects.rules.names import LABEL_MAX, dns_subdomain_errors, regex_error

__all__ = [
    "ANNOTATIONS_MAX_BYTES",
    "annotation_errors",
    "is_label_key",
    "is_label_value",
    "label_errors",
    "label_key_errors",
    "label_value_errors",
]

ANNOTATIONS_MAX_BYTES = 256 * 1024
"""All keys and values of one object's annotations together."""

_NAME_FORMAT = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_NAME = re.compile(_NAME_FORMAT)
_NAME_SENTENCE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_NAME_EXAMPLES = ("MyName", "my.name", "123-abc")
_VALUE_SENTENCE = f"a valid label must be an empty string or consist{_NAME_SENTENCE.removeprefix('must consist')}"


def label_key_errors(key: str) -> list[str]:
    """Check a label's key: an optional DNS subdomain and ``/``, then a name of at most 63 characters."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        sentence = regex_error(f"a valid label key {_NAME_SENTENCE}", _NAME_FORMAT, *_NAME_EXAMPLES)
        return [f"{sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    errors = []
    if slash and not prefix:
        errors.append("prefix part must be non-empty")
    elif slash:
        errors += [f"prefix part {sentence}" for sentence in dns_subdomain_errors(prefix)]
    if not name:
        errors.append("name part must be non-empty")
    elif len(name) > LABEL_MAX:
        errors.append(f"name part must be no more than {LABEL_MAX} bytes")
    if not _NAME.fullmatch(name):
        errors.append(f"name part {regex_error(_NAME_SENTENCE, _NAME_FORMAT, *_NAME_EXAMPLES)}")
    return errors


def label_value_errors(value: str) -> list[str]:
    """Check a label's value: empty, or at most 63 characters of the same alphabet as a name."""
    errors = [f"must be no more than {LABEL_MAX} bytes"] if len(value) > LABEL_MAX else []
    if value and not _NAME.fullmatch(value):
        errors.append(regex_error(_VALUE_SENTENCE, f"({_NAME_FORMAT})?", "MyValue", "my_value", "12345"))
    return errors


@lru_cache(maxsize=4096)
def is_label_key(key: str) -> bool:
    """Whether a label may have this key."""
    return not label_key_errors(key)


@lru_cache(maxsize=16384)
def is_label_value(value: str) -> bool:
    """Whether a label may have this value."""
    return not label_value_errors(value)


def label_errors(labels: Mapping[str, str] | None, path: str) -> Iterable[FieldError]:
    """Check a map of labels, or of anything that must be a label: a node selector, ``matchLabels``.

    Args:
        labels: The map; ``None`` is right.
        path: Where it is, such as ``metadata.labels``.

    Raises:
        Mistyped: A value is not text.
    """
    if not labels:
        return
    require_texts(labels, path)
    for key, value in labels.items():
        if not is_label_key(key):
            yield from (field_invalid(path, key, why) for why in label_key_errors(key))
        if not is_label_value(value):
            yield from (field_invalid(path, value, why) for why in label_value_errors(value))


def annotation_errors(annotations: Mapping[str, str] | None, path: str) -> Iterable[FieldError]:
    """Check annotations: keys as labels have them but of either case, any text, 256 KiB together.

    Raises:
        Mistyped: A value is not text.
    """
    if not annotations:
        return
    require_texts(annotations, path)
    for key in annotations:
        if not is_label_key(key.lower()):
            yield from (field_invalid(path, key, why) for why in label_key_errors(key.lower()))
    characters = sum(map(len, annotations)) + sum(map(len, annotations.values()))
    # A character is at most 4 bytes, so only a map that might be too large is measured in bytes.
    if characters * 4 > ANNOTATIONS_MAX_BYTES and _bytes(annotations) > ANNOTATIONS_MAX_BYTES:
        yield field_too_long(path, ANNOTATIONS_MAX_BYTES)


def _bytes(annotations: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())
