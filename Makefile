# Two commands do all their own set-up on a machine that has Python 3.11 or later and nothing else: make demo, make test.
# The suite skips the engines that are not there, by name; make engines brings them (root or sudo, Debian or Ubuntu).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
# Airflow and MLflow want different releases of the same packages, so it has an environment of its own.
AIRFLOW := tests/examples/.airflow
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

export MLFLOW_DISABLE_TELEMETRY := true
# With it scikit-learn skips none of its estimator checks.
export SCIPY_ARRAY_API := 1

.DEFAULT_GOAL := help
.PHONY: help demo test engines lint notebooks docs clean

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/.ready  ## write a demo history, learn a point table from it, write its report
	$(BIN)/leadml demo --dir demo
	$(BIN)/leadml train demo/leadml.toml
	$(BIN)/leadml report demo --out demo/report.html

test: $(VENV)/.ready-for-tests lint  ## lint, type check and run the whole suite
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# Node's package manager goes by its program, because other packages than Debian's bring it too. Of MariaDB the core: it
# has the server without the service. What the engines need of Python is in the extra test.
engines:  ## install what exports run in: Node, Java, PostgreSQL, MariaDB, LibreOffice, Chromium; Airflow
	.ci/packages ca-certificates nodejs:node npm:npm default-jre-headless:java postgresql \
	  cron:crontab systemd:systemd-analyze mariadb-server-core:mariadbd mariadb-client-core:mariadb libreoffice-calc-nogui:soffice chromium:chromium
	cd tests/export/engines && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@test -x $(AIRFLOW)/bin/airflow || { $(PYTHON) -m venv $(AIRFLOW) && \
	  $(AIRFLOW)/bin/python -m pip --disable-pip-version-check --quiet install apache-airflow-core==3.3.2; }

lint: $(VENV)/.ready-for-tests  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

notebooks: $(VENV)/.ready-for-notebooks  ## open the notebooks
	$(BIN)/jupyter lab notebooks

docs: $(VENV)/.ready-for-docs  ## build the documentation as a site: build/docs/index.html
	$(BIN)/sphinx-build -W -q -b html docs build/docs

clean:  ## remove the virtual environment and what tests leave behind
	rm -rf $(VENV) $(AIRFLOW) tests/export/engines/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "leadml needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.ready: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV): a minute or two, and about 1.3 GB" >&2
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-for-tests: $(VENV)/.ready
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@

$(VENV)/.ready-for-notebooks: $(VENV)/.ready
	$(PIP) install --constraint constraints.txt --editable '.[notebook]'
	@touch $@

$(VENV)/.ready-for-docs: $(VENV)/.ready
	$(PIP) install --constraint constraints.txt --editable '.[docs]'
	@touch $@
