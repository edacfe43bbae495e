# Everything a user or developer does, each in one command. The environment is made in .venv, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
SAMPLES := corpora/samples

.PHONY: help demo test lint bench models docs clean system-deps

help:
	@echo 'make demo    install cnchar in .venv and run it on a sample text'
	@echo 'make test    all tests'
	@echo 'make lint    style, types, floors of the house, generated documents'
	@echo 'make bench   speed and memory beside other segmenters, into docs/benchmarks.md'
	@echo 'make models  rebuild the shipped models from their corpora'
	@echo 'make system-deps   install the browser that one test looks at reports with (needs root)'
	@echo 'make docs    write docs/cli.md from --help'
	@echo 'make clean   remove the environment and all caches'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What users get: the default install and nothing else.
$(VENV)/.default: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[test,train,eval,jieba,dedup]'
	@touch $@ $(VENV)/.default

$(VENV)/.bench: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[bench]'
	@touch $@ $(VENV)/.default

$(VENV)/.models: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[models]'
	@touch $@ $(VENV)/.default

demo: $(VENV)/.default
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh $(SAMPLES)/demo.sh

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/make_cli_reference.py --check

bench: $(VENV)/.bench
	$(BIN)/python -m bench.run

models: $(VENV)/.models
	PATH="$(CURDIR)/$(BIN):$$PATH" bash corpora/recipes/segment_fast/build.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" bash corpora/recipes/segment_accurate/build.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" bash corpora/recipes/pinyin2hanzi/build.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" bash corpora/recipes/pinyin2hanzi/network.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" bash corpora/recipes/correct/build.sh

docs: $(VENV)/.test
	$(BIN)/python docs/make_cli_reference.py

# Debian packages. Without them the test is skipped, and says so.
system-deps:
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
