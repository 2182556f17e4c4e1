# Every command does its own set-up; `make` alone lists them.

SHELL := /bin/bash
PYTHON_OF_PROJECT := .venv/bin/python
PACKAGES := tmi_special_issue accounts submissions reviews editors
NAME ?= pages
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check format lock bench vendor screenshots

help: ## this list
	@echo "Commands (each prepares what it needs):"
	@sed -n 's|^\([a-z]*\):.*## \(.*\)|  make \1 \2|p' Makefile | awk '{ name = $$2; $$1 = $$2 = ""; printf "  make %-12s %s\n", name, $$0 }'
	@echo
	@echo "Settings on the command line: PORT=8080 (run), ARGS='-k deadline' (test), NAME=pages (bench)"

run: ## the site with invented manuscripts, on http://localhost:8000; Ctrl-C ends it
	@scripts/set_up.sh run
	@$(PYTHON_OF_PROJECT) scripts/serve.py

test: ## all tests on PostgreSQL, Redis and Chromium, then the core again on SQLite
	@scripts/set_up.sh test
	@$(PYTHON_OF_PROJECT) scripts/run_tests.py $(ARGS)

check: ## style, types, import layers, templates, migrations, deployment settings, security
	@scripts/set_up.sh run
	@PACKAGES="$(PACKAGES)" scripts/check.sh

format: ## rewrite the Python files in the one format
	@scripts/set_up.sh run
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: ## one measurement; its last line is JSON: make -s bench NAME=pages
	@scripts/set_up.sh test
	@$(PYTHON_OF_PROJECT) -m bench.$(NAME) $(ARGS)

lock: ## resolve pyproject.toml anew into the two locks (needs uv and a network)
	@scripts/lock.sh

vendor: ## fetch the pinned front-end files of package.json into static/vendor/ (needs npm)
	@scripts/vendor.sh

screenshots: ## take the pictures of the README in docs/screenshots/
	@scripts/set_up.sh test
	@$(PYTHON_OF_PROJECT) scripts/screenshots.py
