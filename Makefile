# Makefile - builds faultline and faultline-render, and runs everything that proves them. `make help` lists the targets.
#
# Knobs: CC=clang, OPT=-O0 or OPT='-O1 -fsanitize=address,undefined', BUILD=folder to build in, PREFIX, DESTDIR, V=1,
#        TESTS='tests/unit/base/test_law.c ...' to run a few tests only, WERROR= to let another compiler merely warn,
#        LAX=1 to build what can be built without the files that do not compile just now.

BUILD  ?= build
OUT    ?= out
OPT    ?= -O2
WERROR ?= -Werror
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
# All cores, unless the caller says otherwise: -j on the command line wins, a sub-make shares its parent's.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

# ---- Debian packages: to build; to test; for check-long, check-fresh and check-cluster. tests/run_packages.sh gets them.
PACKAGES       := gcc make libc6-dev pkg-config libglib2.0-dev libigraph-dev libyaml-dev libgraphviz-dev \
                  libjansson-dev librandom123-dev
CHECK_PACKAGES := $(PACKAGES) perl clang clang-format locales libxml2-utils python3-jsonschema
LONG_PACKAGES  := $(CHECK_PACKAGES) valgrind
FRESH_PACKAGES := debootstrap git
CLUSTER_PACKAGES := openmpi-bin parallel

# ---- Flags. Headers of libraries are -isystem, so warnings speak of our code only. -ffp-contract=off, and never
# -ffast-math: "same input, same bytes" needs the same arithmetic on every machine. gcc 12 joins neighbouring members into
# one wide access, which waits when they were written one by one just before: without that the simulator is 3 % faster.
WARNINGS   := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla $(WERROR)
ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE $(OPT) -g -ffp-contract=off -fno-tree-slp-vectorize $(WARNINGS) $(CFLAGS)
SIM_PC     := glib-2.0 igraph yaml-0.1 jansson
RENDER_PC  := glib-2.0 libcgraph libgvc jansson
include_of  = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(1) 2>/dev/null))
libs_of     = $(shell pkg-config --libs $(1) 2>/dev/null) -lm
SIM_INC    := -Isim $(call include_of,$(SIM_PC))
RENDER_INC := -Isim -I. $(call include_of,$(RENDER_PC))
SIM_LIBS   := $(call libs_of,$(SIM_PC))
# The two Graphviz plug-ins that the layout needs are linked in: those found at run time would bring the machine's fonts.
PLUGIN_DIR := $(shell pkg-config --variable=libdir libgvc 2>/dev/null)/graphviz
RENDER_LIBS := $(call libs_of,$(RENDER_PC)) -L$(PLUGIN_DIR) -Wl,-rpath,$(PLUGIN_DIR) -lgvplugin_dot_layout -lgvplugin_core

