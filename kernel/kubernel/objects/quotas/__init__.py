"""What a ResourceQuota counts: how much an object takes of what, and which quotas an object falls under.

Facts of the API, used on both sides of it: by admission, which refuses what is too much, and by the controller, which
writes down what is used. `charges` measures objects, `coverage` says what a quota bounds, `amounts` adds and shows.
"""

from kubernel.objects.quotas.amounts import Amounts, added, shown, shown_amount, subtracted
from kubernel.objects.quotas.charges import Charge, charge_of, pod_amounts
from kubernel.objects.quotas.coverage import Coverage, coverage_of, unspecified

__all__ = [
    "Amounts",
    "Charge",
    "Coverage",
    "added",
    "charge_of",
    "coverage_of",
    "pod_amounts",
    "shown",
    "shown_amount",
    "subtracted",
    "unspecified",
]
