"""What sets a pod apart from the machine, where the kernel permits it."""

import os
import socket
from pathlib import Path

import pytest
from kubernel.plugin.contracts.runtime import ContainerSpec, LogQuery, Mount, StartFailed
from kubernel_runtime_process.shim.isolation import Level
from tests.process_pods import UID, output, read, started


@pytest.fixture
async def permitted(tmp_path: Path) -> None:
    """Skip where the kernel permits no namespaces at all."""
    (tmp_path / "probe").mkdir()
    async with started(tmp_path / "probe") as runtime:
        if runtime.isolation.level is Level.PLAIN:
            pytest.skip(f"no namespaces here: {runtime.isolation.reason}")


@pytest.mark.usefixtures("permitted")
async def test_pod_sees_only_its_own_processes(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        numbers = await output(runtime, "cd /proc && echo [0-9]*")

    assert len(numbers.split()) <= 3
    assert "1" in numbers.split(), "the shim is the pod's first process"


@pytest.mark.usefixtures("permitted")
async def test_pod_has_a_host_name_of_its_own(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        assert await output(runtime, "uname -n") == "pod-host\n"

    assert socket.gethostname() != "pod-host"


@pytest.mark.usefixtures("permitted")
async def test_root_is_read_only_and_tmp_is_private(tmp_path: Path) -> None:
    async with started(tmp_path) as runtime:
        refused = await output(runtime, "touch /usr/kubernel-was-here 2>/dev/null || echo refused")
    (tmp_path / "second").mkdir()
    async with started(tmp_path / "second") as runtime:
        private = await output(runtime, "ls -A /tmp | wc -l; echo y > /tmp/y; cat /tmp/y")

    assert refused == "refused\n"
    assert private == "0\ny\n"


@pytest.mark.usefixtures("permitted")
async def test_cluster_directory_is_hidden(tmp_path: Path) -> None:
    data = tmp_path / "plugins" / "agent" / "runtimes" / "process"
    data.mkdir(parents=True)
    (tmp_path / "kubeconfig").write_text("secret")
    async with started(data) as runtime:
        said = await output(runtime, f"cat {tmp_path}/kubeconfig 2>&1")

    assert "secret" not in said


@pytest.mark.usefixtures("permitted")
async def test_volume_is_where_it_is_mounted(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    (volume / "note").write_text("hello\n")
    mounts = (Mount(volume, "/mnt"), Mount(volume / "note", "/tmp/deep/note", read_only=True))
    text = "cat /mnt/note /tmp/deep/note; echo more > /mnt/new; echo no > /tmp/deep/note || echo refused"
    async with started(tmp_path) as runtime:
        spec = ContainerSpec("main", 0, "host", command=("/bin/sh", "-c", text), mounts=mounts)
        container_id = await runtime.start_container(UID, spec)
        said = await read(runtime, container_id, LogQuery(follow=True))

    assert said.startswith("hello\nhello\n")
    assert "refused" in said
    assert (volume / "new").read_text() == "more\n"


@pytest.mark.usefixtures("permitted")
async def test_mount_point_that_is_not_there_is_said(tmp_path: Path) -> None:
    spec = ContainerSpec("main", 0, "host", command=("true",), mounts=(Mount(tmp_path, "/no/such/place"),))
    async with started(tmp_path) as runtime:
        with pytest.raises(StartFailed, match="the image has no /no/such/place to mount a volume at"):
            await runtime.start_container(UID, spec)


async def test_plain_pod_says_that_volumes_need_more(tmp_path: Path) -> None:
    spec = ContainerSpec("main", 0, "host", command=("true",), mounts=(Mount(tmp_path, "/mnt"),))
    async with started(tmp_path, "plain") as runtime:
        with pytest.raises(StartFailed, match="a volume at /mnt needs a mount namespace"):
            await runtime.start_container(UID, spec)


async def test_plain_pod_runs_and_has_its_variables(tmp_path: Path) -> None:
    async with started(tmp_path, "plain") as runtime:
        assert runtime.isolation.level is Level.PLAIN
        assert await output(runtime, "echo $HOSTNAME $POD_IP") == "pod-host 127.64.0.9\n"


async def test_container_inherits_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_AGENT", "x")
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    async with started(tmp_path) as runtime:
        said = await output(runtime, "env; ls /proc/self/fd | wc -l")
    os.close(read_end)
    os.close(write_end)

    assert "SECRET_OF_THE_AGENT" not in said
    assert int(said.splitlines()[-1]) <= 4, "only stdin, stdout, stderr, and the directory that ls reads"
