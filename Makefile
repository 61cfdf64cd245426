# The commands of this project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test chaos soak mutants lint images crds run deploy undeploy bench stop
TEST_ARGS ?=
# The published controller, as it is in the image: it starts sooner than what `dotnet build` leaves.
CONTROLLER := $(CURDIR)/artifacts/controller/Walle.Controller
TEST_FILTER ?= TestCategory=Chaos
MINUTES ?= 20

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what the other targets need (Debian), or say what is missing
	@hack/setup

demo: setup ## a cluster, a backup and a restore, shown step by step
	@hack/demo

test: setup ## all tests, on a real cluster (TEST_ARGS='--filter Name~Foo' for some)
	@hack/cluster/engine up
	@hack/images controller worker rest-server
	@TEST_CONTROLLER=$(CONTROLLER) dotnet test Walle.Tests $(TEST_ARGS)

chaos: setup ## kill the controller at each of its writes, lose each answer, break the API server: every point (TEST_FILTER=Name~Seed for some), then docs/reliability.md
	@hack/cluster/engine up
	@hack/images controller worker rest-server
	@TEST_CHAOS=all TEST_CONTROLLER=$(CONTROLLER) dotnet test Walle.Tests --filter '$(TEST_FILTER)' $(TEST_ARGS)
	@dotnet run --project Walle.Tests -- reliability collect

soak: setup ## steady work under steady faults (MINUTES=20)
	@hack/cluster/engine up
	@hack/images controller worker rest-server
	@TEST_SOAK_MINUTES=$(MINUTES) TEST_CONTROLLER=$(CONTROLLER) dotnet test Walle.Tests $(TEST_ARGS) -- 'NUnit.Where=class == Walle.Tests.Chaos.SoakTests'
	@dotnet run --project Walle.Tests -- reliability collect

mutants: ## put known defects back, one at a time, and see that the tests catch each
	@hack/mutants/run

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
