# llm-tutor: `make run` to learn, `make test` before a commit. Everything is installed into .venv, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test bench clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP)  ## open the tutor
	@$(BIN)/llm-tutor

test: $(STAMP)  ## style, types, import rules, tests, course files
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh .ci/steps

bench: $(STAMP)  ## measure; the figures go to benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

clean:  ## remove .venv and what the tools leave behind
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Made anew when what is installed changes; an editable install needs nothing when only code does.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "llm-tutor needs Python 3.11 or newer, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV), once (PyTorch is large) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/llm-tutor lab --list >/dev/null  # builds the table of contents once, so that the first start is quick
	@touch $@
