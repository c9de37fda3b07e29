# `make` alone lists the targets. They need Go, Node with npm and the system's
# package manager; whatever else is missing they install, saying so.

TOOL := go tool -modfile=.ci/tools/go.mod
# Packages whose tests keep golden files and take -update.
GOLDEN = $(shell grep -rlE --include='*_test.go' 'flag\.Bool\("update"|dialogs/dialog/transcript"' . | xargs -r -n1 dirname | sort -u)

# Written last by npm: newer than the lock file, if that is what is installed.
NODE_MODULES := bots/web/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help build run test check lint race bench faults golden pictures fmt deps web

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

build: web ## build the program: bin/okoshko
	@go build -trimpath -o bin/okoshko ./cmd/okoshko

run: ## build and start everything with demo data on http://localhost:8080
	@.ci/deps run
	@$(MAKE) --no-print-directory build
	@exec bin/okoshko serve --demo

test: web ## run every test, on real servers
	@.ci/deps test
	go test -parallel 4 ./...
	@go test ./dialogs/questions -run '^Test(Evaluation|Sealed)$$' -v | sed -n 's/.*evaluation: /understood, /p'

check: lint race ## what every change has to pass: linters, tests, race detector

lint: web
	@.ci/deps test
	@echo "== format"
	@unformatted=$$($(TOOL) gofumpt -l .) && [ -z "$$unformatted" ] || { echo "make fmt would change:"; echo "$$unformatted"; exit 1; }
	@echo "== vet"
	@go vet ./... && go vet -tags faults,bench ./...
	@echo "== staticcheck"
	@$(TOOL) staticcheck -tags faults,bench ./...
	@echo "== types"
	@npm run --silent --prefix bots/web types

# The race detector watches what runs side by side: the turn, the stores, the
# surfaces, whole servers. Rules, scenarios, papers and pages do one thing after
# another, and it would make them up to ten times as slow: they run without it.
# TestTheMakefileRunsEverything holds both lists to it. The linters have vetted.
RACED := ./adapters/files ./adapters/local ./adapters/mail/... ./adapters/payment/... ./adapters/postgres/... ./adapters/redis/... \
	./adapters/sms/... ./bots/console ./bots/telegram/... ./bots/webchat/... ./cmd/okoshko ./core/customer ./core/search \
	./dialogs/dialog/turn/... ./dialogs/words
# What -short leaves out of the raced packages: most conversations, every page,
# and servers that are processes of their own.
LATER := Transcripts|Pages?$$|InABrowser|Briefly|^TestSimulation$$

race: lint
	@echo "== tests with the race detector"
	@CGO_ENABLED=1 go test -race -short -vet=off -parallel 4 -timeout 15m $(RACED)
	@echo "== tests of what does one thing after another"
	@go test -vet=off -parallel 4 -timeout 15m $$(go list ./... | grep -vxF "$$(go list $(RACED))")
	@go test -vet=off -parallel 4 -timeout 15m -run '$(LATER)' ./cmd/okoshko ./dialogs/dialog/turn

bench: web ## measure turns, delivery and rivals; about five minutes
	@.ci/deps test
	go test -tags bench -run TestBench -v -timeout 30m ./cmd/okoshko
	go test -tags bench -run '^$$' -bench 'Search|Hear|Longest|SlotPage|Cases' ./core/search ./dialogs/questions ./adapters/postgres
	go test -run '^$$' -bench 'Bill|Print|Plot' ./core/billing/bill ./adapters/receipt ./adapters/chart

faults: web ## kill, cut and repeat everything, then count what was lost; about twenty-five minutes
	@.ci/deps test
	go test -tags faults -run TestFaults -timeout 60m -v ./cmd/okoshko

golden: web ## rewrite transcripts and golden files; review the diff
	@.ci/deps test
	go test $(GOLDEN) -update

pictures: web ## take the pictures of docs/journeys and docs/bills anew
	@.ci/deps test
	@dir=$$(mktemp -d) && go test ./cmd/okoshko -run 'TestJourney$$|TestTheWaysOfCasesInABrowser$$' -artifacts -outputdir $$dir && \
		for kind in 1440-light 768-dark 360-light 360-dark; do cp $$dir/_artifacts/*/[01]?-*-$$kind.webp docs/journeys/; done && \
		for case in 41-route-1440-light 42-answered-360-light 43-censor-1440-light 45-feed-360-dark 48-monitor-1440-light; do cp $$dir/_artifacts/*/$$case.webp docs/journeys/; done; rm -rf $$dir
	@dir=$$(mktemp -d) && go test ./cmd/okoshko -run 'TestBillPictures$$' -artifacts -outputdir $$dir && \
		cp $$dir/_artifacts/*/*.webp docs/bills/; rm -rf $$dir

fmt: ## format the code
	@$(TOOL) gofumpt -w .

deps: ## install what the machine lacks for running and testing
	@.ci/deps test

# What browsers load, bundled into bots/web/dist, which the program embeds.
web: $(NODE_MODULES)
	@go run ./cmd/webbuild

$(NODE_MODULES): bots/web/package.json bots/web/package-lock.json
	@npm ci --silent --prefix bots/web
	@touch $@
