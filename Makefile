.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CORPUS := data/corpus/grounded data/corpus/written

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e ".[dev]"
	@touch $@

demo: $(VENV)/.installed ## ingest, tag and report the sample nominations; ends with the pack's path
	@$(BIN)/leadlight demo out/demo

test: $(VENV)/.developed ## run the fast tests (under 3 minutes)
	$(BIN)/python -m pytest -q -m "not slow" -n auto

check: $(VENV)/.developed ## lint, formatting and types
	$(BIN)/ruff check pipeline tests benchmarks models data
	$(BIN)/ruff format --check pipeline tests benchmarks models data
	$(BIN)/mypy

model: $(VENV)/.installed ## rebuild models/default from the corpus
	$(BIN)/leadlight train $(CORPUS) -o models/default --jobs 2
	$(BIN)/python -m tests.expected.build

bench: $(VENV)/.developed ## start-up, one nomination, sentences a second
	$(BIN)/python benchmarks/speed.py

soak: $(VENV)/.developed ## long fuzz, kill and size runs; writes docs/soak.md
	$(BIN)/python benchmarks/soak.py

wheel: $(VENV)/.developed ## a wheel with encoder, default model, frameworks and templates in dist/
	$(BIN)/python -m build --wheel --outdir dist

.PHONY: help demo test check model bench soak wheel
