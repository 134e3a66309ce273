"""The processes of a run, split off from one that has imported everything: no step pays for its imports again.

Run as ``python -m bosspick.warm``. It reads one job a line, forks a process for it in a group of its own, and tells
when that ended. When nobody writes to it any more, it ends all of them and itself.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

__all__ = ["Processes", "prepare", "serve"]

_POLL_S = 0.05
#: Seconds for a job to end by itself when it is asked to.
_GRACE_S = 4.0
#: What the notebooks and the products beside them import, or what that imports late.
_MODULES = (
    "papermill", "ipykernel.kernelapp", "ipykernel.ipkernel", "jupyter_client.asynchronous", "IPython.core.interactiveshell",
    "pandas", "ibis.backends.duckdb", "plotly.graph_objects", "pulp", "highspy", "xlsxwriter", "babel.dates", "jinja2",
    "bosspick.bargaining.brand_books", "bosspick.bargaining.sheets", "bosspick.bargaining.subsidy", "bosspick.briefing.ahead",
    "bosspick.briefing.cards", "bosspick.briefing.figures", "bosspick.briefing.files", "bosspick.briefing.page",
    "bosspick.briefing.price_figures", "bosspick.briefing.rundown_figure", "bosspick.briefing.tables",
    "bosspick.briefing.talk_views", "bosspick.demand", "bosspick.desk", "bosspick.ledger", "bosspick.lineup.plan",
    "bosspick.rundown", "bosspick.screening",
)  # fmt: skip


class Processes:
    """The jobs of one run, each in a process group of its own.

    Parameters
    ----------
    split
        Split the warm process off from this one, which has imported everything, rather than start another interpreter.
    """

    def __init__(self, *, split: bool = False) -> None:
        (jobs, self._to), (self._from, answers) = os.pipe(), os.pipe()
        self.pid = _forked(jobs, answers, (self._to, self._from)) if split else _started(jobs, answers)
        os.close(jobs)
        os.close(answers)
        os.set_blocking(self._from, False)
        self._heard = b""
        self._over = self._stopped = self._asked = False
        self._codes: dict[str, int] = {}

    def start(self, job: str, words: Sequence[str | Path], log: Path) -> None:
        """Start a job in the folder of its ``log``, into which goes what it prints."""
        self._codes.pop(job, None)
        self._asked = True
        line = json.dumps({"job": job, "words": [str(word) for word in words], "log": str(log)})
        with suppress(BrokenPipeError):  # its end is noticed when it is asked for the job
            os.write(self._to, line.encode() + b"\n")

    def code(self, job: str) -> int | None:
        """How a job ended, as :attr:`subprocess.Popen.returncode`; None while it is at work."""
        self._over = self._over or os.waitpid(self.pid, os.WNOHANG)[0] != 0
        self._listen()
        return self._codes.get(job, -signal.SIGKILL if self._over else None)

    def stop(self) -> None:
        """End whatever still runs, with its kernel and its solver; a second time nothing is left to do."""
        if self._stopped:
            return
        self._stopped = True
        os.close(self._to)
        if not self._asked:
            _end(self.pid)  # it may still import, for nothing
        if not self._over:
            os.waitpid(self.pid, 0)
        os.close(self._from)

    def _listen(self) -> None:
        with suppress(BlockingIOError):
            while found := os.read(self._from, 65536):
                self._heard += found
        *lines, self._heard = self._heard.split(b"\n")
        for line in lines:
            job, code = json.loads(line)
            self._codes[job] = code


def _started(jobs: int, answers: int) -> int:
    """Start an interpreter that imports everything and serves; its process id."""
    quiet = {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    command = [sys.executable, "-P", "-m", __name__]
    warm = subprocess.Popen(command, stdin=jobs, stdout=answers, start_new_session=True, env=os.environ | quiet)
    # Whoever asks for its jobs waits for it, by its number.
    warm.returncode = 0
    return warm.pid


def _forked(jobs: int, answers: int, ours: tuple[int, int]) -> int:
    """Split off a process that serves; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        os.dup2(jobs, 0)
        os.dup2(answers, 1)
        for end in (jobs, answers, *ours):
            os.close(end)
        serve(_do)
    finally:
        os._exit(0)


def serve(do: Callable[[Sequence[str]], None]) -> None:
    """Fork a process for every job that is written to standard input, until that ends."""
    at_work: dict[int, str] = {}
    pending = b""
    os.set_blocking(0, False)
    while True:
        if select.select([0], [], [], _POLL_S)[0]:
            found = os.read(0, 65536)
            if not found:
                break
            *lines, pending = (pending + found).split(b"\n")
            for line in lines:
                job = json.loads(line)
                at_work[_split_off(do, job["words"], job["log"])] = job["job"]
        for pid in list(at_work):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                # A kernel that outlived its notebook goes with it.
                _end(pid)
                os.write(1, json.dumps([at_work.pop(pid), os.waitstatus_to_exitcode(status)]).encode() + b"\n")
    _end_all(set(at_work))


def _end_all(groups: set[int]) -> None:
    """Ask them to end, and end those that do not, and whatever of a group outlives its first process."""
    for group in groups:
        _end(group, signal.SIGTERM)
    left, deadline = set(groups), time.monotonic() + _GRACE_S
    while left and time.monotonic() < deadline:
        left = {group for group in left if not os.waitpid(group, os.WNOHANG)[0]}
        time.sleep(_POLL_S if left else 0)
    for group in groups:
        _end(group)
    for group in left:
        os.waitpid(group, 0)


def _end(group: int, how: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def _split_off(do: Callable[[Sequence[str]], None], words: Sequence[str], log: str) -> int:
    pid = os.fork()
    with suppress(OSError):  # by both, whoever comes first: the group must be there before anybody ends it
        os.setpgid(pid, pid or os.getpid())
    if pid:
        return pid
    code = 1
    try:
        nothing, out = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for source, target in ((nothing, 0), (out, 1), (out, 2)):
            os.dup2(source, target)
        os.chdir(Path(log).parent)
        do(words)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _do(words: Sequence[str]) -> None:
    from bosspick.briefing.ahead import make
    from bosspick.briefing.papermill_run import end_with_parent, run_notebook

    if words[0] == "product":
        end_with_parent()
        make(words[1])
        return
    source, target, config, seconds = words[1:]
    run_notebook(Path(source), Path(target), Path(config), timeout_s=int(seconds), forked=True)


def prepare() -> None:
    """Import what the jobs need, and have done once what libraries put off until they are first used."""
    # The grammar of IRIs is a third of all imports' time, and checks what no notebook holds: jsonschema does without.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # None is how an import is refused
    for name in _MODULES:
        import_module(name)
    # Plotly reads its schema with the first figure.
    import_module("plotly.graph_objects").Figure(layout={"title": {"text": ""}})


if __name__ == "__main__":
    prepare()
    serve(_do)
    os._exit(0)  # nothing is left to do, and taking all of it down would be waited for
