"""Rules of the layout that import-linter and ruff cannot express."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("bot", "core", "scripts")
    for path in (ROOT / package).rglob("*.py")
)

MAX_LINES = 350
ENVIRONMENT_READER = Path("bot/config.py")
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
PLATFORMS = ("telegram", "discord")

# Put together here, so that this file does not contain what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("deb", "debian", "org"),
    )
]
HOMES = "|".join(("ro" + "ot", "wo" + "rk", r"ho" + r"me/[\w-]+", r"Us" + r"ers/[\w-]+"))
MACHINE_PATH = re.compile(rf"(?<![\w.~-])/(?:{HOMES})/".encode())


def parse(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def environment_uses(tree: ast.Module) -> Iterator[str]:
    for name in imported_names(tree):
        package, _, attribute = name.partition(".")
        if package == "dotenv" or (package == "os" and attribute in ENVIRONMENT):
            yield name
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ENVIRONMENT
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
        ):
            yield f"os.{node.attr}"


def repository_files() -> list[Path]:
    """Everything that is committed or would be."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_only_the_configuration_reads_the_environment() -> None:
    found = {
        str(module): uses
        for module in MODULES
        if module != ENVIRONMENT_READER and (uses := list(environment_uses(parse(module))))
    }
    assert found == {}


def test_a_module_has_one_subject() -> None:
    lengths = {
        str(module): len((ROOT / module).read_text(encoding="utf-8").splitlines())
        for module in MODULES
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_handler_knows_one_platform(platform: str) -> None:
    """.importlinter lets every handler import a platform; the file's name says which one."""
    strangers = [
        str(module)
        for module in MODULES
        if module.is_relative_to("bot/handlers")
        and not module.name.startswith(f"{platform}_")
        and platform in {name.partition(".")[0] for name in imported_names(parse(module))}
    ]
    assert strangers == []


def test_no_file_names_a_package_registry_or_a_path_of_this_machine() -> None:
    found = []
    hosts = [host.encode() for host in REGISTRIES]
    for path in repository_files():
        content = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {host!r}" for host in hosts if host in content]
        found += [f"{path.relative_to(ROOT)}: {match!r}" for match in MACHINE_PATH.findall(content)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['X']",
        "import os\nos.getenv('X')",
        "from os import environ",
        "from os import getenv as read",
        "from dotenv import load_dotenv",
        "import dotenv",
    ],
)
def test_every_way_to_read_the_environment_is_seen(source: str) -> None:
    assert list(environment_uses(ast.parse(source)))


def test_paths_of_a_machine_are_told_from_links() -> None:
    for prefix in ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/kim/", "/Us" + "ers/Kim/"):
        assert MACHINE_PATH.search(f'open("{prefix}x")'.encode())
        assert not MACHINE_PATH.search(f"https://example.org{prefix}x".encode())
