# Everything a contributor runs. A fresh machine needs Python 3.11 (with venv), make and a network;
# the tests start a few programs more, which tools/needed.py lists.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
OUT ?= demo-results
EXAMPLE = examples/star-plan-2024
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --cov

.DELETE_ON_ERROR:
.PHONY: help demo check test needed lint fast format docs messages lock bench clean

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*  ## /  make \1	/p' Makefile

demo: $(VENV)/run.stamp  ## the founding case, from its folder to its winners
	$(BIN)/review run $(EXAMPLE) --out $(OUT)
	@printf '\nOpen these:\n'
	@printf '  %-25s %s\n' $(OUT)/report.html 'to read, to print and to sign' \
		$(OUT)/results.xlsx 'standings, marks and reasons as a workbook' \
		$(OUT)/result.json 'the same for programs'

check: needed lint fast  ## format, lint, types, imports, docs and the fast tests: under five minutes

test: needed lint  ## everything: what check does, and the slow tests
	$(PYTEST) --durations=15

needed: $(VENV)/dev.stamp
	@$(BIN)/python -m tools.needed

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml review plugins rubrics
	$(BIN)/python -m tools.reference --check
	$(BIN)/python -m tools.captured --check

fast: needed
	$(PYTEST) -m 'not slow'

format: $(VENV)/dev.stamp  ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(VENV)/dev.stamp  ## renew the output and the files that README and docs show, and the reference
	$(BIN)/python -m tools.reference
	$(BIN)/python -m tools.captured

messages: $(VENV)/dev.stamp  ## gather the texts to translate, compile the translations
	$(BIN)/python -m tools.texts

bench: $(VENV)/dev.stamp  ## measure start-up, a whole run and scoring, as ratios
	$(BIN)/python -m benchmarks.run

lock: $(VENV)/dev.stamp  ## renew the locks: `make lock UPGRADE=--upgrade` for newer releases
	$(LOCK) $(UPGRADE) --group build --output-file locks/run.txt
	$(LOCK) $(UPGRADE) --group dev --constraint locks/run.txt --output-file locks/dev.txt

clean:  ## remove what was made, the environment included
	rm -rf $(VENV) $(OUT) build dist .coverage* .hypothesis .*_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A lock is complete: asked for dependencies, too, pip would look at newer releases and refuse them.
# The checkout itself is installed editable and without fetching anything: its build backend is locked.
$(VENV)/%.stamp: locks/%.txt pyproject.toml | $(VENV)/made.stamp
	$(PIP) install --no-deps --require-hashes --requirement $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/made.stamp:
	@command -v $(PYTHON) > /dev/null || { echo '$(PYTHON) is missing: apt-get install python3'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) --version) is too old, 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
		{ echo 'python3-venv is missing: apt-get install python3-venv'; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
