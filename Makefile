# Two commands are enough: `make site` builds the site, `make test` runs every check.

PYTHON ?= python3
# Two processes, each with whole files of tests, in their order: what a file shares (a browser, a cluster) is made once, and
# the long walks of test_equivalence do not come last.
PYTEST_ARGS ?= --numprocesses 2 --dist loadfile --no-loadscope-reorder

# What `make bench` measures: sizes, rounds (chosen by size unless given), the day written into the results.
ORGANISATIONS ?= 1000
REPEAT        ?=
DATE          ?= $(shell date +%Y-%m-%d)
BENCH_ARGS    ?=

# How often `make soak` edits the site, and kills a build.
STEPS ?= 20000
KILLS ?= 5000
# How many inputs `make soak` feeds each reader, and what they are drawn from.
FUZZ      ?= 1000000
FUZZ_SEED ?= 2

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
SUDO   := $(if $(filter 0,$(shell id -u)),,sudo)
NPM_IN := tests/quality
NPM    := $(NPM_IN)/node_modules/.package-lock.json

# Stamp files: each says that one step is done, and is older than what the step depends on when it must be done again.
DEBIAN_SITE := $(VENV)/stamp-debian-site
DEBIAN_TEST := $(VENV)/stamp-debian-test
SITE        := $(VENV)/stamp-site
TEST        := $(VENV)/stamp-test
BENCH       := $(VENV)/stamp-bench

# pip-tools' release for `make lock`; it lives in a folder of its own that is removed again.
PIP_TOOLS := pip-tools==7.6.2
# What `make audit` asks whether anything in the locks is known to be unsafe; in a folder of its own too.
PIP_AUDIT := pip-audit==2.10.1
COMPILE    = pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras $(if $(UPGRADE),--upgrade) \
             --no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help site check serve messages test soak lint format bench bench-short lock sbom audit clean clean-all

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

site: $(SITE) ## build the site into output/, after installing whatever is missing
	$(BIN)/ismpe build

check: $(SITE) ## read and score the content, and list every problem in it
	$(BIN)/ismpe check

serve: $(SITE) ## show the site in a browser, and rebuild it at every change
	$(BIN)/ismpe serve

messages: $(SITE) ## bring the catalogues of interface words up to date, and list what is to be translated
	$(BIN)/python -m tests.quality.messages

test: $(TEST) $(BENCH) $(NPM) lint ## run everything: lint, types, tests, browser and PDF checks
	$(BIN)/python -m pytest $(PYTEST_ARGS)

soak: $(TEST) ## edit, kill and feed far more often than the tests do (STEPS=20000 KILLS=5000 FUZZ=1000000)
	STEPS=$(STEPS) KILLS=$(KILLS) FUZZ=$(FUZZ) FUZZ_SEED=$(FUZZ_SEED) \
	$(BIN)/python -m pytest tests/test_equivalence.py tests/test_publication.py tests/test_fuzzing.py $(PYTEST_ARGS)

lint: $(TEST) ## look at the code without running it: ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(TEST) ## write the code in the common form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(BENCH) ## measure our builds against Hugo's into benchmarks/results.md (ORGANISATIONS="1000 10000" REPEAT=5 DATE=…)
	$(BIN)/python -m benchmarks --date $(DATE) --organisations $(ORGANISATIONS) $(if $(REPEAT),--repeat $(REPEAT)) $(BENCH_ARGS)

bench-short: $(BENCH) ## the same in small, to see that it works, into benchmarks/results-short.md
	$(BIN)/python -m benchmarks --date $(DATE) --organisations 20 --repeat 1 --few --output benchmarks/results-short.md $(BENCH_ARGS)

