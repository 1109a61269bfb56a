.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | sort

$(BIN)/leadlight: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e . pytest hypothesis
	@touch $@

test: $(BIN)/leadlight ## run the fast tests
	$(BIN)/python -m pytest -q

.PHONY: help test
