# Two commands matter on a fresh machine: `make demo` and `make test`. Both do their own set-up.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types arrows unit format lock docs clean

help:           ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

setup: $(STAMP) ## the virtual environment, from the lock file
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Overland needs Python 3.11 or newer; try: make PYTHON=python3"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup     ## plan the bundled case, verify the plan, say where the report is
	$(BIN)/overland demo

test: setup lint types arrows unit ## everything CI checks
lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
types: setup
	$(BIN)/mypy
arrows: setup
	$(BIN)/lint-imports
unit: setup
	scripts/ensure-chromium
	$(BIN)/python -m overland.plan.warmup  # once, rather than in each process of the tests
	$(BIN)/pytest -n 2 --dist worksteal

format: setup   ## format and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup     ## rewrite the pages of docs that are generated from the model
	$(BIN)/python -m overland.case.reference > docs/case-format.md
	$(BIN)/python -m overland.plan.reference > docs/plan-format.md
	$(BIN)/python -m overland.futures.reference > docs/futures.md

lock: setup     ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --no-header --generate-hashes --extra dev --extra roads pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) out
