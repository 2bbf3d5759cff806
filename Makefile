# Everything sets itself up: `make demo` and `make test` work on a fresh clone with Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PEERS  := .venv-peers
LABS   := linear-regression-numpy linear-regression-tensorflow two-layer-network

# Without bytecode every start costs two to three times as much.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test browser lint catalogues calibrate samples release clean benchmark attacks audit classes

# Exit code 3: this machine lacks what a lab needs (TensorFlow, say); the sentence is printed and the others go on.
demo: $(READY)  ## release every lab in both languages and mark its sample class (SAMPLES="a*": only some of it)
	@for lab in $(LABS); do \
	  $(BIN)/coteja release $$lab && $(BIN)/coteja grade $$lab assignments/$$lab/samples$(if $(SAMPLES),/$(SAMPLES).ipynb) \
	  || { code=$$?; [ $$code -eq 3 ] || exit $$code; }; \
	done

test: $(READY)  ## everything that must hold before a commit lands
	@$(MAKE) --no-print-directory -j2 browser lint
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -q

# Where it cannot be installed, the tests that need it are skipped and say so.
browser: $(READY)  ## Chromium and its driver for the tests of formgrader, on Debian and Ubuntu
	@command -v chromedriver >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null; \
	} || echo "No Chromium: tests that need a browser are skipped (apt-get install chromium chromium-driver)."

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/update_catalogues.py --check

catalogues: $(READY)  ## put new sentences into the catalogues, for translation
	$(BIN)/python tools/update_catalogues.py

calibrate: $(READY)  ## compute the expected artefacts from the reference
	for lab in $(LABS); do $(BIN)/coteja calibrate $$lab || exit; done

samples: $(READY)  ## make the sample class again from the lab
	$(BIN)/python tools/make_samples.py

classes: $(READY)  ## mark every notebook of the sample classes against its declared score; `make test` leaves out some
	COTEJA_WHOLE_CLASS=1 $(BIN)/python -m pytest -q tests/grading/test_samples.py tests/grading/test_samples_numpy.py \
	  tests/grading/test_samples_tensorflow.py

# The million observations of one question are 300,000 here: that changes no result and saves half of the time.
audit: $(READY)  ## measure how often the checks are wrong: audits/<lab>/audit.html; hours on two cores (ARGS="--limit 50": minutes)
	$(BIN)/coteja audit two-layer-network --variants 1500 $(ARGS)
	$(BIN)/coteja audit linear-regression-numpy --variants 1500 --set n_q2=300000 $(ARGS)
	$(BIN)/coteja audit linear-regression-tensorflow $(ARGS) || [ $$? -eq 3 ]

benchmark: $(PEERS)/.ready  ## time nbgrader, otter-grader and this on the same notebooks; about an hour (ARGS=--quick: minutes)
	$(PEERS)/bin/python benchmarks/run.py $(ARGS)

attacks: $(READY) $(PEERS)/.ready  ## run the hostile notebooks on every rung, and with nbgrader and otter-grader; half an hour
	$(BIN)/python tools/attack_matrix.py --peers $(PEERS)/bin/python

$(PEERS)/.ready: pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check -e '.[benchmark]'
	$(PEERS)/bin/python -m compileall -q -j 0 $(PEERS)/lib src || true
	@touch $@

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src || true
	@touch $@

clean:
	rm -rf $(VENV) $(PEERS) audits marked released solved dist build
