"""The local image store, and how an image and a pod make a command line."""

import shutil
import subprocess
from pathlib import Path

import pytest
from kubernel.plugin.contracts.runtime import ContainerSpec, ImageUnavailable, LogQuery, StartFailed
from kubernel_runtime_process.images import Image, ImageStore
from kubernel_runtime_process.launching import launch_of
from kubernel_runtime_process.shim.isolation import Level
from tests.process_pods import UID, read, sandbox_spec, started


def _image(store: Path, name: str, config: str = "") -> Path:
    root = store / name / "rootfs"
    root.mkdir(parents=True)
    if config:
        (store / name / "image.json").write_text(config)
    return root


def test_host_is_built_in(tmp_path: Path) -> None:
    image = ImageStore(tmp_path / "nowhere").find("host")

    assert image.root is None
    assert image.id == "process://host"


@pytest.mark.parametrize("name", ["tools", "tools:latest", "team/tools:1.2"])
def test_image_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    root = _image(tmp_path, "team/tools:1.2" if "/" in name else "tools:latest")

    assert ImageStore(tmp_path).find(name).root == root


@pytest.mark.parametrize("name", ["nosuch", "../tools", "/etc", "", "tools/../tools"])
def test_image_that_is_not_in_the_store_is_unavailable(tmp_path: Path, name: str) -> None:
    _image(tmp_path / "store", "tools")

    with pytest.raises(ImageUnavailable, match="is not in the local image store"):
        ImageStore(tmp_path / "store").find(name)


@pytest.mark.parametrize("config", ["{", '{"cmd": "not a list"}', '{"unknown": 1}'])
def test_broken_image_is_unavailable(tmp_path: Path, config: str) -> None:
    _image(tmp_path, "tools", config)

    with pytest.raises(ImageUnavailable, match='image "tools" is broken'):
        ImageStore(tmp_path).find("tools")


@pytest.mark.parametrize(
    ("command", "args", "expected"),
    [
        ((), (), ("/entry", "image-arg")),
        ((), ("arg",), ("/entry", "arg")),
        (("/cmd",), (), ("/cmd",)),
        (("/cmd",), ("arg",), ("/cmd", "arg")),
    ],
)
def test_command_and_args_replace_the_images(
    command: tuple[str, ...], args: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    image = Image("tools", "id", None, entrypoint=("/entry",), cmd=("image-arg",))
    spec = ContainerSpec("main", 0, "tools", command=command, args=args)

    assert launch_of("id", spec, image, sandbox_spec(), Level.PLAIN).argv == expected


def test_variables_of_the_container_win() -> None:
    image = Image("tools", "id", None, env={"A": "image", "B": "image"})
    spec = ContainerSpec("main", 0, "tools", command=("x",), env={"A": "container", "POD_IP": "overridden"})

    env = launch_of("id", spec, image, sandbox_spec(), Level.PLAIN).env

    assert (env["A"], env["B"], env["POD_IP"], env["HOSTNAME"]) == ("container", "image", "overridden", "pod-host")


def _copy_shell(root: Path) -> None:
    """Put a shell with its libraries into an image's root."""
    listed = subprocess.run(["ldd", "/bin/sh"], capture_output=True, text=True, check=True).stdout
    libraries = [word for line in listed.splitlines() for word in line.split() if word.startswith("/")]
    for file in ["/bin/sh", *libraries]:
        target = root / file[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    for directory in ("proc", "tmp", "dev"):
        (root / directory).mkdir()


async def test_program_sees_only_its_images_root(tmp_path: Path) -> None:
    root = _image(tmp_path / "store", "small", '{"entrypoint": ["/bin/sh"], "cmd": ["-c", "echo /*"]}')
    _copy_shell(root)
    async with started(tmp_path, images=tmp_path / "store") as runtime:
        if runtime.isolation.level is Level.PLAIN:
            with pytest.raises(StartFailed, match="needs a mount namespace"):
                await runtime.start_container(UID, ContainerSpec("main", 0, "small"))
            return
        container_id = await runtime.start_container(UID, ContainerSpec("main", 0, "small"))
        said = await read(runtime, container_id, LogQuery(follow=True))

    assert set(said.split()) <= {"/bin", "/lib", "/lib64", "/usr", "/proc", "/tmp", "/dev"}
    assert "/etc" not in said.split()
