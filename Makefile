# Every target sets up what it needs; a bare machine wants only python3 (3.11-3.13, with venv) and make.
#   make demo    sample data, a sweep over real S&P 500 bars, its report
#   make test    the test suite
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

# Two environments in one folder: what the tools run on, and on top of it what developing them takes.
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench research lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

setup: $(DEVELOPMENT)  ## the environment in .venv

$(RUNTIME): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info < (3, 14); sys.exit(not ok and "Python 3.11, 3.12 or 3.13 is needed, $(PYTHON) is " + sys.version.split()[0] + ": name one with make PYTHON=...")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module: install it (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[sweep,cloud]'
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@$(PIP) --editable '.[sweep,cloud,features,cluster,dashboard,research,dev]'
	@touch $@

demo: $(RUNTIME)  ## sweep 13,824 Money Line combinations over real S&P 500 bars, and report
	@$(BIN)/python scripts/data.py sample --output data
	@$(BIN)/python scripts/sweep.py run config/sweeps/money_line_demo.yaml --db build/demo.db --csv build/demo_top.csv
	@$(BIN)/python scripts/sweep.py report --db build/demo.db --output build/demo.html
	@echo "Next: open build/demo.html, look into a row with  $(BIN)/python scripts/sweep.py show COMBO --db build/demo.db,"
	@echo "      or sweep your own bars with  $(BIN)/python scripts/sweep.py run config/sweeps/money_line_reference.yaml --data BARS.csv --db build/mine.db"

test: $(DEVELOPMENT)  ## the test suite; then real Ray clusters and hosts, one after another
	@$(BIN)/python -m pytest -n auto -m 'not cluster'
	@$(BIN)/python -m pytest -m cluster --durations=10 || { echo "once more, what failed, by itself"; $(BIN)/python -m pytest -m cluster --last-failed; }

lint: $(DEVELOPMENT)  ## style, types and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(DEVELOPMENT)  ## figures as JSON lines
	@$(BIN)/python scripts/bench.py sweep

research: $(DEVELOPMENT)  ## run the notebooks, and write docs/research.md from them
	@$(BIN)/python scripts/data.py sample --output data
	@$(BIN)/python scripts/research.py --data data --docs docs

lock:  ## resolve the lock anew, within the versions of LEAN's image
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--constraint config/lean-image.txt --no-header --no-annotate --quiet --output-file requirements.lock

clean:  ## remove the environment, caches and build output
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
