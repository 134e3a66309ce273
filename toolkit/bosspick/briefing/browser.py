"""A headless Chromium driven over a pipe (the DevTools protocol), killed with all its children when its time is up."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Browser", "BrowserError"]

#: No network at all, whatever a page or the browser itself would like to load, and no questions of a first start.
_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-breakpad", "--no-first-run",
    "--no-default-browser-check", "--metrics-recording-only", "--mute-audio", "--password-store=basic", "--use-mock-keychain",
    "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-color-profile=srgb", "--font-render-hinting=none",
)  # fmt: skip
#: The browser reads commands from descriptor 3 and writes answers to 4.
_READS, _WRITES = 3, 4
_CHUNK = 1 << 16
#: Seconds for it to end by itself.
_GRACE_S, _POLL_S = 2.0, 0.02


class BrowserError(Exception):
    """The browser did not start, went away, refused a command, or took too long."""


@dataclass(slots=True, kw_only=True)
class Browser:
    """A running browser; use it as a context."""

    process: int
    profile: Path
    deadline: float
    to: int
    back: int
    _number: int = 0
    _buffer: bytearray = field(default_factory=bytearray)
    _events: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def start(cls, program: Path, *, timeout_s: float) -> Browser:
        """Start a browser in a process group of its own.

        Raises
        ------
        BrowserError
            It cannot be started.
        """
        if not hasattr(os, "posix_spawn"):
            raise BrowserError("cannot be driven on this system")
        profile = Path(tempfile.mkdtemp(prefix="bosspick-browser-"))
        ours = [*os.pipe(), *os.pipe()]
        # Clear of the descriptors the browser expects: one of ours could be 3 or 4 itself.
        high = [_raised(each) for each in ours]
        reads, to, back, writes = high
        # A container's root has no sandbox; anybody else keeps it.
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        try:
            process = os.posix_spawn(
                program, [str(program), *_FLAGS, *root, f"--user-data-dir={profile}", "about:blank"], os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_DUP2, reads, _READS), (os.POSIX_SPAWN_DUP2, writes, _WRITES),
                ], setsid=True,
            )  # fmt: skip
        except OSError as error:
            shutil.rmtree(profile, ignore_errors=True)
            for each in (to, back):
                os.close(each)
            raise BrowserError(f"cannot be started: {error.strerror}") from None
        finally:
            for each in (reads, writes):
                os.close(each)
        return cls(process=process, profile=profile, deadline=time.monotonic() + timeout_s, to=to, back=back)

    def allow(self, timeout_s: float) -> None:
        """Give it this long from now on."""
        self.deadline = time.monotonic() + timeout_s

    def tab(self, *, media: Mapping[str, Any]) -> str:
        """An empty tab, for a medium."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        tab = str(self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"])
        self.ask("Page.enable", {}, tab)
        self.ask("Emulation.setEmulatedMedia", media, tab)
        return tab

    def go(self, tab: str, address: str) -> None:
        """Begin to load a page in a tab.

        Raises
        ------
        BrowserError
            There is no such page.
        """
        answer = self.ask("Page.navigate", {"url": address}, tab)
        if answer.get("errorText"):
            raise BrowserError(f"cannot open {address}: {answer['errorText']}")

    def loaded(self, tab: str) -> None:
        """Wait until a tab's page is loaded."""
        self._until(lambda told: told.get("method") == "Page.loadEventFired" and told.get("sessionId") == tab)

    def ask(self, method: str, parameters: Mapping[str, Any], tab: str | None = None) -> dict[str, Any]:
        """Give a command and wait for its answer; errors as :meth:`answer`."""
        return self.answer(self.begin(method, parameters, tab))

    def begin(self, method: str, parameters: Mapping[str, Any], tab: str | None = None) -> int:
        """Give a command; returns its number, for :meth:`answer`.

        Raises
        ------
        BrowserError
            The browser went away.
        """
        self._number += 1
        number = self._number
        command = {"id": number, "method": method, "params": dict(parameters)} | ({"sessionId": tab} if tab else {})
        try:
            _send(self.to, json.dumps(command).encode() + b"\0")
        except OSError:
            raise BrowserError("went away") from None
        return number

    def answer(self, number: int) -> dict[str, Any]:
        """Wait for the answer to a command.

        Raises
        ------
        BrowserError
            The answer is an error, or none came in time.
        """
        answer = self._until(lambda told: told.get("id") == number)
        if "error" in answer:
            raise BrowserError(f"refused a command: {answer['error'].get('message', '')}")
        result: dict[str, Any] = answer.get("result", {})
        return result

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End it with all its children, and remove its profile."""
        # Asked to, it takes away what it keeps outside its profile; else it is ended.
        with suppress(BrowserError):
            self.begin("Browser.close", {})
        ended, deadline = False, time.monotonic() + _GRACE_S
        while not ended and time.monotonic() < deadline:
            with suppress(ChildProcessError):
                ended = os.waitpid(self.process, os.WNOHANG)[0] != 0
            time.sleep(0 if ended else _POLL_S)
        with suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        if not ended:
            with suppress(ChildProcessError):
                os.waitpid(self.process, 0)
        for each in (self.to, self.back):
            with suppress(OSError):
                os.close(each)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _until(self, wanted: Any) -> dict[str, Any]:
        """The first message that is wanted; others are kept for who asks later."""
        for place, told in enumerate(self._events):
            if wanted(told):
                return self._events.pop(place)
        while True:
            told = self._next()
            if wanted(told):
                return told
            self._events.append(told)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            left = self.deadline - time.monotonic()
            ready = select.select([self.back], [], [], max(left, 0))[0] if left > 0 else []
            if not ready:
                raise BrowserError("took too long")
            chunk = os.read(self.back, _CHUNK)
            if not chunk:
                raise BrowserError("went away")
            self._buffer += chunk
        end = self._buffer.index(b"\0")
        told: dict[str, Any] = json.loads(bytes(self._buffer[:end]))
        del self._buffer[: end + 1]
        return told


def _raised(descriptor: int) -> int:
    import fcntl

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


def _send(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
