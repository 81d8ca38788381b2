# Everything a developer or an office needs: `make help` lists it. Needs python3 (3.11 or newer) and make, nothing else.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
STATIC := var/static/staticfiles.json
export PYTHONUNBUFFERED := 1
export HOST

.DEFAULT_GOAL := help
.PHONY: help run demo assess bench bench-browser pictures browsers test test-sqlite test-postgres schema lint format messages lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "} {printf "  make %-14s %s\n", $$1, $$2}'

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed / 需要 Python 3.11 或更高版本"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/runtime: requirements.lock | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock
	@touch $@

$(VENV)/dev: requirements.lock requirements-dev.lock | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.lock
	@touch $@ $(VENV)/runtime

# Compressing the files that browsers keep takes a while, so it is done when one of them may have changed.
$(STATIC): $(VENV)/runtime $(shell find static -type f)
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

# The worker does what takes long (large imports). Ctrl+C reaches both by itself, any other end is passed on, and once only:
# a second signal would tear the worker from the task it is about to finish.
run: $(VENV)/runtime $(STATIC) ## prepare the database, load the plans, serve the portal and start its worker (HOST, PORT, DATABASE_URL)
	@$(BIN)/python -c 'import socket; socket.create_server(("$(HOST)", int("$(PORT)"))).close()' 2>/dev/null || { echo "不能在 $(HOST):$(PORT) 上启动：端口可能已被占用，请换一个，例如 PORT=8001 make run"; exit 1; }
	@umask 077; $(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_plans
	@$(BIN)/python manage.py create_first_accounts
	@echo "规划指标跟踪门户 http://$(HOST):$(PORT)/  （Ctrl+C 停止）"
	@umask 077; export DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-portal.settings.local}; \
	$(BIN)/python manage.py db_worker & worker=$$!; \
	$(BIN)/gunicorn portal.wsgi --bind $(HOST):$(PORT) --workers 2 --threads 4 --log-level warning --no-control-socket & server=$$!; \
	trap 'told=yes' INT; trap 'told=yes; kill $$server $$worker' TERM HUP; \
	while kill -0 $$server 2>/dev/null; do wait $$server; done; \
	test -n "$$told" || kill $$worker 2>/dev/null; \
	while kill -0 $$worker 2>/dev/null; do wait $$worker; done

demo: $(VENV)/runtime ## fill all plans with figures of demonstration, marked as such (manage.py demo --remove takes them away)
	@$(BIN)/python manage.py demo

assess: $(VENV)/runtime ## judge everything anew
	@$(BIN)/python manage.py assess

browsers: $(VENV)/dev
	@$(BIN)/python -m tests.browsers

test: test-sqlite test-postgres ## run all tests, on SQLite and on a real PostgreSQL, browser tests included

test-sqlite: browsers ## run all tests on SQLite
	$(BIN)/python -m pytest -n 2 tests --ignore tests/browser --ignore tests/committed
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/browser tests/committed

# Neither the pure modules nor what a browser shows depend on the database: both are tested once, on SQLite, and so are
# the broken fixture files and the pages of all indicators and departments, of which other tests ask for one of
# each kind. Journeys in which several people and requests meet at one record are made on both.
ONCE := tests/indicators/core tests/indicators/files tests/indicators/workbook tests/projects/workbook \
	tests/portal/charts tests/portal/test_every_page.py tests/portal/test_wrong_files.py
MEETING := tests/browser/test_contested_values.py tests/browser/test_review.py tests/browser/test_imports.py

test-postgres: browsers ## run the tests on PostgreSQL (a server that comes inside a wheel; nothing to install)
	$(BIN)/python -m pytest -n 2 -p tests.postgres tests --ignore tests/browser --ignore tests/committed $(ONCE:%=--ignore %)
	$(BIN)/python -m pytest -n 2 --dist worksteal -p tests.postgres $(MEETING) tests/committed

bench: $(VENV)/dev ## what pages, imports and the API cost on this machine: queries, time, bytes, memory
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.imports
	@$(BIN)/python -m bench.api

schema: $(VENV)/dev ## write docs/api/openapi.yaml and its examples anew after a change of the API
	RENEW_API_SCHEMA=1 $(BIN)/python -m pytest -n 0 -p no:randomly --quiet tests/portal/api/test_schema.py

bench-browser: browsers ## what a person waits for in Chromium, its processor slowed four times: time, bytes, requests
	@$(BIN)/python -m bench.pages_in_browser

pictures: browsers ## take the pictures of the README anew (docs/images)
	@$(BIN)/python -m bench.pictures

lint: $(VENV)/dev ## ruff, mypy, import-linter, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=portal.settings.test $(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/dev ## let ruff format and sort the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/runtime ## compile the admin's own words after a change of locale/ (needs gettext)
	$(BIN)/python manage.py compilemessages --ignore $(VENV)

lock: $(BIN)/uv ## resolve the newest allowed versions into the lock files (names and versions only)
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the virtual environment and caches; data under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
