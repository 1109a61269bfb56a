.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CORPUS := data/corpus/grounded data/corpus/written
TEST ?= ../shared/gold-dev.jsonl
QUALITY := .cache/quality-venv
UNTUNED ?= .cache/untuned

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

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

slow: $(VENV)/.developed ## run the slower tests that CI runs too
	$(BIN)/python -m pytest -q -m slow -n auto

check: $(VENV)/.developed ## lint, formatting and types
	$(BIN)/ruff check pipeline tests benchmarks models data
	$(BIN)/ruff format --check pipeline tests benchmarks models data
	$(BIN)/mypy

model: $(VENV)/.installed ## rebuild models/default from the corpus
	$(BIN)/leadlight train $(CORPUS) -o models/default --jobs 2
	$(BIN)/python -m tests.expected.build

bench: $(VENV)/.developed ## start-up, one nomination, sentences a second
	$(BIN)/python benchmarks/speed.py

$(QUALITY)/.installed: pyproject.toml constraints.txt benchmarks/quality/requirements.txt models/encoder/requirements.txt
	$(PYTHON) -m venv $(QUALITY)
	$(QUALITY)/bin/python -m pip --disable-pip-version-check install -q -c constraints.txt \
	  -r models/encoder/requirements.txt -r benchmarks/quality/requirements.txt -e .
	@touch $@

$(UNTUNED)/manifest.json: $(QUALITY)/.installed
	mkdir -p $(UNTUNED)
	$(QUALITY)/bin/python models/encoder/build.py --out $(UNTUNED)

bench-quality: $(QUALITY)/.installed $(UNTUNED)/manifest.json ## every route on the same data; writes docs/quality.{md,svg}; an hour
	$(QUALITY)/bin/python -m benchmarks.quality --untuned $(UNTUNED) --test $(TEST)

bench-behaviour: $(VENV)/.developed ## deletion test and invariance on TEST; writes docs/{deletion,invariance}.md
	$(BIN)/python -m benchmarks.deletion $(TEST)
	$(BIN)/python -m benchmarks.invariance $(TEST)

soak: $(VENV)/.developed ## long fuzz, kill and size runs; writes docs/soak.md
	$(BIN)/python benchmarks/soak.py

wheel: $(VENV)/.developed ## a wheel with encoder, default model, frameworks and templates in dist/
	$(BIN)/python -m build --wheel --outdir dist

.PHONY: help demo test slow check model bench bench-quality bench-behaviour soak wheel
