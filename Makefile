# The commands of this project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint images crds run deploy undeploy bench stop
TEST_ARGS ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what the other targets need (Debian), or say what is missing
	@hack/setup

demo: setup ## a cluster, a backup and a restore, shown step by step
	@hack/demo

test: setup ## all tests, on a real cluster (TEST_ARGS='--filter Name~Foo' for some)
	@hack/cluster/engine up
	@hack/images controller worker rest-server
	@dotnet test Walle.Tests $(TEST_ARGS)

lint: ## formatting, analyzers, lock files, generated files
	@hack/lint

images: setup ## build walle/controller:dev and walle/worker:dev
	@hack/images

crds: ## write manifests/crds from the types in Walle.Crds
	@hack/update-crds

run: ## run the controller here against the current kubeconfig
	@dotnet run --project Walle.Controller

deploy: ## install Walle in the cluster of the current kubeconfig (IMAGE_CONTROLLER=, IMAGE_WORKER=, OVERLAY=)
	@hack/deploy up

undeploy: ## remove Walle from that cluster; its objects stay (CRDS=delete: those too); backups always stay
	@hack/deploy down

bench: setup ## measure
	@hack/bench

stop: ## stop the Docker engine, if `make test` or `make demo` had to start one
	@hack/cluster/engine down
