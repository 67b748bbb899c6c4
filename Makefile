# Two commands are enough: "make run" opens Paquebot, "make test" tests it.
# Both install what they need on Debian and Ubuntu and say so; a second run
# finds everything there. The steps are small scripts in .ci/.

# One set of build flags everywhere: each further set would build the window
# toolkit once more, which takes minutes.
export TAGS := migrated_fynedo

# A distribution's Go may be told not to fetch the newer one that go.mod names.
export GOTOOLCHAIN ?= auto

GO_BUILD := go build -tags $(TAGS)

.PHONY: help run build ctl test torture lint fuzz bench html-golden html-score shots deps deps-test clean

help:
	@echo 'make run        build Paquebot and open it (with no display: the guided tour)'
	@echo 'make test       all checks and tests'
	@echo 'make build      bin/paquebot and bin/paquebotctl'
	@echo 'make ctl        bin/paquebotctl alone; needs no C compiler'
	@echo 'make lint       gofmt, vet, staticcheck and the layering'
	@echo 'make torture    every cut, every seed; takes long'
	@echo 'make fuzz       every parser on random input, FUZZTIME each (30s)'
	@echo 'make bench      benchmarks, beside the raw limit and other programs'
	@echo 'make html-golden  what Chromium makes of the mails of internal/htmlmail, as the tests compare it'
	@echo 'make html-score   HTML mail of other folders, scored live against Chromium'
	@echo 'make shots      pictures of the window into docs/screenshots'
	@echo 'make deps       the system packages that a build needs'
	@echo 'make deps-test  those that the tests need'

run:
	@.ci/open

build: ctl
	@.ci/packages build
	$(GO_BUILD) -o bin/paquebot ./cmd/paquebot

ctl:
	@.ci/need-go
	CGO_ENABLED=0 $(GO_BUILD) -o bin/paquebotctl ./cmd/paquebotctl

test:
	@.ci/test

torture:
	@PAQUEBOT_TORTURE=1 .ci/test

lint:
	@.ci/need-go
	@.ci/lint ./...
	@go test -tags $(TAGS) ./internal/archtest

fuzz:
	@.ci/need-go
	@.ci/fuzz

bench: ctl
	@.ci/bench

html-golden:
	@.ci/need-go
	@.ci/packages html
	PAQUEBOT_HTML_GOLDEN=1 go test -tags $(TAGS) -count 1 -run TestMailLooksAsInABrowser ./internal/htmlmail

html-score:
	@.ci/need-go
	@.ci/packages html
	@.ci/html-score

shots:
	@.ci/packages build shots
	@$(MAKE) --no-print-directory build
	@.ci/shots

deps:
	@.ci/packages build

deps-test:
	@.ci/packages build test

clean:
	rm -rf bin
