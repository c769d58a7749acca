"""The command line parses, calls the library and prints: 0 is well, 1 is not, 2 not understood."""

import shlex
import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from zegel import __version__, cli
from zegel.demo import session


@pytest.fixture
def zegel():
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from zegel.cli import main; main()", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return call


def test_help_needs_nothing_of_the_library():
    heavy = "{'web3', 'rich.console', 'eth_account', 'orjson'}"
    program = f"import sys, zegel.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_help_lists_the_commands(zegel):
    done = zegel("--help")

    assert done.returncode == 0
    assert "demo " in done.stdout
    assert done.stderr == ""


def commands(group, path=()):
    """Every command by the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(get_command(cli.app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_is_understood(name):
    command = COMMANDS[name]
    shown = CliRunner().invoke(cli.app, [*name.split(), "--help"])
    example = f"Example: zegel {name}"

    assert shown.exit_code == 0
    assert command.help
    assert command.epilog.startswith(example)
    # The terminal's width breaks lines.
    assert "".join(command.epilog.split()) in "".join(shown.stdout.split())
    arguments = shlex.split(command.epilog.removeprefix(example))
    command.make_context(name, arguments)


def test_an_example_that_is_not_understood_would_be_noticed():
    with pytest.raises(Exception, match="No such option"):
        COMMANDS["demo"].make_context("demo", ["--half"])


def test_completion_is_offered(zegel):
    assert "--install-completion" in zegel("--help").stdout


def test_a_report_that_differs_is_no_success(monkeypatch):
    monkeypatch.setattr(session, "run_demo", lambda *_: _Report(ok=False))

    assert CliRunner().invoke(cli.app, ["demo"]).exit_code == 1


def test_the_version_is_that_of_the_package(zegel):
    done = zegel("--version")

    assert (done.returncode, done.stdout) == (0, f"zegel {__version__}\n")


def test_a_faulty_file_is_one_line_and_no_success(zegel, tmp_path):
    missing = tmp_path / "nowhere.txt"
    done = zegel("demo", "--file", str(missing), "--out", str(tmp_path))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"{missing}: there is no such file: check the name\n"


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["demo", "--months", "0"], ["demo", "--colour"]]
)
def test_what_is_not_understood_is_said(zegel, arguments):
    done = zegel(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error" in done.stderr


class _Report:
    def __init__(self, ok: bool = True) -> None:
        self.ok = ok
