# Short names for what is done often. Each target is one line; `make help` lists them.
GOFUMPT  := go run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2
FUZZTIME ?= 30s

.DEFAULT_GOAL := help
.PHONY: help run build fmt lint test race fuzz bench soak official compare screenshots ci

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the explorer
	go run .

build: ## build the binary ./ioscope
	go build -o ioscope .

fmt: ## format every Go file
	git ls-files -z '*.go' | xargs -0 $(GOFUMPT) -l -w

lint: ## go vet and the linter
	go vet ./... && GOLANGCI_LINT_CACHE=$(CURDIR)/.bin/lint $(GOLANGCI) run ./...

test: ## all tests
	go test ./...

race: ## all tests under the race detector
	go test -race ./...

fuzz: ## every fuzz test for FUZZTIME (30s) each
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done

bench: ## every benchmark, five times, with allocations
	go test -run '^$$' -bench . -benchmem -count 5 ./...

soak: ## the tests of everything that runs side by side, twenty times under the race detector
	go test -race -count 20 ./client ./client/gateway/... ./client/internal/...

official: ## the tests against the vendor's own gateway and clients, with CI's strictness
	CI=true IOSCOPE_CUT_STRIDE=1 go test -count=1 -v ./client/official ./client/interval/official

compare: ## the cost of the vendor's gateway and of ours under the same loads
	go run ./client/official/compare

screenshots: ## draw the pictures under screenshots/ anew, with their texts
	go generate ./screenshots

ci: ## what CI runs, in full
	.ci/run
