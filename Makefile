# The index of commands. Two are enough to begin with: `make demo` and `make test`.
#
# Everything runs inside $(VENV), which `make venv` builds from constraints.txt and from the tree; it is built
# again only when a pyproject.toml or the constraints change.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help venv demo test lint format bench fuzz clean

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
KEEP ?=
ARGS ?=
# Most tests wait for processes, so two at a time take less than half the time. A file's tests stay together, because
# they share what is dear: a cluster, an API server. More than four would starve one another of time.
PARALLEL ?= --numprocesses=auto --maxprocesses=4 --dist=loadfile

# A plugin is a folder with a pyproject.toml; the template is what a new one starts from, not one of them.
PLUGINS := $(filter-out plugins/_template,$(patsubst %/pyproject.toml,%,$(sort $(wildcard plugins/*/pyproject.toml))))
INSTALLED := $(VENV)/.installed
DEVELOPMENT := $(VENV)/.installed-development
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
PROJECTS := pyproject.toml $(addsuffix /pyproject.toml,$(PLUGINS))

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

venv: $(DEVELOPMENT) ## Make .venv with the kernel, every first-party plugin and the development tools

# A new plugin brings a new pyproject.toml, so it is a reason to install again.
$(INSTALLED): constraints.txt $(PROJECTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "error: $(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing the kernel and $(words $(PLUGINS)) plugins into $(VENV) …"
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable . $(addprefix --editable ./,$(PLUGINS))
	@touch $@

$(DEVELOPMENT): $(INSTALLED)
	@echo "Installing the development tools into $(VENV) …"
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

demo: $(INSTALLED) ## Run the talk's example from end to end (KEEP=1 leaves the cluster up)
	@KEEP=$(KEEP) $(BIN)/python examples/demo.py

test: $(DEVELOPMENT) ## Install what the tests need (root and apt: real components too) and run them (ARGS=… for pytest)
	@$(BIN)/python tests/install_components.py
	@$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

# Every plugin has a run of its own, because every plugin has a package `tests`.
lint: $(DEVELOPMENT) ## Check format, lint, types and the arrows between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@for folder in "kernel migrations tests benchmarks examples conftest.py" $(PLUGINS); do \
		echo "mypy $$folder"; $(BIN)/mypy $$folder || exit 1; done

format: $(DEVELOPMENT) ## Rewrite the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEVELOPMENT) ## Measure, print a table and write benchmarks/results.json
	@$(BIN)/python -m benchmarks.run $(ARGS)

fuzz: $(DEVELOPMENT) ## Let schemathesis try every operation of our own OpenAPI, many times
	@KUBERNEL_FUZZ_EXAMPLES=50 $(BIN)/python -m pytest $(PARALLEL) --dist=load --timeout=14400 tests/clients/test_schemathesis.py $(ARGS)

clean: ## Remove everything that a target of this file made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
