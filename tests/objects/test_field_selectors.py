from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernel.objects.errors import StatusError
from kubernel.objects.fields import FieldRequirement, FieldSelector, parse_field_selector, selectable_fields
from kubernel.objects.kind import Kind
from kubernel.objects.kinds import BUILTIN, EVENT, NODE, POD
from kubernel.objects.models import core, meta

from tests.objects.kind_samples import bare_object

FIELDS = st.sampled_from(["metadata.name", "metadata.namespace", "spec.nodeName", "status.phase"])
REQUIREMENTS = st.builds(FieldRequirement, FIELDS, st.text(max_size=8), st.booleans())


@given(st.lists(REQUIREMENTS, max_size=4))
def test_field_selector_survives_its_text_form(requirements: list[FieldRequirement]) -> None:
    selector = FieldSelector(tuple(requirements))

    parsed = parse_field_selector(str(selector), POD)

    assert sorted(map(str, parsed.requirements)) == sorted(map(str, requirements))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("spec.nodeName=n1", True),
        ("spec.nodeName==n1,status.phase!=Failed", True),
        ("spec.nodeName!=n1", False),
        ("metadata.name=web,metadata.namespace=default", True),
        ("spec.hostNetwork=false", True),
        ("status.podIP=", True),
    ],
)
def test_field_selector_matches_a_pod(text: str, expected: bool) -> None:
    pod = core.Pod(
        metadata=meta.ObjectMeta(name="web", namespace="default"),
        spec=core.PodSpec(containers=[], nodeName="n1"),
        status=core.PodStatus(phase="Running"),
    )

    assert parse_field_selector(text, POD).matches(selectable_fields(POD, pod)) is expected


def test_events_are_found_by_what_they_involve() -> None:
    event = core.Event(
        metadata=meta.ObjectMeta(name="e", namespace="default"),
        involvedObject=core.ObjectReference(kind="Pod", name="web", namespace="default", uid="u"),
        source=core.EventSource(component="agent"),
    )
    selector = parse_field_selector("involvedObject.name=web,involvedObject.uid=u,involvedObject.apiVersion=", EVENT)

    fields = selectable_fields(EVENT, event)

    assert selector.matches(fields)
    assert fields["source"] == "agent"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spec.colour=red", "field label not supported: spec.colour"),
        ("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
        (r"metadata.name=a\b", r"invalid field selector: invalid escape sequence: \b"),
        ("metadata.name=a=b", "invalid field selector: unescaped character in value: 61"),
    ],
)
def test_wrong_field_selector_is_a_bad_request(text: str, message: str) -> None:
    with pytest.raises(StatusError) as caught:
        parse_field_selector(text, POD)

    assert caught.value.code == 400
    assert caught.value.message == message


def test_value_of_names_the_one_value_that_a_field_must_have() -> None:
    selector = parse_field_selector("spec.nodeName=n1,status.phase!=Failed", POD)

    assert selector.value_of("spec.nodeName") == "n1"
    assert selector.value_of("status.phase") is None


def test_cluster_scoped_objects_have_no_namespace_to_select() -> None:
    node = core.Node(metadata=meta.ObjectMeta(name="n1"), spec=core.NodeSpec(unschedulable=True))

    assert selectable_fields(NODE, node) == {"metadata.name": "n1", "spec.unschedulable": "true"}


@pytest.mark.parametrize("kind", [k for k in BUILTIN if k.is_stored], ids=lambda kind: kind.resource)
def test_fields_of_an_object_with_nothing_in_it_are_text(kind: Kind[Any]) -> None:
    obj = bare_object(kind)

    assert all(isinstance(value, str) for value in selectable_fields(kind, obj).values())
