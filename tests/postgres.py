"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        programs: the folder of initdb, psql and the others.
        folder: of the socket.
        user: of the database and of the system.
    """

    programs: Path
    folder: Path
    user: str

    def address(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def sql(self, database: str, *commands: str) -> str:
        """Run the commands, each on its own; what the last one printed."""
        arguments = [part for command in commands for part in ("-c", command)]
        done = subprocess.run(
            [
                *(self.programs / "psql", "-h", self.folder, "-U", self.user, "-d", database),
                *("-v", "ON_ERROR_STOP=1", "-qAtX", *arguments),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def create(self, database: str) -> str:
        """An empty database; its address."""
        self.sql("postgres", f'CREATE DATABASE "{database}"')
        return self.address(database)


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs; the newest where there are several."""
    named = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    if named:
        found.append(Path(named).resolve().parent)
    return next((path for path in reversed(found) if (path / "psql").exists()), None)


def unprivileged() -> pwd.struct_passwd:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextmanager
def running_server() -> Iterator[Server]:
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs (initdb, pg_ctl, psql) are not on this machine")
    user = unprivileged()

    def run(*command: str | Path) -> None:
        log = folder / "log"
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            user=user.pw_uid if os.geteuid() == 0 else None,
            group=user.pw_gid if os.geteuid() == 0 else None,
        )
        if done.returncode:
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}{said}")

    # A short path: a socket's may have a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="maeum-pg-"))
    try:
        os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        run(
            *(programs / "initdb", "-D", data, "-U", user.pw_name, "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"),
        )
        # The machine does not crash in these tests; only the bot does.
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=120"
        run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield Server(programs, folder, user.pw_name)
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
