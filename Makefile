# Every target only calls the set-up script or the product; both also work without make (see README.md, Hacking).

ifeq ($(OS),Windows_NT)
BASE ?= py
PYTHON := .venv/Scripts/python.exe
else
BASE ?= python3
PYTHON := .venv/bin/python
endif

DIR ?= demo
OUT ?= screenshots

.DEFAULT_GOAL := help
.PHONY: help setup ready demo run test lint screenshots clean

help:  ## this list
	@echo "Consent Desk:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

setup:  ## system libraries, .venv, the locked packages and the detector's models
	@$(BASE) resources/setup/bootstrap.py all

ready:
	@$(BASE) resources/setup/bootstrap.py ready

demo: ready  ## build the demo workspace in DIR (./demo) and open it; without a display, screenshots instead
	@$(PYTHON) main.py demo "$(DIR)"

run: ready  ## open the window
	@$(PYTHON) main.py

test: lint  ## lint, types, layers and every test
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest

lint: ready  ## ruff, mypy and the layers of the architecture
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()"

screenshots: ready  ## every page in light and dark at 1x and 2x into OUT (./screenshots)
	@$(PYTHON) main.py screenshots "$(OUT)"

clean:  ## remove .venv, caches and what demo and screenshots wrote here
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist demo screenshots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
