"""The talk's slides 101 to 108: a service address that nobody has, led to a random local port by iptables."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from kubernel_proxy_userspace.redirect import Redirect

SCRIPT = Path(__file__).with_name("redirect_in_namespace.py")


@pytest.fixture
def found(tmp_path: Path) -> dict[str, object]:
    """Run the script in a network namespace, where the rules touch nobody."""
    command = ["unshare", "--net", sys.executable, str(SCRIPT), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


@pytest.mark.component("root")
@pytest.mark.component("netns")
@pytest.mark.component("iproute2")
@pytest.mark.component("iptables")
def test_redirects_foreign_addresses_and_cleans_up(found: dict[str, object]) -> None:
    assert found["failures"] == []
    assert found["tcp"] == 2
    assert found["udp"] == 2
    assert found["refused without backends"] is True
    assert found["rules after a crash"] == []
    assert found["tcp after a crash"] == 2
    assert found["rules at the end"] == []

    rules = found["rules"]
    assert isinstance(rules, list)
    shown = [re.sub(r"ports \d+$", "ports X", rule) for rule in rules]
    for protocol, port, comment in (("tcp", 80, "default/nifty-svc:"), ("udp", 53, "default/dns:")):
        assert (
            f"-A KUBERNEL-USERSPACE -d 10.9.8.7/32 -p {protocol} -m {protocol} --dport {port} "
            f'-m comment --comment "{comment}" -j REDIRECT --to-ports X'
        ) in shown
    assert "-A OUTPUT -j KUBERNEL-USERSPACE" in shown
    assert "-A PREROUTING -j KUBERNEL-USERSPACE" in shown


def test_a_rule_is_what_iptables_restore_reads() -> None:
    rule = Redirect("10.9.8.7", 80, "TCP", 43215, "default/nifty-svc:")

    assert rule.line() == (
        "-A KUBERNEL-USERSPACE -d 10.9.8.7/32 -p tcp -m tcp --dport 80 "
        '-m comment --comment "default/nifty-svc:" -j REDIRECT --to-ports 43215'
    )