# ---- What there is: found, never listed. A new source is built, a new test_*.c or *.t under tests/ is run. Any other
# C file under tests/ is support: it goes into an archive, from which a test that uses it gets it.
SIM_C     := $(sort $(wildcard sim/*.c sim/*/*.c sim/*/*/*.c))
RENDER_C  := $(sort $(wildcard render/*.c))
SHARED_C  := $(sort $(wildcard sim/base/*.c sim/read/json_in.c))# all that render may know of sim/
TEST_C    := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TEST_T    := $(sort $(wildcard tests/*/*.t tests/*/*/*.t))
BENCH_C   := $(sort $(wildcard tests/bench/bench_*.c tests/bench/yardstick_*.c))
SUPPORT_C := $(filter-out $(TEST_C) $(BENCH_C),$(sort $(wildcard tests/*/*.c tests/*/*/*.c)))
LONG_T    := tests/determinism/build_matrix.sh tests/determinism/arm64.sh
RENDER_TEST_C := $(filter tests/unit/render/%,$(TEST_C))
TESTS     ?= $(TEST_T) $(TEST_C)

objects   = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
programs  = $(patsubst %.c,$(BUILD)/%,$(1))
PROGRAMS := $(if $(wildcard sim/main.c),$(BUILD)/faultline) $(if $(wildcard render/main.c),$(BUILD)/faultline-render)

all: $(PROGRAMS) ## build both programs (the default)
test-programs: $(call programs,$(filter %.c,$(TESTS))) ## build the tests, run none
test-objects: $(call objects,$(filter %.c,$(TESTS))) ## compile the tests, link none
.PHONY: all test-programs test-objects FORCE
.DELETE_ON_ERROR:
.SECONDARY:

# ---- Compiling. The file `flags` changes only when the compiler or a flag does; then everything is compiled anew.
say = $(if $(V),,@echo '  $(1)' '$(patsubst $(BUILD)/%,%,$(2))' &&)
FLAGS = $(CC) $(ALL_CFLAGS) $(LTO) $(LDFLAGS) $(SIM_LIBS) $(RENDER_LIBS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D); echo "$(FLAGS)" | cmp -s - $@ || { pkg-config --exists $(SIM_PC) $(RENDER_PC) || \
	    { echo 'Libraries are missing: try "make deps".' >&2; exit 2; }; echo "$(FLAGS)" >$@; }

# gcc may look across the files that the loop of events runs through when it links the programs: 3 % faster. Objects hold
# both forms, so tests are linked without, which is quicker.
LTO ?= $(if $(findstring gcc,$(CC)),$(if $(filter -O2,$(OPT)),-flto=auto))
HOT_FOLDERS := base engine kinds loads measure world
$(foreach f,$(HOT_FOLDERS),$(eval $(BUILD)/obj/sim/$(f)/%.o: HOT = $(LTO:%=% -ffat-lto-objects)))
LINK = $(LTO:%=-fno-lto)
$(PROGRAMS) $(call programs,$(BENCH_C)): LINK = $(LTO)

INCLUDES = $(SIM_INC)
LIBS = $(SIM_LIBS)
$(BUILD)/obj/tests/%: INCLUDES = $(SIM_INC) -I.
$(BUILD)/obj/render/% $(BUILD)/obj/tests/unit/render/%: INCLUDES = $(RENDER_INC)
$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(if $(LAX),-)$(call say,compile,$<) $(CC) $(INCLUDES) $(ALL_CFLAGS) $(HOT) -MMD -MP -c -o $@ $<
-include $(patsubst %.o,%.d,$(call objects,$(SIM_C) $(RENDER_C) $(TEST_C) $(BENCH_C) $(SUPPORT_C)))

# An archive is made anew each time, also when a source was deleted, so that no member is left behind.
$(BUILD)/sources: FORCE
	@mkdir -p $(@D); echo "$(SIM_C) $(RENDER_C) $(SUPPORT_C)" | cmp -s - $@ || \
	    echo "$(SIM_C) $(RENDER_C) $(SUPPORT_C)" >$@
$(BUILD)/libfaultline.a: $(call objects,$(filter-out sim/main.c,$(SIM_C)))
$(BUILD)/libfaultline-render.a: $(call objects,$(filter-out render/main.c,$(RENDER_C)) $(SHARED_C))
$(BUILD)/libsupport.a: $(call objects,$(SUPPORT_C))
%.a: $(BUILD)/flags $(BUILD)/sources
	$(call say,archive,$@) rm -f $@ && ar rcsD $@ $(if $(LAX),$$(ls $(filter %.o,$^) 2>/dev/null),$(filter %.o,$^))

# A test gets the support of its own folder first, and what is still missing from any other's.
SUPPORT = $(if $(SUPPORT_C),$(BUILD)/libsupport.a)
.SECONDEXPANSION:
own_support = $(filter $(BUILD)/obj/$(dir $(1))%,$(foreach c,$(SUPPORT_C),$(if $(filter $(dir $(1)),$(dir $(c))),$(BUILD)/obj/$(c:.c=.o))))
$(BUILD)/faultline: $(BUILD)/obj/sim/main.o $(BUILD)/libfaultline.a
$(BUILD)/faultline-render: $(BUILD)/obj/render/main.o $(BUILD)/libfaultline-render.a
$(call programs,$(filter-out $(RENDER_TEST_C),$(TEST_C)) $(BENCH_C)): \
    $(BUILD)/%: $(BUILD)/obj/%.o $$(call own_support,%) $(SUPPORT) $(BUILD)/libfaultline.a
$(BUILD)/libfaultline-record.a: $(call objects,$(sort $(wildcard sim/record/*.c))) # tests of render make their records
$(call programs,$(RENDER_TEST_C)): $(BUILD)/%: $(BUILD)/obj/%.o $(SUPPORT) $(BUILD)/libfaultline-record.a \
    $(BUILD)/libfaultline-render.a
$(BUILD)/faultline-render $(call programs,$(RENDER_TEST_C)): LIBS = $(RENDER_LIBS)
$(PROGRAMS) $(call programs,$(TEST_C) $(BENCH_C)):
	@mkdir -p $(@D)
	$(call say,link,$@) $(CC) $(OPT) $(LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

# ---- What people type. Packages first; then another make, which sees the libraries that this one may not have had.
AGAIN = $(MAKE) --no-print-directory
RUN   = LAX='$(LAX)' CC='$(CC)' BUILD='$(BUILD)' MAKE='$(MAKE)'
demo: deps ## get what is missing, build, lose a region under a website: report, record and diagrams in out/
	+@$(AGAIN) all && tests/run_demo.sh $(BUILD) $(OUT)
deps: ## install the Debian packages needed to build (root or sudo; otherwise print the list and stop)
	@tests/run_packages.sh $(PACKAGES)
deps-check: ## install what the tests need, too
	@tests/run_packages.sh $(CHECK_PACKAGES)
check: deps-check ## build everything and run every test (TESTS='...' for a few)
	+@$(RUN) tests/run_check.sh $(TESTS)
check-long: ## the same with the slow cases, sanitizers, the build matrix, and arm64
	@tests/run_packages.sh $(LONG_PACKAGES)
	+@$(RUN) LONG=1 tests/run_check.sh $(TESTS) $(LONG_T)
	+@$(RUN) LONG=1 WERROR= BUILD='$(BUILD)-sanitize' OPT='-O1 -fsanitize=address,undefined' \
	  tests/run_check.sh $(filter %.c,$(TESTS))
check-fresh: ## prove demo and check inside a bare Debian 12 made with debootstrap (root)
	@tests/run_packages.sh $(FRESH_PACKAGES)
	@tests/run_fresh.sh
check-cluster: ## run a study in shards under Open MPI and GNU parallel, kill a worker, go on, compare bytes
	@tests/run_packages.sh $(PACKAGES) $(CLUSTER_PACKAGES)
	+@$(AGAIN) all && tests/run_cluster.sh $(BUILD)
bench: all $(call programs,$(BENCH_C)) ## measure speed, beside the yardsticks in tests/bench
	@missed=0; for b in $(call programs,$(filter tests/bench/bench_%,$(BENCH_C))); do echo "== $$b"; \
	  FAULTLINE=$(BUILD)/faultline FAULTLINE_BUILD=$(BUILD) $$b || missed=1; done; exit $$missed
mutate: ## break sim/reach in N small ways, one at a time, and count what its tests notice (N=150 SEED=1 JOBS=2)
	@nice tests/mutation/reach.pl --sample $(or $(N),150) --seed $(or $(SEED),1) --jobs $(or $(JOBS),$(shell nproc))
format: ## lay out every C file as .clang-format says
	@find sim render tests -name '*.[ch]' | xargs -r clang-format -i

docs: all ## make docs/kinds.md, coverage.md, capabilities.md and the language's JSON Schemas anew, from the tables they stand in
	$(BUILD)/faultline schema pattern >docs/schema/pattern.schema.json
	$(BUILD)/faultline schema scenario >docs/schema/scenario.schema.json
	$(BUILD)/faultline explain --markdown >docs/kinds.md
	tests/verdicts/coverage.pl >docs/coverage.md
	tests/capabilities/table.pl >docs/capabilities.md

LIBEXEC = $(DESTDIR)$(PREFIX)/libexec/faultline
SHARE   = $(DESTDIR)$(PREFIX)/share
install: all ## install both programs and the patterns (PREFIX=/usr/local, DESTDIR=)
	install -D -m 755 $(BUILD)/faultline $(DESTDIR)$(PREFIX)/bin/faultline
	install -D -m 755 $(BUILD)/faultline-render $(LIBEXEC)/faultline-render
	cd patterns && find . -name '*.yaml' -exec install -D -m 644 '{}' '$(SHARE)/faultline/patterns/{}' ';'
	$(if $(wildcard docs/man/*.1),install -D -m 644 -t $(SHARE)/man/man1 $(wildcard docs/man/*.1))
clean: ## remove what was built
	rm -rf build build-* $(OUT)
help: ## this list
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' Makefile | sort | awk -F '\t' '{printf "  make %-13s %s\n", $$1, $$2}'
.PHONY: demo deps deps-check check check-long check-fresh check-cluster bench mutate format docs install clean help
