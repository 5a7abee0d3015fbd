"""Our end of the zygote: the process from which every pod's shim is forked."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from kubernel.plugin.contracts.runtime import RuntimeUnavailable

from kubernel_runtime_process.shim.isolation import Isolation, Level

__all__ = ["Spawner"]

_ZYGOTE = "import sys; sys.path.append(sys.argv[1]); from kubernel_runtime_process.shim.zygote import main; main()"
_SITE = Path(__file__).resolve().parent.parent
_ANSWER_TIMEOUT_S = 30.0
"""A fork takes milliseconds; a machine that needs longer than this is stuck."""


class Spawner:
    """Forks shims, one at a time; starts its zygote when there is none."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def probe(self, level: Level | None) -> Isolation:
        """Return the isolation that works here; ``level`` asks for this one only."""
        answer = await self._ask({"verb": "probe", "level": level or ""})
        return Isolation(Level(answer["level"]), answer["reason"])

    async def spawn(self, directory: Path, hostname: str, level: Level) -> None:
        """Fork a shim for the sandbox in this directory; it listens when this returns.

        Raises:
            RuntimeUnavailable: It did not start; the sentence says why.
        """
        answer = await self._ask({"verb": "keep", "directory": str(directory), "hostname": hostname, "level": level})
        if answer["error"]:
            raise RuntimeUnavailable(f"the sandbox did not start: {answer['error'].strip()}")

    async def close(self) -> None:
        """End the zygote; the shims stay."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _ask(self, request: dict[str, str]) -> dict[str, str]:
        async with self._turn:
            process = self._process
            if process is None or process.returncode is not None:
                process = self._process = await self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                    process.stdin.write(json.dumps(request).encode() + b"\n")
                    await process.stdin.drain()
                    line = await process.stdout.readline()
            except (TimeoutError, OSError) as error:
                await self.close()
                raise RuntimeUnavailable(f"the process that forks sandboxes does not answer: {error!r}") from error
            if not line:
                await self.close()
                raise RuntimeUnavailable("the process that forks sandboxes died")
            answer: dict[str, str] = json.loads(line)
            return answer

    @staticmethod
    async def _start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", "-c", _ZYGOTE, str(_SITE)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd="/",
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
