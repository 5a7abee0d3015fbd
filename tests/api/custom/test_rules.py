"""CEL rules of definitions: what they refuse, in which words, and what they may not cost."""

from time import monotonic
from typing import Any

import pytest

from tests.api.calls import Api, Plain
from tests.api.custom.definitions import DEFINITIONS, Served, definition, schema_of, serve, version

MERGE = "application/merge-patch+json"
INTEGER, TEXT = {"type": "integer"}, {"type": "string"}
RULE = "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule"


def _ruled(properties: Plain, *rules: Plain, **spec: Any) -> Plain:
    made = definition(version(properties=properties))
    schema_of(made)["properties"]["spec"] |= {"x-kubernetes-validations": list(rules), **spec}
    return made


async def _causes(api: Api, served: Served, spec: Plain) -> list[str]:
    refusal = await api.refusal("POST", served.objects(), served.make("a", spec))
    assert refusal.code == 422
    return [f"{cause.field}: {cause.message}" for cause in refusal.causes]


async def test_rule_refuses_what_breaks_it(api: Api) -> None:
    rule = {"rule": "self.low <= self.high", "message": "low must not exceed high"}
    served = await serve(api, _ruled({"low": INTEGER, "high": INTEGER}, rule))

    assert await _causes(api, served, {"low": 2, "high": 1}) == ["spec: Invalid value: low must not exceed high"]
    assert (await served.create("b", {"low": 1, "high": 1}))["spec"] == {"low": 1, "high": 1}


@pytest.mark.parametrize(
    ("rule", "spec", "cause"),
    [
        ({"rule": "self.size > 1"}, {"size": 1}, "spec: Invalid value: failed rule: self.size > 1"),
        ({"rule": "self.size > 1"}, {}, "spec: Invalid value: no such key: size evaluating rule: self.size > 1"),
        (
            {"rule": "self.size > 1", "messageExpression": "'is ' + string(self.size)"},
            {"size": 1},
            "spec: Invalid value: is 1",
        ),
        (
            {"rule": "self.size > 1", "fieldPath": ".size", "reason": "FieldValueForbidden", "message": "no"},
            {"size": 1},
            "spec.size: Forbidden: no",
        ),
        ({"rule": "self.my__dash__name == 'x'", "message": "name"}, {"my-name": "y"}, "spec: Invalid value: name"),
        (
            {"rule": "timestamp(self.at) > timestamp('2026-01-01T00:00:00Z')", "message": "too old"},
            {"at": "2025-01-01T00:00:00Z"},
            "spec: Invalid value: too old",
        ),
        ({"rule": "quantity(self.my__dash__name).isGreaterThan(quantity('1Gi'))"}, {"my-name": "1Mi"}, ""),
    ],
)
async def test_words_of_a_broken_rule(api: Api, rule: Plain, spec: Plain, cause: str) -> None:
    properties = {"size": INTEGER, "my-name": TEXT, "at": {**TEXT, "format": "date-time"}}
    served = await serve(api, _ruled(properties, rule))

    [found] = await _causes(api, served, spec)

    assert found == (cause or f"spec: Invalid value: failed rule: {rule['rule']}")


async def test_rules_hold_for_every_element_and_value(api: Api) -> None:
    small = {**INTEGER, "x-kubernetes-validations": [{"rule": "self < 10", "message": "must be small"}]}
    properties = {"list": {"type": "array", "items": small}, "map": {"type": "object", "additionalProperties": small}}
    served = await serve(api, definition(version(properties=properties)))

    causes = await _causes(api, served, {"list": [1, 20], "map": {"a": 30, "b": 3}})

    assert causes == [
        "spec.list[1]: Invalid value: 20: must be small",
        "spec.map[a]: Invalid value: 30: must be small",
    ]


