# Everything that a person does with this checkout; `make help` prints this list.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ARGS ?=

.PHONY: help run serve test check fix bench golden lock screenshots clean

help:  ## print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

$(VENV)/run.stamp: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)-replay/test.stamp: requirements-replay.lock
	$(PYTHON) -m venv $(VENV)-replay
	$(VENV)-replay/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-replay.lock
	touch $@

$(VENV)-alpha/test.stamp: requirements-alpha.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)-alpha
	$(VENV)-alpha/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-alpha.lock
	$(VENV)-alpha/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)-bench/bench.stamp: requirements-bench.in
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.in
	touch $@

run: $(VENV)/run.stamp  ## set up, crawl the demonstration web, build archive.db, serve it
	$(BIN)/fangzhi demo $(ARGS)

serve: $(VENV)/run.stamp  ## serve archive.db in Datasette
	$(BIN)/fangzhi serve $(ARGS)

test: check $(VENV)-replay/test.stamp $(VENV)-alpha/test.stamp  ## lint, types, import contract, tests
	FANGZHI_PYWB=$(CURDIR)/$(VENV)-replay/bin FANGZHI_ALPHA=$(CURDIR)/$(VENV)-alpha/bin/python $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

check: $(VENV)/test.stamp  ## lint, types and import contract alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

fix: $(VENV)/test.stamp  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

BENCHES := extraction charset repair places similar reprinted build cluster crawl store

bench: $(VENV)/test.stamp $(VENV)-bench/bench.stamp  ## run every benchmark (minutes; some need the texts that FANGZHI_SHARED names)
	for name in $(BENCHES); do echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py || echo "not measured"; done
	folder=$$(mktemp -d); trap 'rm -r $$folder' EXIT; \
	$(BIN)/python benchmarks/archives.py $$folder/archive.db --articles 20000; \
	for name in search opening readers record; do echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py $$folder/archive.db || echo "failed"; done

golden: $(VENV)/test.stamp  ## write the golden articles anew; read the diff before committing it
	$(BIN)/python -m pytest tests/test_golden.py --write-golden

lock: pyproject.toml  ## resolve the lock files anew
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-header --extra build -o requirements.lock pyproject.toml
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-header --extra build --extra dev --extra browser --extra s3 -o requirements-dev.lock pyproject.toml
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-header -o requirements-replay.lock requirements-replay.in
	$(VENV)-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-header -o requirements-alpha.lock requirements-alpha.in
	rm -r $(VENV)-lock

screenshots: $(VENV)/test.stamp  ## make the pictures of the README anew (needs chromium)
	$(BIN)/python benchmarks/screenshots.py

clean:  ## remove what was built here; captures/ stays
	rm -rf $(VENV) $(VENV)-replay $(VENV)-alpha $(VENV)-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache archive.db archive.db-wal archive.db-shm
