"""A notebook's kernel, split off from a process that has imported what notebooks import."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.errors import StepFailedError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

__all__ = ["split_off"]

_PATIENCE_S, _POLL_S = 120, 0.02


def split_off(connection: Path) -> AsyncKernelManager:
    """Fork a kernel and return what manages it; to be called before this process has threads or an event loop.

    Parameters
    ----------
    connection
        Where the kernel writes its connection file; it chooses its ports itself, so that no two kernels race for one.

    Raises
    ------
    StepFailedError
        The kernel did not come up.
    """
    from jupyter_client.manager import AsyncKernelManager

    class Beside(AsyncKernelManager):  # type: ignore[misc]  # jupyter_client is not typed
        """Manages a kernel that is there already: it can be asked, interrupted and ended, and not started again."""

        pid: int = 0

        @property
        def has_kernel(self) -> bool:
            return True

        async def _async_is_alive(self) -> bool:
            return not _ended(self.pid)

        async def _async_interrupt_kernel(self) -> None:
            os.kill(self.pid, signal.SIGINT)

        async def _async_shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
            del now, restart
            if not _ended(self.pid):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)

        is_alive = _async_is_alive
        interrupt_kernel = _async_interrupt_kernel
        shutdown_kernel = _async_shutdown_kernel

    connection.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        _be_kernel(connection)
    _await(connection, pid)
    manager = Beside()
    manager.load_connection_file(str(connection))
    manager.pid = pid
    return manager


def _await(connection: Path, pid: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        with suppress(OSError, ValueError):
            json.loads(connection.read_text(encoding="utf-8"))
            return
        if _ended(pid) or time.monotonic() > deadline:
            raise StepFailedError("the kernel did not come up", hint="run the briefing again")
        time.sleep(_POLL_S)


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _be_kernel(connection: Path) -> None:
    """Be the kernel, and nothing after it."""
    code: Any = 1
    try:
        from ipykernel.kernelapp import IPKernelApp

        # The kernel looks from time to time whether this process is still there, and ends when it is not.
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        IPKernelApp.launch_instance(["-f", str(connection)])
        code = 0
    except SystemExit as ended:
        code = ended.code
    finally:
        os._exit(code if isinstance(code, int) else 0)
