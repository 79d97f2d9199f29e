# make book builds the HTML, make test runs every test; each makes the environment if need be.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.venv: requirements.txt requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -r requirements.txt
	touch .venv
