# One command renders the manuscript, a second tests it; both set up .venv.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m

.PHONY: render check test test-all all-tests clean-code audit fuzz bench bundle preview example quarto clean

render: .venv/render
	$(RUN) manuscript render

check: .venv/render
	$(RUN) manuscript check

preview: .venv/render
	$(RUN) manuscript preview

bundle: .venv/render
	$(RUN) manuscript bundle

# In the order of tests/conftest.py: what takes long begins first.
PYTEST := $(RUN) pytest -n logical --dist loadfile --no-loadscope-reorder

test: .venv/test
	$(PYTEST) -m "not long"
	$(MAKE) clean-code

# What takes long besides, as CI does; with -j2 the one beside the other.
test-all: all-tests clean-code

all-tests: .venv/test
	$(PYTEST)

clean-code: .venv/test
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) manuscript audit --faults --quiet

# Known faults are looked up where pip-audit is there and its service can be reached.
audit: .venv/test
	$(RUN) manuscript audit --faults

# 100,000 hostile inputs for whatever reads files of others, some minutes; then twenty
# times the examples of what renders for each, which takes an hour.
fuzz: .venv/test
	$(RUN) tests.hostile
	$(RUN) pytest --hypothesis-profile=many -k "random_edits or float_of_any_length"

bench: .venv/test
	$(RUN) benchmarks

# The second letter, on published counts: its files and this press, put together.
SECOND := _output/rosiglitazone
example: .venv/render
	rm -rf $(SECOND)
	mkdir -p _output
	cp -R examples/rosiglitazone $(SECOND)
	$(RUN) manuscript update --into $(SECOND) | tail -n 1
	cd $(SECOND) && ../../$(RUN) manuscript render

# Quarto's own engine, where the network allows: its package downloads it.
quarto: .venv/render
	$(RUN) pip install --quiet quarto-cli

clean:
	rm -rf _output .manuscript .quarto

.venv/render: requirements.txt setup_venv.py
	$(PYTHON) setup_venv.py .venv requirements.txt
	touch $@

.venv/test: .venv/render requirements-dev.txt
	$(PYTHON) setup_venv.py .venv requirements-dev.txt
	touch $@
