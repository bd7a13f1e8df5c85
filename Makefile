# Every task of this repository is a target here; `make` alone lists them.
# A machine needs Node (>= 20, with npm) and make, and Maven and pip for the servers. Node 24, Postgres, Kafka and
# everything else come from package registries. Without make, `npx node <file>` runs Node 24.

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
MAKEFLAGS += --no-print-directory

INSTALLED := node_modules/.installed
# The files that decide which packages are installed. A missing one, such as of a deleted service, must not stop make.
MANIFESTS := pnpm-lock.yaml pnpm-workspace.yaml $(wildcard package.json */package.json */*/package.json)

HOUSE := node tools/house/src/main.ts
STACK := node tools/stack/src/main.ts
# An optional part of the stack.
WITH_PART = $(if $(WITH),--with $(WITH))
# Shells export USER, so it counts only if it is an argument of make.
LOGIN = $(if $(filter command,$(origin USER)),--user $(USER))
DEMO := node services/demo/src/main.ts
# The program of the service whose tables are made of events.
REBUILD := $(wildcard services/*/src/rebuild.ts)

.DEFAULT_GOAL := help
.PHONY: help install up down clean status token register dev demo test check bench generate rebuild fmt

# Runs for a word that is not a target.
.DEFAULT:
	@echo "There is no target '$@'; 'make help' lists all targets." >&2; exit 2

help: ## List all targets
	@printf 'Atlas: code from OpenAPI and AsyncAPI files, and the ERP that is built on it.\n\n'
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@printf '\nRead README.md first, then CONTRIBUTING.md.\n'

install: $(INSTALLED) ## Install the packages of the lock file (every other target does this first)

$(INSTALLED): $(MANIFESTS)
	@PATH="$(SYSTEM_PATH)" sh tools/house/install.sh $@

demo: $(INSTALLED) ## Watch four orders go through the whole system; ONCE=1 exits with the verdict
	@$(DEMO) $(if $(ONCE),--once)

test: $(INSTALLED) ## Run everything: check, case folders, integration on the real stack, the demo end to end
	@$(HOUSE) test

check: $(INSTALLED) ## Run the fast part: format, lint, types, drift, import rules, unit tests
	@$(HOUSE) check

up: $(INSTALLED) ## Start Postgres, Kafka, the schema registry and Redis; WITH=keycloak adds Keycloak
	@$(STACK) up $(WITH_PART)

down: $(INSTALLED) ## Stop the servers and keep their data
	@$(STACK) down

clean: $(INSTALLED) ## Stop the servers and delete their data
	@$(STACK) clean

status: $(INSTALLED) ## Show what runs and where its logs are
	@$(STACK) status

register: $(INSTALLED) ## Register topics, schemas and rights of the specs in the running stack
	@$(STACK) register

dev: $(INSTALLED) ## Run the services, each again when its files are saved; ONLY=<name> runs one; WITH=keycloak
	@$(STACK) dev $(ONLY) $(WITH_PART)

token: $(INSTALLED) ## Print a bearer token with ROLES=ops,admin, or that of a user of Keycloak, such as USER=olga
	@$(STACK) token $(if $(ROLES),--roles $(ROLES)) $(LOGIN)

generate: $(INSTALLED) ## Write generated/, the reference pages and the services of docker-compose.yml
	@atlas generate
	@$(HOUSE) reference

fmt: $(INSTALLED) ## Format all files that people write
	@oxfmt .

rebuild: $(INSTALLED) ## Make the tables of the reports anew from all events; ACCEPT=1 also if they differ
	@variables=$$($(STACK) env $(word 2,$(subst /, ,$(REBUILD)))) && eval "$$variables" && \
		node $(REBUILD) $(if $(ACCEPT),--accept-difference)

bench: $(INSTALLED) ## Measure ratios within one run; SAVE=1 writes them to docs/reference/performance.md
	@node tools/bench/src/main.ts $(if $(SAVE),--save) $(if $(ONLY),--only $(ONLY))
