# Entries to everything; each is a script, so that it can be read and run by itself.
.PHONY: run test check e2e fmt bench

# Install what is missing, build, start; the last line is the address to open.
run:
	@sh scripts/run.sh

# Format, lints, tests on real PostgreSQL, the user interface in a real browser.
test:
	@sh scripts/test.sh

# Format and lints only.
check:
	@sh scripts/check.sh

# Browser tests only, with a quickly built user interface: make e2e ARGS="signin.spec.ts"
e2e:
	@sh scripts/bootstrap.sh --test
	@sh scripts/build.sh --ui dev
	@sh scripts/e2e.sh $(ARGS)

fmt:
	cargo fmt --all

# Measure speed and size; figures are kept in docs/PERFORMANCE.md. One part alone: make bench ONLY=flow
bench:
	@sh scripts/bench.sh $(ONLY)
