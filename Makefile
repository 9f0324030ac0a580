# Every target does its own set-up and prints how long that took, apart.
# ARGS='…' is passed on:  make demo ARGS='--engine mysql'  make test ARGS='-k fence'

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check fmt lint types imports rehearse stories mutants bench-demo bench-open bench-seed bench-fleet bench-probes soak-replication detect-matrix lock clean
MAKEFLAGS += --no-print-directory
# Debian keeps servers where an ordinary user's PATH does not look.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
ARGS ?=
SETUP := bash deploy/assets/setup/setup.sh
BIN := .venv/bin

help: ## this list
	@echo "usage: make TARGET [ARGS='options passed on']"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

setup: ## install everything: servers, .venv with pinned packages, .venv/bin/sitedr
	@$(SETUP) test

demo: ## a site on real servers loses a zone and survives (ARGS='--engine mysql --lose b --fault cut')
	@$(SETUP) demo $(ARGS)
	@$(BIN)/sitedr demo $(ARGS)

test: ## unit to one real failover per engine, about 7 minutes (ARGS: pytest options)
	@$(SETUP) test
	@$(BIN)/pytest -q -m "not slow" $(ARGS)

test-slow: ## every fault and every crash step on real servers, at most 45 minutes
	@$(SETUP) test
	@$(BIN)/pytest -q -m slow $(ARGS)

check: lint types imports ## lint, types and import floors, under a minute

fmt: ## format, and fix what the linter can fix
	@$(SETUP) tools
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: ## ruff: format and rules
	@$(SETUP) tools
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: ## mypy, strict
	@$(SETUP) tools
	@$(BIN)/mypy

imports: ## the import floors
	@$(SETUP) tools
	@$(BIN)/lint-imports --no-logo

rehearse: ## the same decisions on memory adapters and virtual time (ARGS='--seeds 2000'); no server needed
	@$(SETUP) python
	@$(BIN)/sitedr rehearse $(ARGS)

stories: ## rewrite the golden stories from what happens now, and show the difference
	@$(SETUP) test
	@$(BIN)/pytest -q tests/story --rewrite && git diff --stat tests/story

mutants: ## which planted bug is caught by which checker
	@$(SETUP) test
	@$(BIN)/python -m tests.sim.mutants

bench-demo: ## many failovers per engine and fault on one lab; figures go to build/
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.demo $(ARGS)

bench-open: ## OPEN on a caught-up replica, by statement (ARGS='--runs 100'); figures go to build/
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.opening $(ARGS)

bench-seed: ## from a lost zone to a new replica, beside the bare copying tool (ARGS='--size-gb 1')
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.seeding $(ARGS)

bench-fleet: ## many clusters under one daemon lose a zone; what rounds and edges cost (ARGS='--quick')
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.fleet $(ARGS)

bench-probes: ## probes per CPU-second: ours, blackbox_exporter, HAProxy checks (ARGS='--runs 3')
	@$(SETUP) bench
	@$(BIN)/python -m tests.bench.probes $(ARGS)

detect-matrix: ## every fault on a real lab under load: what must move moves in time, nothing else does
	@$(SETUP) test
	@$(BIN)/python -m tests.matrix $(ARGS)

soak-replication: ## random losses on real servers, judged by their histories (ARGS='--runs 20')
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.soak $(ARGS)

lock: ## regenerate constraints.txt from pyproject.toml (UPGRADE=1: newest versions)
	@bash deploy/assets/setup/lock.sh

clean: ## take the lab down, remove everything made or downloaded here
	@bash deploy/assets/setup/clean.sh
