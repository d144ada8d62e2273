# The doors into the project; what is behind them stands in crates/xtask (`cargo xtask help`).
export PATH := $(HOME)/.cargo/bin:$(PATH)
.PHONY: run test check bench dist

run:   # a node with Rongcheng's data at http://127.0.0.1:8642, ready to play an incident through all desks
	@scripts/setup run
	@cargo xtask run $(ARGS)

test:  # everything that must hold before a change goes in: form, Rust, web, browser
	@scripts/setup test
	@cargo xtask test

check: # form only: rustfmt, clippy, the tidy test, the web's linter, the API description
	@cargo xtask check

bench: # figures as JSON lines, each with a ratio to a reference of the same run: make bench ARGS="append --callers 64"
	@cargo xtask bench $(ARGS)

dist:  # one archive with the binary, licence and documents, its checksum, and a Debian package, in target/dist
	@cargo xtask dist
