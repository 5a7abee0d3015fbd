"""The Plugin objects as they were last: a guess, good enough to start hosts while the API server still starts.

Half of a start's time is importing plugins, and it need not wait for the API. The guess is what the reconciler saw
last, or for a new cluster what it will be given. The API's own objects replace it as soon as they are known; a host
that the guess got wrong is swapped then like any other.
"""

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from kubernel.cluster.state.datadir import write_private
from kubernel.cluster.units.desired import absent
from kubernel.objects.plugin_object import Plugin

__all__ = ["presume", "write_presumed"]

_decoder = msgspec.json.Decoder(list[Plugin])
_log = logging.getLogger("supervisor")


def presume(path: Path, drivers: Mapping[str, str]) -> list[Plugin]:
    """Return the objects that there will be, as far as one can know.

    Args:
        path: What `write_presumed` wrote.
        drivers: Role → driver, from the command line.
    """
    try:
        last = _decoder.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        last = []  # a first start; or a damaged guess, which is as good as none
    for plugin in last:
        if plugin.spec and drivers.get(plugin.spec.role, plugin.spec.driver) != plugin.spec.driver:
            plugin.spec = msgspec.structs.replace(
                plugin.spec, driver=drivers[plugin.spec.role], config=None, package=None, enabled=True
            )
    return last + absent(last, drivers)


def write_presumed(path: Path, plugins: Collection[Plugin]) -> None:
    """Keep the objects for the next start, without their statuses; losing them costs a moment then."""
    kept = [msgspec.structs.replace(plugin, status=None) for plugin in plugins]
    try:
        write_private(path, msgspec.json.encode(kept), durable=False)
    except OSError as error:
        _log.warning("%s cannot be written: %s", path, error)
