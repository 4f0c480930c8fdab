# Shortcuts. Everything here is one command that also works by itself; README.md names the two that matter.

GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.DEFAULT_GOAL := help
.PHONY: help run test generate lint web web-check bench load check compose-config clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the bundled data on 127.0.0.1:8080.
	go run ./cmd/entente

test: ## Run all tests; what needs Neo4j or a browser says so where there is none.
	go test ./...

generate: ## Write what follows from the model in schema/model.
	go generate ./...

lint: ## Check formatting, mistakes, habits and the import rule (the first time takes two minutes).
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on: $$unformatted"; exit 1; fi
	go vet ./...
	$(GOLANGCI_LINT) run ./...

web/node_modules: web/package.json web/package-lock.json
	npm --prefix web ci
	@touch $@

web: web/node_modules ## Build the front end into web/dist, which is committed (needs Node).
	npm --prefix web run build

web-check: web/node_modules ## Check that web/dist is what web/src builds (needs Node).
	npm --prefix web run check

bench: ## Measure the API, the stores and the raw statements against each other.
	go run ./bench

load: ## Drive the running program with up to 128 clients at once, on both stores.
	go run ./bench/load

check: ## Do all that CI does, with nothing skipped (needs Node, Maven, Java 21 or newer and Chromium).
	.ci/run

compose-config: ## Check the Dockerfile and docker-compose.yml; needs no container engine.
	go test -count=1 -run 'Compose|Docker|OneVersion' ./internal/frame

clean: ## Remove what was built and fetched here; the data in your data folder stays.
	rm -rf bin entente web/node_modules
