import socket
from pathlib import Path

import pytest
from kubernel.cluster.errors import ClusterError
from kubernel.cluster.settings import UpSettings
from kubernel.cluster.state.memory import Shape, recall, remember
from kubernel.cluster.state.port import require_free


def test_a_first_start_has_the_defaults(tmp_path: Path) -> None:
    assert recall(tmp_path / "cluster.json", UpSettings()) == Shape("127.0.0.1", 6443, 1)


def test_what_is_not_asked_for_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    remember(path, recall(path, UpSettings(port=7000, nodes=3)))

    assert recall(path, UpSettings()) == Shape("127.0.0.1", 7000, 3)
    assert recall(path, UpSettings(nodes=5)) == Shape("127.0.0.1", 7000, 5)


@pytest.mark.parametrize("settings", [UpSettings(port=0), UpSettings(port=65536), UpSettings(nodes=0)])
def test_a_number_out_of_range_is_refused(tmp_path: Path, settings: UpSettings) -> None:
    with pytest.raises(ClusterError, match="must be from 1 to"):
        recall(tmp_path / "cluster.json", settings)


def test_a_damaged_file_says_how_to_go_on(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_text('{"nodes": "many"}')

    with pytest.raises(ClusterError, match=r"cluster.json cannot be read: Expected `int`.*remove it"):
        recall(path, UpSettings())


def test_nodes_have_numbers() -> None:
    assert Shape(nodes=3).node_names == ("node-1", "node-2", "node-3")


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "https://127.0.0.1:6443"), ("0.0.0.0", "https://127.0.0.1:6443"), ("::1", "https://[::1]:6443")],
)
def test_clients_on_this_machine_find_it(host: str, url: str) -> None:
    assert Shape(host=host).url == url


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(ClusterError, match=f"port {port} on 127.0.0.1 is in use; choose another with --port"):
            require_free("127.0.0.1", port)


def test_a_free_port_stays_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ClusterError, match=r"cannot listen on 192.0.2.1:6443: Cannot assign requested address"):
        require_free("192.0.2.1", 6443)