async def test_transition_rule_compares_with_the_old_value(api: Api) -> None:
    fixed = {**TEXT, "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "is immutable"}]}
    served = await serve(api, definition(version(properties={"color": fixed, "size": INTEGER})))
    await served.create("a", {"color": "red"})

    refusal = await api.refusal("PATCH", served.objects("a"), {"spec": {"color": "blue"}}, content_type=MERGE)
    changed = await api.send("PATCH", served.objects("a"), {"spec": {"size": 2}}, content_type=MERGE)

    assert [cause.message for cause in refusal.causes] == ['Invalid value: "blue": is immutable']
    assert changed.body["spec"] == {"color": "red", "size": 2}


async def test_elements_of_a_keyed_list_have_old_values(api: Api) -> None:
    port = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": TEXT, "port": INTEGER},
        "x-kubernetes-validations": [{"rule": "self.port >= oldSelf.port", "message": "may only grow"}],
    }
    ports = {"type": "array", "items": port, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}
    served = await serve(api, definition(version(properties={"ports": ports})))
    await served.create("a", {"ports": [{"name": "a", "port": 5}, {"name": "b", "port": 5}]})

    patch = {"spec": {"ports": [{"name": "c", "port": 1}, {"name": "b", "port": 4}, {"name": "a", "port": 6}]}}
    refusal = await api.refusal("PATCH", served.objects("a"), patch, content_type=MERGE)

    assert [(c.field, c.message) for c in refusal.causes] == [("spec.ports[1]", "Invalid value: may only grow")]


async def test_optional_old_self_is_asked_of_new_objects_too(api: Api) -> None:
    rule = {"rule": "oldSelf.hasValue() || self.size == 1", "optionalOldSelf": True, "message": "begin with 1"}
    served = await serve(api, _ruled({"size": INTEGER}, rule))

    assert await _causes(api, served, {"size": 2}) == ["spec: Invalid value: begin with 1"]
    await served.create("a", {"size": 1})
    changed = await api.send("PATCH", served.objects("a"), {"spec": {"size": 2}}, content_type=MERGE)
    assert changed.body["spec"] == {"size": 2}


async def test_rule_is_not_asked_of_what_its_schema_refuses(api: Api) -> None:
    served = await serve(api, _ruled({"size": INTEGER}, {"rule": "self.size > 1"}))

    causes = await _causes(api, served, {"size": "x"})

    assert causes[1] == (
        "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct "
        "the existing errors to complete validation"
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("self.size >", "compilation failed: ERROR: <input>"),
        ("self.sise > 1", "undefined field 'sise'"),
        ("size(self.text)", "cel expression must evaluate to a bool"),
        ("self.nested.deeper.none == 1", "undefined field 'none'"),
        ("size(self.text) > 'a'", "found no matching overload"),
    ],
)
async def test_rule_that_does_not_compile_is_refused(api: Api, rule: str, words: str) -> None:
    nested = {"type": "object", "properties": {"deeper": {"type": "object", "properties": {"one": INTEGER}}}}
    made = _ruled({"size": INTEGER, "nested": nested, "text": TEXT}, {"rule": rule})

    refusal = await api.refusal("POST", DEFINITIONS, made)

    assert [cause.field for cause in refusal.causes] == [RULE]
    assert words in refusal.causes[0].message


async def test_old_value_of_an_unkeyed_element_cannot_be_asked(api: Api) -> None:
    item = {**INTEGER, "x-kubernetes-validations": [{"rule": "self > oldSelf"}]}
    made = definition(version(properties={"list": {"type": "array", "items": item}}))

    refusal = await api.refusal("POST", DEFINITIONS, made)

    where = "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[list]"
    why = f"oldSelf cannot be used on the uncorrelatable portion of the schema within {where}"
    assert refusal.causes[0].message.endswith(why)


async def test_dear_rule_is_stopped(api: Api) -> None:
    numbers = {"type": "array", "items": INTEGER}
    rule = {"rule": "self.list.all(x, self.list.all(y, self.list.all(z, x + y + z >= 0)))"}
    served = await serve(api, _ruled({"list": numbers}, rule))
    body = served.make("a", {"list": list(range(3_000))})

    began = monotonic()
    refusal = await api.refusal("POST", served.objects(), body)

    assert refusal.code == 422
    assert "cost" in refusal.causes[0].message
    assert monotonic() - began < 1


async def test_rules_of_very_many_elements_end_with_the_budget(api: Api) -> None:
    item = {**INTEGER, "x-kubernetes-validations": [{"rule": "self >= 0"}]}
    served = await serve(api, definition(version(properties={"list": {"type": "array", "items": item}})))
    body = served.make("a", {"list": [1] * 20_000})

    refusal = await api.refusal("POST", served.objects(), body)

    assert "running out of cost budget" in refusal.causes[0].message
