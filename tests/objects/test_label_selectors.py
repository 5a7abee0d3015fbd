from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.models import meta
from kubernel.objects.selectors import Operator, Requirement, Selector, from_label_selector, from_map, parse_selector

KEYS = st.sampled_from(["app", "tier", "example.com/env", "in", "notin", "x-1"])
VALUES = st.sampled_from(["", "a", "b", "1", "27", "in", "web-1.2_3"])


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    operator = draw(st.sampled_from(list(Operator)))
    match operator:
        case Operator.EXISTS | Operator.DOES_NOT_EXIST:
            return Requirement(draw(KEYS), operator)
        case Operator.IN | Operator.NOT_IN:
            return Requirement(draw(KEYS), operator, tuple(sorted(draw(st.sets(VALUES, min_size=1)))))
        case Operator.GREATER | Operator.LESS:
            return Requirement(draw(KEYS), operator, (str(draw(st.integers(0, 50))),))
    return Requirement(draw(KEYS), operator, (draw(VALUES),))


def selectors() -> st.SearchStrategy[Selector]:
    return st.lists(requirements(), max_size=4).map(lambda rs: Selector(tuple(sorted(rs, key=lambda r: r.key))))


def naive(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    present = requirement.key in labels
    value = labels.get(requirement.key, "")
    match requirement.operator:
        case Operator.EQUALS | Operator.IN:
            return present and value in requirement.values
        case Operator.NOT_EQUALS | Operator.NOT_IN:
            return not present or value not in requirement.values
        case Operator.EXISTS:
            return present
        case Operator.DOES_NOT_EXIST:
            return not present
        case Operator.GREATER:
            return value.isdigit() and int(value) > int(requirement.values[0])
        case Operator.LESS:
            return value.isdigit() and int(value) < int(requirement.values[0])


@given(selectors())
def test_selector_survives_its_text_form(selector: Selector) -> None:
    assert parse_selector(str(selector)) == selector


@given(selectors(), st.dictionaries(KEYS, VALUES))
def test_selector_matches_like_the_naive_model(selector: Selector, labels: dict[str, str]) -> None:
    expected = all(naive(requirement, labels) for requirement in selector.requirements)

    assert selector.matches(labels) is expected


@given(st.text(alphabet="ab=!,()<> in.-/", max_size=20))
def test_parsing_any_text_succeeds_or_is_a_bad_request(text: str) -> None:
    code = 200
    try:
        parse_selector(text)
    except StatusError as error:
        code = error.code

    assert code in {200, 400}


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("", {"a": "1"}, True),
        ("  ", None, True),
        ("a=1", {"a": "1"}, True),
        ("a==1", {"a": "1"}, True),
        ("a=1", {"a": "2"}, False),
        ("a!=1", {}, True),
        ("a", {"a": ""}, True),
        ("!a", {"a": ""}, False),
        ("a=", {"a": ""}, True),
        ("a in (x,,z)", {"a": ""}, True),
        ("a notin ()", {"a": ""}, False),
        ("a in (in,notin)", {"a": "in"}, True),
        ("a>3,b < 9", {"a": "4", "b": "8"}, True),
        ("a>3", {"a": "many"}, False),
        ("a=1,b=2", {"a": "1"}, False),
    ],
)
def test_selector_matches(text: str, labels: dict[str, str] | None, expected: bool) -> None:
    assert parse_selector(text).matches(labels) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a=1,", "found '', expected: identifier after ','"),
        ("a in x", "found 'x' expected: '('"),
        ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("=1", "found '=', expected: !, identifier, or 'end of string'"),
        ("a=1 b", "found 'b', expected: ',' or 'end of string'"),
        ("a in (x y)", "found 'y', expected: ',' or ')'"),
        ("a=(", "found '(', expected: identifier"),
        ("a>b", "for 'Gt', 'Lt' operators, the value must be an integer"),
        ("-a", "name part must consist of alphanumeric characters"),
        ("a=b@c", "a valid label must be an empty string or consist of alphanumeric characters"),
    ],
)
def test_malformed_selector_is_refused_with_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(StatusError) as caught:
        parse_selector(text)

    assert caught.value.code == 400
    assert caught.value.message.startswith("unable to parse requirement: ")
    assert message in caught.value.message


def test_label_selector_combines_labels_and_expressions() -> None:
    selector = from_label_selector(
        meta.LabelSelector(
            matchLabels={"app": "web"},
            matchExpressions=[meta.LabelSelectorRequirement(key="tier", operator="NotIn", values=["b", "a"])],
        )
    )

    assert str(selector) == "app=web,tier notin (a,b)"
    assert selector.matches({"app": "web"})
    assert not selector.matches({"app": "web", "tier": "a"})


def test_absent_label_selector_selects_nothing_and_an_empty_one_everything() -> None:
    assert not from_label_selector(None).matches({})
    assert not from_label_selector(None).is_everything
    assert from_label_selector(meta.LabelSelector()).is_everything


@pytest.mark.parametrize(
    ("operator", "values", "message"),
    [
        ("In", None, "must be specified when `operator` is 'In' or 'NotIn'"),
        ("Exists", ["a"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        ("Near", ["a"], "not a valid selector operator"),
    ],
)
def test_wrong_expression_is_a_bad_request(operator: str, values: list[str] | None, message: str) -> None:
    expression = meta.LabelSelectorRequirement(key="a", operator=operator, values=values)

    with pytest.raises(StatusError, match=message):
        from_label_selector(meta.LabelSelector(matchExpressions=[expression]))


def test_map_selects_all_of_its_labels() -> None:
    selector = from_map({"b": "2", "a": "1"})

    assert str(selector) == "a=1,b=2"
    assert from_map(None).is_everything
