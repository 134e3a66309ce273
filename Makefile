# Two commands do everything on a fresh machine: `make brief` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ROOM ?= seeds
SESSION ?= 2026-W48
PAGES ?= briefings

# Bytecode is kept, whatever the environment says: without it every process of a run compiles all it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install brief test check bench lab lock messages clean

install: $(VENV)/.installed

# The constraints pin every package; they are made by `make lock`.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --constraint constraints.txt --editable ".[postgres,spark]" --group dev
	touch $@

brief: install
	$(BIN)/bosspick brief $(ROOM) --session $(SESSION) --out $(PAGES)

test: check
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

lab: install
	$(BIN)/bosspick desk $(ROOM) --session $(SESSION)

# New words of the briefing into the catalogue of its translations, which is compiled as well.
messages: install
	$(BIN)/python -m bosspick.briefing.messages

lock: install
	$(BIN)/uv pip compile pyproject.toml --extra postgres --extra spark --group dev --universal --python-version 3.11 \
	  --no-header --no-annotate --quiet --output-file constraints.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
