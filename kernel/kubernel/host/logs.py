"""How a component's process logs: lines on standard output, level first, for the supervisor to prefix and keep."""

import logging
import os
import sys
import time

__all__ = ["LEVEL_VARIABLE", "log_to_stdout"]

LEVEL_VARIABLE = "KUBERNEL_LOG_LEVEL"
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"
_QUIET = ("asyncio", "stevedore")


def log_to_stdout() -> None:
    """Send everything at ``KUBERNEL_LOG_LEVEL`` (default INFO) and above to standard output, times in UTC."""
    formatter = logging.Formatter(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=os.environ.get(LEVEL_VARIABLE, "INFO").upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
