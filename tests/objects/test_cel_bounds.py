"""No expression takes long or much memory, whatever the data; what fits is evaluated."""

import contextlib
import resource
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernel.objects.cel import CostExceeded, EvaluationFailed, compile_expression

LONG = {"xs": list(range(9_000)), "text": "x" * 200_000, "few": [1, 2, 3], "maps": [{"k": i} for i in range(3_000)]}
MOST_S = 0.25
"""Ten times what is allowed on an idle machine: this one runs other tests."""

BOMBS = [
    "self.xs.map(x, x)",
    "self.xs.filter(x, x > 0)",
    "self.maps.filter(m, m.k > 0)",
    "self.xs.all(x, x in self.xs)",
    "self.xs.all(x, (self.xs + self.xs).size() > 0)",
    "self.xs.all(x, (self.text + self.text).size() > 0)",
    "self.xs.all(x, self.text.matches('(x+x+)+y'))",
    "self.xs.all(x, self.xs == self.xs)",
    "self.xs.all(x, self.xs.all(y, x + y >= 0))",
    "self.few.all(a, self.xs.all(x, self.text.contains('zz')))",
    "self.text.replace('', '" + "y" * 900 + "').size()",
    "[self.text].map(a, a + a).map(b, b + b).map(c, c + c).map(d, d + d).map(e, e + e).map(f, f + f).map(g, g + g)",
    "self.xs.transformMapEntry(i, v, {string(i): v}).size()",
    "self.xs.map(x, self.text).join('').size()",
    "self.text.split('').map(c, c).size()",
    "self.text.findAll('(x*)*y').size() + self.text.find('" + "(x+)+" * 300 + "').size()",
]


@pytest.mark.parametrize("text", BOMBS)
def test_bomb_is_over_soon_and_takes_little_memory(text: str) -> None:
    expression = compile_expression(text, {"self": "dyn"})
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()

    with contextlib.suppress(EvaluationFailed):
        expression.evaluate({"self": LONG})

    assert time.perf_counter() - began < MOST_S
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 60_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("self.xs.all(x, x >= 0)", True),
        ("self.xs.exists(x, x == 8999)", True),
        ("self.few.map(x, x * 2)", [2, 4, 6]),
        ("self.few.all(x, x in self.xs)", True),
        ("self.few.all(a, self.few.exists_one(b, a == b))", True),
        ("self.text.size()", 200_000),
        ("self.text.matches('^x+$')", True),
        ("(self.text + 'y').endsWith('y')", True),
    ],
)
def test_sensible_expression_is_evaluated_beside_long_data(text: str, expected: object) -> None:
    assert compile_expression(text, {"self": "dyn"}).evaluate({"self": LONG}) == expected


@pytest.mark.parametrize("count", [64, 98])
def test_uniqueness_rule_is_evaluated_when_a_list_has_usual_length(count: int) -> None:
    data = {"self": [{"name": f"listener-{i}", "port": i} for i in range(count)]}
    rule = "self.all(a, self.exists_one(b, a.name == b.name && a.port == b.port))"

    assert compile_expression(rule, {"self": "dyn"}).evaluate(data) is True


def test_too_many_iterations_are_refused_as_a_cost() -> None:
    with pytest.raises(CostExceeded, match=r"^operation cancelled: actual cost limit exceeded$"):
        compile_expression("self.all(a, self.all(b, a + b >= 0))", {"self": "dyn"}).evaluate({"self": [1] * 200})


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(
    data=VALUES, text=st.sampled_from([*BOMBS, "self.a.b == self[0]", "self.all(k, v, k == v)", "'%s'.format([self])"])
)
def test_any_data_gives_a_value_or_fails_as_declared(data: Any, text: str) -> None:
    with contextlib.suppress(EvaluationFailed):
        compile_expression(text, {"self": "dyn"}).evaluate({"self": data})
