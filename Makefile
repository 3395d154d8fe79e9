# sdexplore's commands: `make help` lists them. Everything lives in $(VENV); delete that folder to start afresh.
# make VENV=/elsewhere puts the environment elsewhere; make PYTHON=python3.12 chooses what makes it.

VENV    ?= .venv
PYTHON  ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; sys.version_info >= (3,11) and print("$(p)")' 2>/dev/null)))
WORKERS ?= auto
FLAGS   ?=
NB      ?=

bin   := $(VENV)/bin
# One environment may serve several clones: its stamp says which one it was last installed from
ready := $(VENV)/.ready-$(firstword $(shell pwd -P | cksum))
tour  := nbs/tutorials/tour.ipynb
# Side by side, one thread each: a worker for each core, 4 at most; the longest first, as tests/seconds.json has them
tests := $(bin)/pytest -q -rs -p no:cacheprovider -n $(WORKERS) --dist loadfile --no-loadscope-reorder
torch := $(shell grep '^torch==' constraints.txt)
# git merges notebooks cell by cell, and Jupyter saves them clean; with this environment's programs, whether it is activated or not
here  := $(abspath $(bin))
hooks  = $(bin)/nbdev_install_hooks && git config merge.nbdev-merge.driver '"$(here)/nbdev_merge" %O %A %B %P' \
	&& printf '\#!/bin/sh\n"%s/nbdev_trust"\n' '$(here)' > .git/hooks/post-merge
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# torch's threads sleep while they wait, so that a busy neighbour costs little (tools/neighbour.py measures it)
export OMP_WAIT_POLICY ?= passive

.DEFAULT_GOAL := help
.PHONY: help env lab demo export refresh test slow cov docs pocket emoji

help: ## these lines
	@awk -F ':.*## ' '/^[a-z ]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

env: $(ready) ## the environment alone, from constraints.txt
$(ready): constraints.txt settings.ini setup.py
	@test -n "$(PYTHON)" || { echo 'sdexplore needs Python 3.11 or newer: make PYTHON=/path/to/python3'; exit 1; }
	@echo "making the environment in $(VENV), once (a minute or two)"
	@test -x $(bin)/pip || $(PYTHON) -m venv $(VENV)
	@$(bin)/pip install -qq '$(torch)'
	@$(bin)/pip install -qq -c constraints.txt -e '.[dev]'
	@if [ -d .git ] && [ -z "$$CI" ]; then $(hooks); fi
	@rm -f $(VENV)/.ready-* && touch $@

lab: $(ready) ## JupyterLab, on the tour
	$(bin)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(tour)

demo: $(ready) ## runs the tour without a browser: its pictures go to out/
	@$(bin)/python tools/demo.py $(tour)

export: $(ready) ## after changing a notebook: its module, its clean file, the lessons' links, the README
	$(bin)/python tools/lessons.py
	$(bin)/nbdev_export
	$(bin)/nbdev_clean
	$(bin)/python tools/readme.py

refresh: $(ready) ## runs the notebooks and keeps their outputs (NB=nbs/12_vae.ipynb for one, FLAGS=slow for slow cells too)
	$(bin)/python tools/refresh.py --flags "$(FLAGS)" $(NB)

test: $(ready) ## everything that must hold: notebooks, code style, docs, wheel, browser (WORKERS=1: one at a time; NOTE=1: note the seconds)
	@$(tests) $(if $(NOTE),--note-seconds) nbs tests

slow: $(ready) ## the same, once in a while: with the cells marked slow, and with the wheel in a really empty environment
	@$(tests) --flags slow nbs tests

cov: $(ready) ## which lines of the library the notebooks run
	$(bin)/coverage run --source sdexplore tools/cov.py
	$(bin)/coverage report -m

docs: $(ready) ## the docs site, into _docs (with Quarto where there is one)
	@if command -v quarto >/dev/null; then $(bin)/nbdev_docs && $(bin)/python tools/readme.py; else $(bin)/python tools/docs.py; fi

pocket emoji: $(ready) ## trains that model anew in runs/: stop it and run it again, it goes on
	$(bin)/sdexplore train $@
