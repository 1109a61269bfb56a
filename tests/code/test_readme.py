"""Commands shown to people run: the README's for researchers and organisers, every command's help."""

import re
import shlex

from tests.conftest import ROOT

COMMANDS = (
    "ingest",
    "extract",
    "train",
    "evaluate",
    "tag",
    "report",
    "labels",
    "frameworks",
    "model",
    "demo",
    "doctor",
)


def readme_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    inline = re.findall(r"`(leadlight [^`]+ -o [^`]+)`", text)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.split("\n")]
    return [shlex.split(line)[1:] for line in [*lines, *inline] if line.startswith("leadlight ")]


def test_the_readme_commands_run(leadlight, tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "letters").mkdir()
    for source, target in (("letters/letter-1.docx", "letters/a.docx"), ("awards-2026.xlsx", "awards.xlsx")):
        (tmp_path / target).write_bytes((ROOT / "data" / "samples" / source).read_bytes())
    commands = readme_commands()
    assert {command[0] for command in commands} >= {"ingest", "tag", "report", "demo", "labels", "frameworks", "train"}
    order = {"ingest": 0, "train": 1}
    for command in sorted(commands, key=lambda words: order.get(words[0], 2 if "-m" not in words else 3)):
        if command[0] == "train":
            command = ["train", "data/corpus/written/wd.txt", "-o", "models/mine", "--folds", "2", "--jobs", "1"]
        if command[0] == "report":
            assert (tmp_path / "evidence.jsonl").is_file()
        done = leadlight(*command, cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)


def test_every_command_has_help_and_is_documented(leadlight):
    documented = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "docs" / "commands.md").read_text(
        encoding="utf-8"
    )
    for command in COMMANDS:
        done = leadlight(command, "--help")
        assert done.returncode == 0
        assert len(done.stdout.split()) > 12
        assert f"leadlight {command}" in documented
