# The commands of the project; each makes what it needs first.
.DEFAULT_GOAL := help
.PHONY: help run test coverage mutants chaos lint types train bench pictures evaluate audit lock

# uv as installed, if it runs (a version manager's empty shim does not); else a private one in .uv.
PRIVATE_UV := $(shell uv --version >/dev/null 2>&1 || echo .uv/bin/uv)
UV := $(or $(PRIVATE_UV),uv)
TWH := .venv/bin/twh

# Trust what the machine trusts, also behind a company's proxy.
export UV_SYSTEM_CERTS := true

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/'

run: .venv/runtime  ## start the assistant: Telegram with a bot token, otherwise the terminal
	@$(TWH) run

bench: .venv/development  ## run the benchmarks, each beside its budget; OPTIONS="--help" says more
	@.venv/bin/python -m tests.bench $(OPTIONS)

evaluate: .venv/development  ## measure how well texts are understood; OPTIONS="--help" says more
	@.venv/bin/python -m tests.understanding.evaluate $(OPTIONS)

pictures: .venv/development  ## draw the pictures of the documentation anew
	@.venv/bin/python -m tests.pictures

train: .venv/runtime  ## train the model anew
	@$(TWH) train

test: .venv/development lint types  ## check the style and the types, then run every test
	@# Some tests wait for real processes; what failed beside other work has to pass alone.
	.venv/bin/python -m pytest -n 2 --dist loadfile || { \
		echo "Once more, alone: what failed beside other work"; \
		.venv/bin/python -m pytest --last-failed --last-failed-no-failures none; \
	}

coverage: .venv/development  ## run every test and say which branches of our code none of them takes
	@rm -rf var/coverage
	-.venv/bin/coverage run -m pytest -q -n 2 --dist loadfile
	@.venv/bin/coverage combine -q
	@.venv/bin/coverage report

mutants: .venv/development  ## change our code in small ways and count what the tests notice; OPTIONS="--help" says more
	@.venv/bin/python -m tests.mutants $(OPTIONS)

chaos: .venv/development  ## kill processes while many people write, and count; OPTIONS="--help" says more
	@.venv/bin/python -m tests.chaos $(OPTIONS)

lint: .venv/development  ## check the style
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: .venv/development  ## check the types
	.venv/bin/mypy

audit: $(PRIVATE_UV)  ## look for known vulnerabilities of the pinned dependencies
	@.ci/audit $(UV)

lock: $(PRIVATE_UV)  ## pin every dependency again
	$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--python-version 3.10 pyproject.toml -o requirements.lock
	$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--python-version 3.10 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

.uv/bin/uv:
	@echo "Setting up: fetching uv"
	@python3 -m venv .uv 2>/dev/null || python3 -m pip install -q --target .uv/lib virtualenv \
		&& { test -x .uv/bin/python || PYTHONPATH=.uv/lib python3 -m virtualenv -q .uv; }
	@.uv/bin/python -m pip install -q --disable-pip-version-check uv

.venv/bin/python: | $(PRIVATE_UV)
	@echo "Setting up: making the environment (once, about a minute)"
	@$(UV) venv -q --python "$$(cat .python-version)" .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@$(UV) pip install -q --python .venv/bin/python --require-hashes -r requirements.lock
	@$(UV) pip install -q --python .venv/bin/python --no-deps -e .
	@touch $@

.venv/development: requirements-dev.lock .venv/runtime
	@$(UV) pip install -q --python .venv/bin/python --require-hashes -r requirements-dev.lock
	@touch $@
