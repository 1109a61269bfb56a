"""The house: arrows go one way, importing is cheap, packages are all in the wheel."""

import ast
import subprocess
import sys
import tomllib

from tests.conftest import ROOT

HEAVY = {
    "spacy",
    "sklearn",
    "pandas",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "joblib",
    "scipy",
    "jinja2",
    "openpyxl",
    "pyarrow",
    "docx",
}


def modules():
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree, known):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pipeline"):
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield deeper if deeper in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("pipeline"))


def test_import_graph_has_no_cycles():
    trees = dict(modules())
    graph = {name: {m for m in imported(tree, trees) if m != name} for name, tree in trees.items()}
    done, path = set(), []

    def visit(name):
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name in done or name not in graph:
            return
        path.append(name)
        for other in sorted(graph[name]):
            if not name.startswith(other + "."):
                visit(other)
        path.pop()
        done.add(name)

    for name in graph:
        visit(name)
    assert len(done) > 20


def test_only_workflow_and_commands_compose_stages():
    stages = ("pipeline.parse", "pipeline.evidence", "pipeline.report", "pipeline.read", "pipeline.model.fit")
    trees = dict(modules())
    for name, tree in trees.items():
        if name.startswith(("pipeline.cli", "pipeline.workflow", "pipeline.labels")):
            continue
        used = {s for s in stages for m in imported(tree, trees) if m.startswith(s) and not name.startswith(s)}
        assert not used, f"{name} imports {used}"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(' '.join(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert not loaded & HEAVY


def test_tagging_needs_neither_scikit_learn_nor_pandas(tmp_path):
    nominations = tmp_path / "n.jsonl"
    nominations.write_text('{"id": "1", "text": "She rang the GP every day."}\n', encoding="utf-8")
    code = (
        "import sys; from pipeline.cli import main\n"
        f"try: main(['tag', {str(nominations)!r}, '-o', {str(tmp_path / 'e.jsonl')!r}])\nexcept SystemExit: pass\n"
        "print(' '.join(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(done.stderr.split())
    assert "spacy" in loaded
    assert not loaded & {"sklearn", "pandas"}


def test_every_package_is_in_the_wheel():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    there = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "pipeline").rglob("__init__.py")}
    assert there <= listed


def test_modules_stay_small():
    for path in (ROOT / "pipeline").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260, path
