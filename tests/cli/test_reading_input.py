"""What the command line reads: kubeconfigs, manifests, and the words that name objects."""

import base64
from pathlib import Path

import click
import pytest
import yaml
from kubernel.cli.access.manifests import read_manifests
from kubernel.cli.access.resources import Resource, Resources
from kubernel.cli.access.selection import Selection, select, select_one
from kubernel.cli.access.target import find_kubeconfig, load_target
from kubernel.cli.errors import Failure

PODS = Resource("", "v1", "pods", "pod", "Pod", namespaced=True, short_names=("po",), categories=("all",))
SERVICES = Resource("", "v1", "services", "service", "Service", namespaced=True, categories=("all",))
LEASES = Resource("coordination.k8s.io", "v1", "leases", "lease", "Lease", namespaced=True)


@pytest.fixture
def resources() -> Resources:
    return Resources(iter((PODS, SERVICES, LEASES)))


def _kubeconfig(path: Path, *, user: dict[str, object]) -> Path:
    authority = base64.b64encode(b"a certificate").decode()
    document = {
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u", "namespace": "ns"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://x:1/", "certificate-authority-data": authority}}],
        "users": [{"name": "u", "user": user}],
    }
    path.write_text(yaml.safe_dump(document))
    return path


def test_kubeconfig_gives_address_authority_and_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")

    target = load_target(_kubeconfig(tmp_path / "config", user={"tokenFile": "token"}))

    assert (target.server, target.namespace, target.token) == ("https://x:1", "ns", "secret")
    assert target.authority == "a certificate"


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ({"exec": {"command": "aws"}}, "credentials from another program"),
        ({"client-certificate-data": "%%%"}, "client-certificate-data is not base64"),
        ({"tokenFile": "nowhere"}, "nowhere: No such file"),
    ],
)
def test_kubeconfig_that_we_cannot_use_says_why(tmp_path: Path, user: dict[str, object], sentence: str) -> None:
    with pytest.raises(Failure, match=sentence):
        load_target(_kubeconfig(tmp_path / "config", user=user))


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "current-context: x"])
def test_file_that_is_no_kubeconfig_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(Failure, match="config: "):
        load_target(path)


def test_kubeconfig_is_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, own = tmp_path / "named", tmp_path / "data" / "kubeconfig"
    own.parent.mkdir()
    monkeypatch.setenv("KUBERNEL_DATA", str(own.parent))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'absent'}:{named}")

    with pytest.raises(Failure, match="kubernel up"):
        find_kubeconfig(None)
    own.touch()
    assert find_kubeconfig(None) == own
    named.touch()
    assert find_kubeconfig(None) == named


def test_manifests_of_a_directory_come_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "2.json").write_text('{"apiVersion": "v1", "kind": "B"}')
    (tmp_path / "1.yaml").write_text(
        "apiVersion: v1\nkind: A\n---\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: C}"
    )
    (tmp_path / "notes.txt").write_text("kind: [")

    assert [manifest["kind"] for manifest in read_manifests([str(tmp_path)])] == ["A", "C", "B"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "neither YAML nor JSON"),
        ("- 1", "must be a map"),
        ("kind: Pod", "apiVersion is missing"),
        ("apiVersion: v1\nkind: 3", "kind is missing or not a string"),
        ("apiVersion: v1\nkind: Pod\nmetadata: web", "metadata must be a map"),
        ("", "there is no object"),
    ],
)
def test_bad_manifest_names_the_file(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)

    with pytest.raises(Failure, match=f"{sentence}") as raised:
        read_manifests([str(path)])
    assert str(path) in raised.value.message


@pytest.mark.parametrize(
    ("words", "selections"),
    [
        (["po"], [Selection(PODS)]),
        (["Pod", "a", "b"], [Selection(PODS, ("a", "b"))]),
        (["pods,svc".replace("svc", "services")], [Selection(PODS), Selection(SERVICES)]),
        (["all"], [Selection(PODS), Selection(SERVICES)]),
        (["pod/a", "service/b"], [Selection(PODS, ("a",)), Selection(SERVICES, ("b",))]),
        (["leases.coordination.k8s.io"], [Selection(LEASES)]),
        (["leases.v1.coordination.k8s.io", "x"], [Selection(LEASES, ("x",))]),
    ],
)
def test_words_name_objects(resources: Resources, words: list[str], selections: list[Selection]) -> None:
    assert select(resources, words) == selections


@pytest.mark.parametrize("words", [[], ["pod/a", "b"], ["pod/"], ["/a"]])
def test_words_that_do_not_fit_are_a_usage_error(resources: Resources, words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        select(resources, words)


@pytest.mark.parametrize("words", [["pods"], ["pods", "a", "b"], ["pod/a", "pod/b"]])
def test_one_object_must_be_named(resources: Resources, words: list[str]) -> None:
    with pytest.raises(click.UsageError, match="exactly one"):
        select_one(resources, words)


def test_unknown_type_is_named(resources: Resources) -> None:
    with pytest.raises(Failure, match='resource type "ponies"'):
        select(resources, ["ponies"])
