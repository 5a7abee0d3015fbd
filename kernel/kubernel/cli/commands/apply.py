"""``kubernel apply``: make manifests true.

The three-way merge of kubectl's client-side apply: what the manifest says is set, what an earlier manifest said and
this one does not is removed, everything else on the live object is left alone. The earlier manifest is remembered in
kubectl's own annotation, so both programs can apply the same object in turn.
"""

import json
from http import HTTPStatus

import click

from kubernel.cli.access.connection import MERGE_PATCH, Plain
from kubernel.cli.access.manifests import read_manifests
from kubernel.cli.access.merging import three_way
from kubernel.cli.access.resources import Resource
from kubernel.cli.access.session import Session, connects
from kubernel.cli.errors import Failure, Refused

__all__ = ["apply"]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
WRITE = {"fieldManager": "kubernel-apply", "fieldValidation": "Strict"}


@click.command()
@click.option("-f", "--filename", "sources", multiple=True, required=True, help="A file, a directory, or - for stdin.")
@click.option("-R", "--recursive", is_flag=True, help="With the directories below a directory.")
@click.option("--dry-run", is_flag=True, help="Let the server check everything and change nothing.")
@connects
def apply(session: Session, sources: tuple[str, ...], recursive: bool, dry_run: bool) -> None:
    """Create or change objects until they are as the manifests say: `kubernel apply -f examples/nifty.yaml`."""
    query = {**WRITE, "dryRun": "All"} if dry_run else WRITE
    note = " (server dry run)" if dry_run else ""
    failures = 0
    for manifest in read_manifests(sources, recursive=recursive):
        resource = session.resources.of_object(manifest)
        try:
            done = _apply_one(session, resource, manifest, query)
        except Refused as error:
            # One bad manifest does not keep the others from becoming true.
            click.echo(f"error: {resource.label}/{_name(manifest)}: {error.message}", err=True)
            failures += 1
        else:
            click.echo(f"{resource.label}/{_name(manifest)} {done}{note}")
    if failures:
        raise Failure(f"{failures} of the objects could not be applied")


def _name(manifest: Plain) -> str:
    name: str = (manifest.get("metadata") or {}).get("name") or ""
    return name


def _apply_one(session: Session, resource: Resource, manifest: Plain, query: dict[str, str]) -> str:
    metadata: Plain = manifest.get("metadata") or {}
    if not metadata.get("name"):
        raise Refused(HTTPStatus.BAD_REQUEST, "", "metadata.name is missing; apply finds an object by its name")
    namespace = metadata.get("namespace") or session.namespace
    if resource.namespaced:
        manifest = {**manifest, "metadata": {**metadata, "namespace": namespace}}
    wanted = _annotated(manifest, _remembered(manifest))
    path = resource.path(namespace, _name(manifest))
    try:
        live = session.connection.get(path)
    except Refused as error:
        if error.code != HTTPStatus.NOT_FOUND:
            raise
        session.connection.request("POST", resource.path(namespace), query, body=wanted)
        return "created"
    patch = three_way(_last_applied(live), wanted, live)
    if not patch:
        return "unchanged"
    after = session.connection.request("PATCH", path, query, body=patch, content_type=MERGE_PATCH)
    same = after["metadata"]["resourceVersion"] == live["metadata"]["resourceVersion"]
    return "unchanged" if same else "configured"


def _remembered(manifest: Plain) -> str:
    """Return the manifest as kubectl remembers it, byte for byte, so that neither sees a change of the other's."""
    metadata: Plain = manifest["metadata"]
    text = json.dumps(
        {**manifest, "metadata": {**metadata, "annotations": metadata.get("annotations") or {}}},
        separators=(",", ":"),
        sort_keys=True,
        ensure_ascii=False,
    )
    # Go's encoder escapes what would be markup in a web page.
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text + "\n"


def _annotated(manifest: Plain, remembered: str) -> Plain:
    metadata: Plain = manifest["metadata"]
    annotations = {**(metadata.get("annotations") or {}), LAST_APPLIED: remembered}
    return {**manifest, "metadata": {**metadata, "annotations": annotations}}


def _last_applied(live: Plain) -> Plain:
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    try:
        earlier = json.loads(text) if text else {}
    except ValueError:
        # Somebody wrote nonsense there; without a memory nothing is removed, which harms nobody.
        return {}
    return earlier if isinstance(earlier, dict) else {}
