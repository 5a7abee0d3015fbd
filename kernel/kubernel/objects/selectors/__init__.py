"""Label selectors: which objects belong together.

The whole grammar: ``a=1,b!=2,c in (x,y),d notin (z),e,!f,g>3``. `parse_selector` reads the text of a request,
`from_label_selector` the ``LabelSelector`` of a spec, `from_map` the plain map of a Service or ReplicationController.
"""

from kubernel.objects.selectors.reading import from_label_selector, from_map, label_selector_errors, parse_selector
from kubernel.objects.selectors.requirements import EVERYTHING, NOTHING, Operator, Requirement, Selector

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Operator",
    "Requirement",
    "Selector",
    "from_label_selector",
    "from_map",
    "label_selector_errors",
    "parse_selector",
]
