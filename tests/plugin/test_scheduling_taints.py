"""Which tolerations cover which taints."""

import pytest
from kubernel.objects.models import core
from kubernel.plugin.scheduling import tolerates, untolerated

TAINT = core.Taint(key="k", value="v", effect="NoSchedule")


@pytest.mark.parametrize(
    ("toleration", "expected"),
    [
        (core.Toleration(key="k", value="v", effect="NoSchedule"), True),
        (core.Toleration(key="k", operator="Equal", value="v"), True),
        (core.Toleration(key="k", operator="Equal", value="w"), False),
        (core.Toleration(key="k", operator="Exists"), True),
        (core.Toleration(key="k", operator="Exists", effect="NoExecute"), False),
        (core.Toleration(operator="Exists"), True),
        (core.Toleration(operator="Equal", value="v"), False),
        (core.Toleration(key="other", operator="Exists"), False),
        (core.Toleration(key="k", operator="Perhaps"), False),
    ],
)
def test_tolerates(toleration: core.Toleration, *, expected: bool) -> None:
    assert tolerates(toleration, TAINT) is expected


def test_a_missing_value_equals_an_empty_one() -> None:
    assert tolerates(core.Toleration(key="k", value=""), core.Taint(key="k", effect="NoSchedule"))


def test_untolerated_looks_at_the_effects_that_repel() -> None:
    soft = core.Taint(key="soft", effect="PreferNoSchedule")
    hard = core.Taint(key="hard", effect="NoExecute")

    assert untolerated(None, [soft, TAINT, hard]) == [TAINT, hard]
    assert untolerated([core.Toleration(key="k", operator="Exists")], [soft, TAINT, hard]) == [hard]
    assert untolerated(None, [soft, TAINT], frozenset({"PreferNoSchedule"})) == [soft]
    assert untolerated(None, None) == []
