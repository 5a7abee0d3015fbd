"""A full disk: the write is refused with a sentence, nothing is lost or half done, and writing goes on afterwards."""

import subprocess
import sys
from pathlib import Path

import pytest

FILLS_ITS_DISK = """
import os, subprocess, sys
from pathlib import Path
from kubernel.store import Entry, StoreUnavailable, Write, open_log, sqlite_url

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=True)
ballast = disk / "ballast"
log = open_log(sqlite_url(disk / "log.db"))
head = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{'

def write(name):
    body = head + b'"name":"%s","annotations":{"x":"%s"}}}' % (name.encode(), b"x" * 20_000)
    outcomes = log.apply([Write(f"configmaps/default/{name}", 0, body, len(head))])
    log.commit()
    assert isinstance(outcomes[0], Entry), outcomes
    return outcomes[0].revision

acknowledged = [write(f"before-{i}") for i in range(20)]
with ballast.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(b"x" * 65536)
    except OSError:
        pass
refused = 0
for i in range(200):
    try:
        acknowledged.append(write(f"during-{i}"))
    except StoreUnavailable as error:
        refused += 1
        assert "disk is full" in str(error) or "disk I/O error" in str(error), error
        if refused == 3:
            break
assert refused == 3, "the disk never became full"
ballast.unlink()
acknowledged.append(write("after"))
log.close()

again = open_log(sqlite_url(disk / "log.db"))
assert [e.revision for e in again.objects()] and again.revision == acknowledged[-1]
assert sorted(e.revision for e in again.objects()) == acknowledged == list(range(1, len(acknowledged) + 1))
again.close()
subprocess.run(["umount", str(disk)], check=True)
print("whole")
"""


@pytest.mark.component("root", "tmpfs")
def test_log_refuses_writes_on_a_full_disk_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    # In a mount namespace of its own, so that nothing is left mounted whatever happens.
    outcome = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", FILLS_ITS_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert outcome.stdout == "whole\n", outcome.stderr
