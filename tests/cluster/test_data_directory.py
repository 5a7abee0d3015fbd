import os
from pathlib import Path

import pytest
from kubernel import __version__
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.state.datadir import DataDir, write_private


def test_prepare_makes_private_rooms(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "deep" / "data")

    data.prepare()

    assert {path.stat().st_mode & 0o777 for path in (data.path, data.pki, data.logs, data.run)} == {0o700}
    assert data.version_file.read_text() == f"{__version__}\n"
    assert data.version_file.stat().st_mode & 0o777 == 0o600


def test_prepare_closes_a_directory_that_stood_open(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir(mode=0o755)

    DataDir(path).prepare()

    assert path.stat().st_mode & 0o777 == 0o700


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.touch()

    with pytest.raises(ClusterError, match=rf"the data directory {path} cannot be used: (Not a directory|File exists)"):
        DataDir(path).prepare()


@pytest.mark.parametrize("version", ["99.0.0", "1.0", "0.2.0rc1"])
def test_a_newer_versions_directory_is_left_alone(tmp_path: Path, version: str) -> None:
    data = DataDir(tmp_path)
    data.version_file.write_text(f"{version}\n")

    with pytest.raises(ClusterError, match=f"was used by kubernel {version}, this is {__version__}: upgrade"):
        data.prepare()

    assert data.version_file.read_text() == f"{version}\n"
    assert not data.pki.exists()


@pytest.mark.parametrize("version", ["0.0.9", "0.1.7", __version__])
def test_an_older_or_the_same_version_is_taken_over(tmp_path: Path, version: str) -> None:
    data = DataDir(tmp_path)
    data.version_file.write_text(f"{version}\n")

    data.prepare()

    assert data.version_file.read_text() == f"{__version__}\n"


def test_a_damaged_version_file_is_an_error(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.version_file.write_text("what?\n")

    with pytest.raises(ClusterError, match=r"version cannot be read: Invalid version: 'what\?"):
        data.prepare()


def test_a_path_that_is_too_long_for_sockets_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    data = DataDir(tmp_path / ("x" * 100))

    with pytest.raises(ClusterError, match="too long a path"):
        data.prepare()

    assert not data.path.exists()


def test_a_private_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_private(path, b"old")
    (tmp_path / f".key.{os.getpid()}").mkdir()  # the draft cannot be made

    with pytest.raises(OSError, match="directory"):
        write_private(path, b"new")

    assert path.read_bytes() == b"old"
    assert path.stat().st_mode & 0o777 == 0o600
