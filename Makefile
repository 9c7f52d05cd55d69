# The commands of the project. `make` alone lists them.

PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TYPED := $(wildcard app config.py gunicorn.conf.py serve.py tests benchmarks)
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 --universal
KEYWORDS := -k AnswerError:1 -k WaveError:1 -k AccountError:1 -k ZoneError:1
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/*.po))

.PHONY: help install install-dev run demo test bench lint format words lock

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

install: .venv/.installed $(TRANSLATIONS) ## build .venv from requirements.txt, and the translations

install-dev: install .venv/.installed-dev ## the same, with what tests and checks need

# Settings come from the environment alone: of a file .env, which `flask` would read, the web server knows nothing.
run demo: export FLASK_SKIP_DOTENV := 1

run: install ## start the platform on this machine; PORT=8080 chooses another port
	@$(BIN)/flask prepare
	@$(BIN)/python serve.py

# Its own database and its own key: a session of the demonstration opens nothing in the real platform.
demo: export DATABASE_URL := sqlite:///$(CURDIR)/instance/demo.sqlite
demo: export INSTANCE_DIR := $(CURDIR)/instance/demo
demo: install ## the same, with synthetic waves in a database of their own
	@$(BIN)/flask prepare
	@$(BIN)/flask demo load --responses 20000 --seed 1
	@$(BIN)/python serve.py

test: install-dev ## every test; PYTEST_ARGS="-k wave" chooses some
	@for name in $(CHROMIUM) chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null && exit; done; \
	echo "Chromium is missing: the tests in a browser need it. On Debian: apt install chromium"
	@fc-list :lang=ja 2>/dev/null | grep -q . || \
	echo "Japanese fonts are missing: screenshots and charts need them. On Debian: apt install fontconfig fonts-noto-cjk"
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

bench: install-dev ## the benchmarks, each against its floor
	@$(BIN)/python -m benchmarks

lint: install-dev ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(TYPED)

format: install-dev ## put the code into the house's layout
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

words: install-dev ## collect the sentences of pages and errors for translators
	@mkdir -p instance
	@PYTHONPATH=. $(BIN)/pybabel --quiet extract -F babel.cfg $(KEYWORDS) --no-location --sort-output --omit-header -o instance/messages.pot .
	@$(BIN)/pybabel --quiet update -i instance/messages.pot -d app/translations --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date -w 110

lock: install-dev ## write requirements*.txt anew; LOCK_ARGS=--upgrade takes newer versions
	@$(LOCK) $(LOCK_ARGS) requirements.in -o requirements.txt
	@$(LOCK) $(LOCK_ARGS) requirements-dev.in -o requirements-dev.txt

.venv/.installed: requirements.txt
	@for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; done; \
	[ "$$found" ] || { echo "Python 3.11 or newer is needed; tried: $(PYTHONS). PYTHON=/path/to/python chooses one."; exit 1; }; \
	"$$found" -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$$found cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }; \
	echo "Installing into .venv with $$("$$found" --version), about a minute the first time ..."; \
	$(PIP) --version >/dev/null 2>&1 || "$$found" -m venv --clear .venv
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what tests and checks need ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

%.mo: %.po | .venv/.installed
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@
