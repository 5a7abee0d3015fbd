"""A full disk: writes are refused with a sentence, reads go on, and nothing is lost or half-written."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster, until
from tests.e2e.manifests import config_map

DISK = "48m"
TEXT = "x" * 500_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(tmp_path)], check=True)
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.component("root")
def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    cluster = Cluster(small_disk / "data")
    try:
        cluster.up()
        cluster.kubectl("create", "-f", "-", stdin=config_map("before", text=TEXT))
        ballast = small_disk / "ballast"
        _fill(ballast)

        refused = cluster.refusal("kubectl", "create", "-f", "-", stdin=config_map("during", text=TEXT))
        read = cluster.get("configmap", "before")
        ballast.unlink()
        until("there is room again", lambda: cluster.kubectl("create", "-f", "-", stdin=config_map("after", text=TEXT)))

        assert "full" in refused
        assert read["data"]["text"] == TEXT
        names = {item["metadata"]["name"] for item in cluster.get("configmaps")["items"]}
        assert names - {"kube-root-ca.crt"} == {"before", "after"}
    finally:
        cluster.run("kubernel", "down")
        cluster.kill_everything()


def _fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            os.fsync(file.fileno())
