# Few commands, the same for a hand and for CI. `make help` lists them.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
ARGS ?=
COVERAGE ?=

# The checks load Django's settings; the secrets of the tests will do, nothing is stored.
CHECK := DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django

.DEFAULT_GOAL := help
.PHONY: help demo whmcs-demo test test-all check quick format messages screens lock \
	clean packages

help: ## list the commands
	@echo "Housemail: make COMMAND"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
		while IFS='|' read -r name what; do printf '%-12s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.run ## try it: the shop, customer area and console, filled, on this machine (ARGS="--tour")
	@exec bin/housemail demo $(ARGS)

whmcs-demo: $(VENV)/.run ## try the WHMCS module in a stand-in WHMCS; as root it installs PHP from Debian (ARGS="--json")
	@scripts/packages.sh --stand-in || true
	@exec bin/housemail whmcs demo $(ARGS)

test: $(VENV)/.dev packages ## run every test, on SQLite (ARGS="tests/ops -k demo" for some, COVERAGE=1)
	@$(BIN)/pytest $(if $(COVERAGE),--cov --cov-report=term) $(ARGS)

test-all: $(VENV)/.dev packages ## run the database tests on PostgreSQL and MariaDB too
	@scripts/databases.sh $(ARGS)

check: $(VENV)/.dev ## format, lint, types, imports, templates, migrations, deployment, PHP
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	scripts/templates.sh
	$(CHECK) makemigrations --check --dry-run
	$(CHECK) check --deploy --fail-level WARNING
	scripts/php.sh

quick: $(VENV)/.dev ## format, lint and the house rules: a few seconds, good for a git hook
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pytest -q --numprocesses=0 tests/test_house_rules.py tests/test_sheet.py

format: $(VENV)/.dev ## let the formatters write code and templates their way
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	@scripts/templates.sh --fix

messages: $(VENV)/.dev ## collect the sentences to translate, and compile what is translated
	@scripts/messages.sh

screens: $(VENV)/.dev packages ## make the pictures of docs/screens and docs/whmcs.md again; look at each
	@$(BIN)/python scripts/product_screens.py
	@$(BIN)/python scripts/screens.py

lock: ## write the lock files again from pyproject.toml (needs uv)
	@scripts/lock.sh

clean: ## remove .venv, caches and the demos' data; var/data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage .coverage.* var/demo \
		var/whmcs-demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What pip cannot bring: PHP and a browser. Tests that lack them are skipped, and say so.
packages:
	@scripts/packages.sh || true

# One stamp per lock file: a second run finds it newer than the lock and does nothing.
$(VENV)/.run: requirements.txt
	@scripts/venv.sh "$(PYTHON)" "$(VENV)" "$(UV)" requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt
	@scripts/venv.sh "$(PYTHON)" "$(VENV)" "$(UV)" requirements-dev.txt
	@touch $@ $(VENV)/.run