lock: ## choose exact versions again (UPGRADE=1: the newest) and write them with their hashes
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/python" -m pip --disable-pip-version-check install --quiet '$(PIP_TOOLS)'; \
	PATH="$$folder/bin:$$PATH"; cd requirements; \
	echo 'Locking requirements/site.txt'; $(COMPILE) --output-file site.txt ../pyproject.toml site.in; \
	echo 'Locking requirements/test.txt'; $(COMPILE) --output-file test.txt ../pyproject.toml site.in test.in; \
	echo 'Locking requirements/bench.txt'; $(COMPILE) --output-file bench.txt bench.in
	@if command -v npm >/dev/null; then echo 'Locking $(NPM_IN)/package-lock.json'; cd $(NPM_IN) && \
	npm $(if $(UPGRADE),update,install) --package-lock-only --ignore-scripts --no-audit --no-fund; fi
	@$(MAKE) --no-print-directory sbom

sbom: ## write the bill of materials of the locks into sbom.cdx.json (CycloneDX)
	$(PYTHON) -m tests.quality.sbom > sbom.cdx.json

audit: ## ask whether anything in the locks is known to be unsafe (needs the network, and so is no part of make test)
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/python" -m pip --disable-pip-version-check install --quiet '$(PIP_AUDIT)'; \
	failed=; for lock in site test bench; do \
	echo "Auditing requirements/$$lock.txt"; \
	"$$folder/bin/pip-audit" --strict --require-hashes --disable-pip --progress-spinner off \
	--requirement requirements/$$lock.txt || failed=1; done; \
	echo 'Auditing $(NPM_IN)/package-lock.json'; (cd $(NPM_IN) && npm audit --package-lock-only) || failed=1; test -z "$$failed"

clean: ## remove the built site and the caches
	rm -rf output .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find ismpe_site benchmarks tests -name node_modules -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

clean-all: clean ## remove what was installed as well
	rm -rf $(VENV) $(NPM_IN)/node_modules

# -- what the commands above stand on ---------------------------------------------------------------

# $(call install-debian,SECTION): install the packages of one section of packages-debian.txt that are missing.
define install-debian
@set -e; \
wanted=$$(awk -v want='[$(1)]' '/^\[/ { inside = ($$1 == want); next } inside && $$1 !~ /^(#|$$)/ { print $$1 }' packages-debian.txt); \
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then \
	echo 'This machine has no apt-get. Please install with its own package manager what these Debian packages hold:'; \
	printf '    %s\n' $$wanted; \
	echo 'Going on as if all were there.'; \
	exit 0; \
fi; \
missing=; \
for package in $$wanted; do \
	dpkg-query --show --showformat '$${Status}' "$$package" 2>/dev/null | grep -q ' installed$$' || missing="$$missing $$package"; \
done; \
if [ -z "$$missing" ]; then exit 0; fi; \
if [ -n '$(SUDO)' ] && ! command -v sudo >/dev/null; then \
	echo "Missing Debian packages:$$missing"; \
	echo "There is no sudo here: run as root  apt-get install$$missing  and then this command again."; \
	exit 1; \
fi; \
echo "Installing Debian packages:$$missing"; \
$(SUDO) apt-get update -qq; \
$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq $$missing
endef

$(DEBIAN_SITE): packages-debian.txt
	$(call install-debian,site)
	@mkdir -p $(VENV) && touch $@

$(DEBIAN_TEST): packages-debian.txt $(DEBIAN_SITE)
	$(call install-debian,test)
	@touch $@

$(VENV)/pyvenv.cfg: | $(DEBIAN_SITE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo 'Python 3.11 or newer is needed; say which one with  make PYTHON=python3.11 …'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(SITE): requirements/site.txt pyproject.toml $(DEBIAN_SITE) | $(VENV)/pyvenv.cfg
	$(PIP) install --quiet --require-hashes --requirement requirements/site.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TEST): requirements/test.txt $(SITE) $(DEBIAN_TEST)
	$(PIP) install --quiet --require-hashes --requirement requirements/test.txt
	@touch $@

$(BENCH): requirements/bench.txt $(TEST)
	$(PIP) install --quiet --require-hashes --requirement requirements/bench.txt
	@touch $@

$(NPM): $(NPM_IN)/package-lock.json $(NPM_IN)/package.json
	@command -v npm >/dev/null || { echo 'npm is needed for the tests (Node.js 18 or newer).'; exit 1; }
	cd $(NPM_IN) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
