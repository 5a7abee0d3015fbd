"""What a CustomResourceDefinition is refused for, in Kubernetes' words."""

from typing import Any

import pytest
from kubernel.objects.kinds.apiextensions.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION
from kubernel.objects.models import Plain

from tests.objects.conftest import Complain, Create

SCHEMA = "spec.versions[0].schema.openAPIV3Schema"


def _definition(schema: Plain | None = None, **version: Any) -> Plain:
    made = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema or {"type": "object"}},
        **version,
    }
    return {
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [made],
        },
    }


def _changed(**spec: Any) -> Plain:
    made = _definition()
    made["spec"] |= spec
    return made


def test_definition_gets_the_names_that_it_leaves_out(create: Create) -> None:
    made = create(CUSTOM_RESOURCE_DEFINITION, _definition())

    assert (made.spec.names.singular, made.spec.names.listKind) == ("widget", "WidgetList")
    assert made.spec.conversion.strategy == "None"
    assert made.status.storedVersions == ["v1"]


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        (
            {"group": "other.com"},
            'metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group',
        ),
        ({"scope": "Galaxy"}, 'spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'),
        ({"versions": []}, "spec.versions: Invalid value: []: must have exactly one version marked as storage version"),
        (
            {"names": {"plural": "widgets", "kind": "Widget", "listKind": "Widget"}},
            'spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same',
        ),
        (
            {"preserveUnknownFields": True},
            (
                "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set "
                "x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
            ),
        ),
        (
            {"conversion": {"strategy": "Webhook"}},
            "spec.conversion.webhook.clientConfig: Required value: required when strategy is set to Webhook",
        ),
        (
            {"conversion": {"strategy": "None", "webhook": {"conversionReviewVersions": ["v1"]}}},
            (
                "spec.conversion.webhook.conversionReviewVersions: Forbidden: should not be set "
                "when strategy is not set to "
                "Webhook"
            ),
        ),
    ],
)
def test_definition_is_refused(complaints: Complain, spec: Plain, complaint: str) -> None:
    assert complaint in complaints(CUSTOM_RESOURCE_DEFINITION, _changed(**spec))


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://a.example.com", "'https' is the only allowed URL scheme; desired format: https://host[/path]"),
        ("https://u@a.example.com", "user information is not permitted in the URL"),
        ("https://a.example.com?b", "query parameters are not permitted in the URL"),
    ],
)
def test_url_of_a_webhook_is_checked(complaints: Complain, url: str, complaint: str) -> None:
    webhook = {"clientConfig": {"url": url}, "conversionReviewVersions": ["v1"]}

    [found] = complaints(CUSTOM_RESOURCE_DEFINITION, _changed(conversion={"strategy": "Webhook", "webhook": webhook}))

    assert found.startswith("spec.conversion.webhook.clientConfig.url: Invalid value: ")
    assert found.endswith(complaint)


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "string"}, '.type: Invalid value: "string": must be object at the root'),
        ({"properties": {}}, ".type: Required value: must not be empty at the root"),
        (
            {"type": "object", "properties": {"a": {}}},
            ".properties[a].type: Required value: must not be empty for specified object fields",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "array"}}},
            ".properties[a].items: Required value: must be specified",
        ),
        (
            {"type": "object", "additionalProperties": True},
            ".additionalProperties: Forbidden: must not be used at the root",
        ),
        (
            {"type": "object", "anyOf": [{"properties": {"a": {"minLength": 1}}}]},
            f".properties[a]: Required value: because it is defined in {SCHEMA}.anyOf[0].properties[a]",
        ),
        (
            {"type": "object", "allOf": [{"type": "object"}]},
            ".allOf[0].type: Forbidden: must be empty to be structural",
        ),
        (
            {
                "type": "object",
                "properties": {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}},
            },
            (
                ".properties[metadata]: Forbidden: must not specify anything other than name and "
                "generateName, but metadata "
                "is implicitly specified"
            ),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}},
            (
                '.properties[a].pattern: Invalid value: "(": must be a valid regular expression, '
                "but isn't: error parsing "
                "regexp: missing ): ("
            ),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string", "default": 5}}},
            (
                '.properties[a].default: Invalid value: "integer": '
                f'{SCHEMA}.properties[a].default in body must be of type string: "integer"'
            ),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "object", "default": {"b": 1}}}},
            '.properties[a].default: Invalid value: {"b":1}: must not have unknown fields',
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}},
            },
            (
                ".properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the "
                "runtime complexity becomes "
                "quadratic"
            ),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "thing"}}},
            (
                '.properties[a].type: Unsupported value: "thing": supported values: "array", '
                '"boolean", "integer", "number", '
                '"object", "string"'
            ),
        ),
        (
            {
                "type": "object",
                "properties": {
                    "a": {
                        "type": "array",
                        "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["k"],
                        "items": {"type": "object", "properties": {"k": {"type": "string"}}},
                    }
                },
            },
            (
                ".properties[a].items.properties[k].default: Required value: this property is in "
                "x-kubernetes-list-map-keys, so "
                "it must have a default or be a required property"
            ),
        ),
    ],
)
def test_schema_is_refused(complaints: Complain, schema: Plain, complaint: str) -> None:
    assert SCHEMA + complaint in complaints(CUSTOM_RESOURCE_DEFINITION, _definition(schema))


@pytest.mark.parametrize(
    ("version", "complaint"),
    [
        (
            {"additionalPrinterColumns": [{"name": "a", "type": "text", "jsonPath": ".a"}]},
            (
                'additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,'
                "string"
            ),
        ),
        (
            {"subresources": {"scale": {"specReplicasPath": ".status.a", "statusReplicasPath": ".status.b"}}},
            'subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec',
        ),
        (
            {"selectableFields": [{"jsonPath": ".spec.a"}]},
            (
                'selectableFields[0].jsonPath: Invalid value: ".spec.a": is an invalid path: does not refer to a valid '
                "field"
            ),
        ),
        (
            {"deprecationWarning": "old"},
            'deprecationWarning: Invalid value: "old": can only be set for deprecated versions',
        ),
    ],
)
def test_version_is_refused(complaints: Complain, version: Plain, complaint: str) -> None:
    assert f"spec.versions[0].{complaint}" in complaints(CUSTOM_RESOURCE_DEFINITION, _definition(**version))


def test_deeply_nested_schema_is_refused(complaints: Complain) -> None:
    schema: Plain = {"type": "object"}
    for _ in range(150):
        schema = {"type": "object", "properties": {"a": schema}}

    [found] = complaints(CUSTOM_RESOURCE_DEFINITION, _definition(schema))

    assert found == f'{SCHEMA}: Invalid value: "": must not be nested more than 100 levels deep'


def test_protected_group_needs_an_approval(complaints: Complain) -> None:
    made = _changed(group="apps.k8s.io")
    made["metadata"]["name"] = "widgets.apps.k8s.io"

    [found] = complaints(CUSTOM_RESOURCE_DEFINITION, made)

    assert found.startswith(
        "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have"
    )
