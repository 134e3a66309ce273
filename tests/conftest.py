"""Small rooms the tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from tests.rooms import write_room

# A loaded machine is no finding: no law is judged by how long an example took.
settings.register_profile("bosspick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bosspick")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room of one week with three clean offers, each quoted on four channels."""
    return write_room(tmp_path / "room")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own, reached by a socket in its folder."""
    pytest.importorskip("psycopg", reason="needs the postgres extra")
    binary = shutil.which("initdb")
    if binary is None:
        pytest.skip("needs a PostgreSQL server (initdb)")
    home = Path(binary).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="bosspick-pg-"))
    # PostgreSQL refuses to run as root.
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    if drop:
        os.chown(folder, 65534, 65534)
    data = folder / "data"
    server = f"-c listen_addresses='' -c fsync=off -k {folder}"
    quiet = {"check": True, "capture_output": True, "cwd": folder}
    subprocess.run([*drop, home / "initdb", "-D", data, "-U", "room", "-A", "trust", "-E", "UTF8"], **quiet)
    log = folder / "log"
    subprocess.run([*drop, home / "pg_ctl", "-w", "-D", data, "-l", log, "-o", server, "start"], **quiet)
    try:
        yield f"postgresql+psycopg://room@/postgres?host={folder}"
    finally:
        subprocess.run([*drop, home / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """A database of its own in it."""
    url = sa.make_url(postgres)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"ledger_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(sa.text(f'create database "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def bound() -> Sequence[str]:
    """How to run a command for which permissions hold: root may read and write whatever they say."""
    if os.getuid() != 0:
        return ()
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if shutil.which("setpriv") is None or subprocess.run([*drop, "true"], capture_output=True).returncode:
        pytest.skip("root may write everywhere, and its right to do so cannot be given up here (setpriv)")
    return drop
