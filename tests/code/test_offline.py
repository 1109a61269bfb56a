"""No command touches the network: each runs where every socket that is not local is refused."""

import subprocess
import sys

from tests.conftest import ROOT

BLOCKED = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        if event == "socket.connect" and isinstance(arguments[1], (str, bytes)):
            return  # a file of this machine, not the network
        print("NETWORK", event, arguments[1:], file=sys.stderr)
        raise OSError("the network was touched")

sys.addaudithook(refuse)
from pipeline.cli import main
main(sys.argv[1:])
"""


def blocked(*arguments):
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, *map(str, arguments)], capture_output=True, encoding="utf-8", cwd=ROOT
    )


def test_the_block_bites():
    code = BLOCKED.partition("from pipeline")[0] + "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode != 0
    assert "NETWORK" in done.stderr


def test_no_command_touches_the_network(tmp_path):
    nominations, evidence = tmp_path / "n.jsonl", tmp_path / "e.jsonl"
    corpus = ROOT / "data" / "corpus" / "written" / "wd.txt"
    for command in (
        ("ingest", ROOT / "data" / "samples" / "awards-2026.xlsx", "-o", nominations),
        ("tag", nominations, "-o", evidence, "--jobs", "2"),
        ("report", evidence, "-o", tmp_path / "pack"),
        ("extract", nominations, "-o", tmp_path / "f.parquet"),
        ("labels", "stats", corpus),
        ("frameworks", "list"),
        ("model", "show"),
    ):
        done = blocked(*command)
        assert done.returncode == 0, (command, done.stderr)
        assert "NETWORK" not in done.stderr, command
