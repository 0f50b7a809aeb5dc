# Set up, build, check. `make` alone says what there is. Another Python: make feeds PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
UV ?= uv
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help feeds test slow check format bench lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

feeds: $(VENV)/.core ## Set up, then build the feeds of the records in seeds/ into out/
	@$(BIN)/feeds build $(ARGS)

test: $(VENV)/.dev ## Set up, then run the tests (some of them: make test ARGS=tests/unit)
	@$(BIN)/python -m compileall -q feeds  # many tests start the program: each would compile it again
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(ARGS)

slow: $(VENV)/.dev ## Run the tests that take longer: killed builds, histories, polite hosts
	@$(BIN)/python -m pytest -n auto --dist worksteal -m slow $(ARGS)

check: $(VENV)/.dev ## Look for faults without running anything: style, types, imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Lay out the code as `make check` wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.core ## Measure builds; beside Hugo: make bench ARGS= (see bench/README.md)
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python bench/run.py $(or $(ARGS),--only feeds)

lock: ## Choose versions anew for lock/ (needs uv; newest ones: make lock ARGS=--upgrade)
	$(LOCK) --group build $(ARGS) -o lock/core.txt
	$(LOCK) --group build --group dev --extra postgres -c lock/core.txt $(ARGS) -o lock/dev.txt

clean: ## Remove the set-up and all caches; feeds and state stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find feeds tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say for which files the set-up was made: while they are newer, there is nothing to do.
$(VENV)/.core: lock/core.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "feeds needs Python 3.11 or newer: make feeds PYTHON=python3.12")'
	@echo "Setting up $(VENV): about half a minute, this once"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r lock/core.txt
	@$(PIP) install --no-deps --no-index --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core lock/dev.txt
	@echo "Adding what the tests need to $(VENV)"
	@$(PIP) install --require-hashes -r lock/dev.txt
	@touch $@
