# Everything is installed in .venv/ (.venv-bench/ for benchmarks) beside this file; nothing else on the machine is touched
# (but Chromium for the browser tests, where it is missing and this runs as root: tools/ensure-chromium).
# All paths are relative, so the folder may have any name.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint evidence science docs bench bench-quick conformance test-wheel test-long lock clean

BIN := .venv/bin
RUN := .venv/run.stamp
DEV := .venv/dev.stamp
BENCH := .venv-bench/bench.stamp
SETUP := tools/install requirements/installer.lock pyproject.toml

# `make test BROWSER=no` leaves out the tests that open a browser.
BROWSER ?= yes
MARKS := not long$(if $(filter no,$(BROWSER)), and not browser)

help:  ## say what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: $(RUN)  ## the main job once: 4.5 mg every night, as a report in lowdose-demo.html
	$(BIN)/lowdose demo

test: lint  ## lint, then every test but the long ones
	$(if $(filter no,$(BROWSER)),@echo "browser tests left out",tools/ensure-chromium)
	$(BIN)/pytest -n 2 -m "$(MARKS)"

lint: $(DEV)  ## style, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

conformance: $(DEV)  ## compare with outside references; fails where they are missing
	LOWDOSE_REQUIRE_REFERENCES=1 $(BIN)/pytest -n 2 -m conformance

test-wheel: $(DEV)  ## the wheel in a clean environment, and 10,000 people in bounded memory
	$(BIN)/pytest -n 2 -m long tests/house tests/test_population.py

test-long: $(DEV)  ## all tests that take minutes: those of test-wheel, calibrations, scenarios, 10,000 made-up patient files
	$(BIN)/pytest -n 2 -m long

# `make bench OPTIONS="--people 1 --rounds 1"` tries it out; --help lists the options.
bench: $(BENCH)  ## measure the engine beside other solvers (minutes); writes docs/performance.md and build/bench.json
	.venv-bench/bin/python -m benchmarks.run $(OPTIONS)

bench-quick: $(BENCH)  ## the same beside three solvers in a minute; writes build/bench.json
	.venv-bench/bin/python -m benchmarks.run --quick $(OPTIONS)

evidence: $(DEV)  ## after a change of the evidence's data: check it, publish the schema, pool and draw again
	$(BIN)/lowdose evidence check
	@mkdir -p build
	$(BIN)/python -m lowdose.evidence.records.library > build/study.schema.json
	mv build/study.schema.json src/lowdose/evidence/data/study.schema.json
	$(BIN)/python -m lowdose.evidence.pools.compute
	$(BIN)/python -m lowdose.plan.compute
	$(BIN)/lowdose evidence pool --condition fibromyalgia --outcome pain --svg docs/images/fibromyalgia-pain.svg >/dev/null

science: $(DEV)  ## after a change of the model: the page on how far to trust it, with a figure a module, and the block in plans
	$(BIN)/python -m lowdose.plan.compute
	$(BIN)/python -m lowdose.report.science docs

docs: $(DEV)  ## build the documentation into site/; a broken link is an error
	$(BIN)/zensical build --clean --strict --config-file mkdocs.yml

lock: $(DEV)  ## write the lock files again; `make lock UPGRADE=yes` takes the newest releases
	tools/lock $(if $(UPGRADE),--upgrade)

clean:  ## remove what was made, .venv included
	rm -rf .venv .venv-bench site dist build out lowdose-demo.html .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# A .venv that came along with a copied or moved folder still runs the old folder's code: set up again.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(shell pwd -P))
.PHONY: set-up-again
$(RUN) $(DEV): set-up-again
set-up-again:
endif
ifneq ($(shell cat .venv-bench/made-in 2>/dev/null),$(shell pwd -P))
.PHONY: set-bench-up-again
$(BENCH): set-bench-up-again
set-bench-up-again:
endif

$(RUN): requirements/run.lock $(SETUP)
	tools/make-venv
	tools/install requirements/run.lock
	@touch $(RUN)

# The packages of dev.lock are those of run.lock and more, so one set-up serves both.
$(DEV): requirements/dev.lock requirements/run.lock $(SETUP)
	tools/make-venv
	tools/install requirements/dev.lock
	@touch $(RUN) $(DEV)

# What is only compared with (jax, numba, ...) never enters .venv. numbalsoda has no wheel; without it the rest is measured.
$(BENCH): export LOWDOSE_VENV = .venv-bench
$(BENCH): requirements/bench.lock $(SETUP)
	tools/make-venv
	tools/install requirements/bench.lock
	@tools/try-numbalsoda
	@touch $(BENCH)
