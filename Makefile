# Every habit is one command; `make` explains them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo run check test test-all bench fmt messages screenshots lock
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
export PYTHON

help: ## This list
	@echo "Merilo: self-assessment of public administrations. Usage: make <command>"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Environment in .venv from the locked libraries, front-end assets, translations
	@sh scripts/setup.sh

setup-dev: ## The same, and the tools for checks and tests
	@sh scripts/setup.sh --dev

demo: setup ## A running platform with a living example on http://localhost:8000 (PORT=8001 for another)
	@$(BIN)/merilo demo $(if $(PORT),--port $(PORT))

run: setup ## Web and worker on the data of this checkout, without the example
	@$(BIN)/merilo run $(if $(PORT),--port $(PORT))

check: setup-dev ## Style, types, arrows, templates, translations, licences
	@$(BIN)/python scripts/check.py

test: ## Set up what tests need and run them all (13 to 20 minutes on 2 cores)
	@sh scripts/setup.sh --dev --install
	@$(BIN)/python scripts/test.py

test-all: ## The same with every language and width: longer
	@sh scripts/setup.sh --dev --install
	@$(BIN)/python scripts/test.py --wide

bench: setup-dev ## Times, queries and bytes of the real-size example, alone and among 1 000 others
	@$(BIN)/python scripts/bench.py

fmt: setup-dev ## Put code and templates into the common form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .
	@find merilo -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

messages: setup-dev ## Bring new words into the catalogues and compile the translations
	@$(BIN)/python scripts/messages.py extract
	@$(BIN)/python scripts/messages.py compile

screenshots: setup-dev ## Pictures of every page, phone and desktop, into var/screenshots
	@$(BIN)/python scripts/screenshots.py

lock: ## Renew requirements/*.txt from requirements/*.in (needs uv)
	@for name in base dev node; do \
	  uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header requirements/$$name.in -o requirements/$$name.txt; done
