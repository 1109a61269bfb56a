"""Framework files: the shipped ones, faults of others, a copied and edited one."""

import pytest

from pipeline.errors import InvalidFramework, WrongUsage
from pipeline.frameworks import load_frameworks, read_framework, shipped_frameworks


def test_shipped_frameworks_have_the_labels_of_the_codebook():
    frameworks = shipped_frameworks()
    sizes = {framework.id: len(framework.labels) for framework in frameworks}
    assert sizes == {"lqf": 35, "systems": 8, "code": 6, "kind": 4, "partners": 24}
    lqf = frameworks.get("lqf")
    assert len(lqf.parents()) == 7
    assert all(len(lqf.children(parent.id)) == 4 for parent in lqf.parents())
    assert frameworks.find("code/integrity-code").full == "code/integrity"
    assert frameworks.parent_of("lqf/networks") == "lqf/others"


def test_every_label_says_what_it_means():
    for framework in shipped_frameworks():
        for label in framework:
            assert len(label.definition.split()) >= 3
            if framework.role in ("qualities", "signals", "principles") and (label.parent or framework.id != "lqf"):
                assert label.when
                assert label.examples


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda s: s.replace('role = "signals"', 'role = "colours"'), "role: 'colours' is none of"),
        (lambda s: s.replace('id = "convening"', 'id = "boundary-working"'), "used 2 times"),
        (lambda s: s.replace('definition = "Gathers', 'definitoin = "Gathers'), "unknown key 'definitoin'"),
        (lambda s: s.replace('id = "systems"', 'id = "Systems!"'), "must be lower-case"),
        (
            lambda s: s.replace('name = "Co-production"', 'name = "Co-production"\nparent = "nobody"'),
            "no label of this file",
        ),
        (lambda s: s + "\n[[labels", "not a TOML file"),
        (lambda s: s.partition("[[labels]]")[0], "at least one"),
    ],
)
def test_faults_are_named(tmp_path, change, fault):
    path = tmp_path / "mine.toml"
    path.write_text(change(shipped_frameworks().get("systems").content), encoding="utf-8")
    with pytest.raises(InvalidFramework, match=fault):
        read_framework(path)


def test_two_frameworks_of_kinds_cannot_be_used_together(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(shipped_frameworks().get("kind").content.replace('id = "kind"', 'id = "sort"'), encoding="utf-8")
    with pytest.raises(WrongUsage, match="role"):
        load_frameworks(["kind", str(path)])


def test_commands(leadlight, tmp_path):
    listed = leadlight("frameworks", "list")
    assert listed.returncode == 0
    assert "lqf" in listed.stdout
    copied = tmp_path / "copy.toml"
    copied.write_text(leadlight("frameworks", "show", "systems", "--toml").stdout, encoding="utf-8")
    assert "nothing wrong" in leadlight("frameworks", "check", copied).stdout
    wrong = leadlight("frameworks", "show", "nosuch")
    assert wrong.returncode == 2
    assert "There is no framework" in wrong.stderr
