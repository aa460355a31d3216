# Everything that is needed is installed by what needs it: `make demo` and `make test` work on a fresh machine with
# Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup browser demo test fast long lint bench pictures docs texts example format clean

setup: $(READY)

# A pip of this year reads the index in half the time; where it cannot be had, the one that is there goes on. What pip would compile
# with one processor is compiled with all of them; a template that is no Python is none of our business.
$(READY): requirements-pip.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(PIP) --no-compile --require-hashes -r requirements-pip.lock || echo "The pip that is there goes on."
	@$(PIP) --no-compile --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q watcher notifiers fixtures
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

browser: setup
	@$(BIN)/python scripts/browser.py

# Plays the main job in a real browser and ends by itself.
demo: browser
	@$(BIN)/stornowacht demo --dir .demo $(DEMO)

# How many test processes there are for so many processors, at most four; an empty variable lets Python keep what it has compiled.
workers = $$($(BIN)/python -c 'import os; print(min(4, $(1)))')
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder

# Each test process would compile every test for itself: in a new checkout two that look at half of them do so before. Nothing hangs on it.
COMPILED := $(VENV)/.tests-compiled
LOOK = $(PYTEST) -n 0 --collect-only -qq
$(COMPILED): $(READY)
	@{ $(LOOK) tests/[a-d]*/ & $(LOOK) tests/[!_a-d]*/; wait; } > $(COMPILED) || true

# Two more than there are processors: browsers keep them waiting.
test: browser $(if $(TESTS),,$(COMPILED))
	@$(BIN)/python scripts/test_parts.py
	@$(PYTEST) -n $(call workers,2 + (os.cpu_count() or 1)) $(TESTS)

# The tests that need neither a browser nor patience, with few examples where values are made up.
fast: setup $(if $(TESTS),,$(COMPILED))
	@$(PYTEST) -n $(call workers,1 + (os.cpu_count() or 1)) --hypothesis-profile=quick -m 'not browser and not slow and not long' $(TESTS)

# The patient ones again, with many more moments, years and values: for a night.
LONG = tests/crashes tests/app/test_killed_delivery.py tests/domain/test_year.py tests/soak
long: browser
	@$(PYTEST) -n $(call workers,1 + (os.cpu_count() or 1)) -m long tests
	@STORNOWACHT_CUTS=100 STORNOWACHT_KILLS=20 STORNOWACHT_YEARS=5000 $(PYTEST) -n 1 --timeout 7200 --hypothesis-profile=nightly $(LONG)

lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/example.py --check
	@$(BIN)/python scripts/texts.py --check
	@$(BIN)/python scripts/guard_table.py --check
	@$(BIN)/python scripts/policy_table.py --check
	@$(BIN)/python scripts/status_table.py --check
	@$(BIN)/python scripts/carrier_table.py --check
	@$(BIN)/python scripts/tamper_table.py --check
	@$(BIN)/python scripts/listing_table.py --check
	@$(BIN)/python scripts/fault_table.py --check
	@$(BIN)/python scripts/command_page.py --check
	@$(BIN)/python -m bench.table --check

# Wants an idle machine and most of an hour; installs what it compares with below the user's cache folder.
bench: browser
	@$(BIN)/python -m bench.all $(BENCH)
	@$(BIN)/python -m bench.table

# Takes the pictures of the dashboard's tour anew.
pictures: browser
	@$(BIN)/python scripts/pictures.py

# Builds the documentation site into site/; whatever leads nowhere ends it. Its theme tells of a future version at each build.
docs: setup
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Open site/index.html; the search needs a server: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site"

# Collects the strings of the program, merges them into the translations and compiles those.
texts: setup
	@$(BIN)/python scripts/texts.py

# Writes config.example.toml from the config's model.
example: setup
	@$(BIN)/python scripts/example.py

format: setup
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) .demo dist site
