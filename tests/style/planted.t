#!/usr/bin/perl
# planted.t - every style check is seen to fail: a fault is planted in a copy of the tree, and the check must name it.
#
# A row: the check, what is planted, the files (path => text), and what the complaint must say. First an innocent file
# passes all checks, so that none of them is one that always complains.
use strict;
use warnings;
use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $copy = tempdir(CLEANUP => 1);
system('cp', '-r', 'Makefile', '.clang-format', 'sim', 'tests', $copy) == 0 or die;
my $objects = "$copy/build/obj";

# A well-behaved file: $text with a first line, or with the guard if it is a header.
sub c_file { my ($path, $text) = @_; return '/* ' . ($path =~ s{.*/}{}r) . " - planted. */\n$text" }
sub header {
    my ($path, $text) = @_;
    my $guard = 'FAULTLINE_' . uc($path =~ s{^sim/}{}r =~ s{[/.]}{_}gr);
    return c_file($path, "#ifndef $guard\n#define $guard\n\n$text\n#endif\n");
}

sub complaints {
    my ($check, %files) = @_;
    my %before;
    for my $path (sort keys %files) {
        my $file = "$copy/$path";
        make_path(dirname($file));
        if (-f $file) { open my $in, '<', $file or die; local $/; $before{$path} = <$in> }
        open my $out, '>', $file or die "$file: $!";
        print $out $files{$path};
        close $out or die;
        if ($check eq 'symbols' && $path =~ /^(.*)\.c$/) {
            make_path(dirname("$objects/$1"));
            system('gcc', '-O2', "-I$copy/sim", '-c', '-o', "$objects/$1.o", $file) == 0 or die;
        }
    }
    # Whole-tree checks look at everything; the others only at what was planted.
    my @only = $check =~ /^(toplevel|build)$/ || $files{'tests/style/exceptions.txt'} ? () : sort keys %files;
    my @found = grep { /^# [^:]+:\d+:/ } split /\n/,
        `FAULTLINE_BUILD='$copy/build' '$FindBin::Bin/$check.t' --root '$copy' @only 2>&1`;
    for my $path (keys %files) {
        unlink "$copy/$path";
        next unless defined $before{$path};
        open my $out, '>', "$copy/$path" or die;
        print $out $before{$path};
    }
    return @found;
}

my $innocent = c_file('sim/kinds/innocent.c', <<'C');
#include "base/simtime.h"

extern const SimTime innocent;
const SimTime innocent = {1};
C
for my $check (qw(layers doors confinement cycles headers purity symbols shape format paths)) {
    is_deeply([complaints($check, 'sim/kinds/innocent.c' => $innocent)], [], "$check: lets an innocent file pass");
}

my $kind = 'sim/kinds/planted.c';
sub including { return c_file($kind, join '', map { qq(#include $_\n) } @_) }
sub statement { return c_file($kind, "void planted(void) {\n    $_[0]\n}\n") }

my @plants = (
    ['layers', 'a kind that sees the world', { $kind => including('"world/world.h"') },
        'kinds must not include world/'],
    ['layers', 'a kind that sees a fault', { $kind => including('"faults/faults.h"') },
        'kinds must not include faults/'],
    ['layers', 'an engine that knows contracts', { 'sim/engine/planted.c' => including('"contract/kind.h"') },
        'engine must not include contract/'],
    ['layers', 'a base that reads', { 'sim/base/planted.h' => including('"read/tree.h"') },
        'base must not include read/'],
    ['layers', 'a renderer that sees the model', { 'render/planted.c' => including('"model/model.h"') },
        'render must not include model/'],
    ['layers', 'a renderer that reads YAML', { 'render/planted.c' => including('"read/tree.h"') },
        'render must not include read/tree'],
    ['layers', 'a world that knows the pipeline', { 'sim/world/planted.c' => including('"pipeline.h"') },
        'world must not include pipeline'],
    ['layers', 'a .def list that looks up', { 'sim/kinds/planted.def' => including('"measure/measure.h"') },
        'kinds must not include measure/'],
    ['layers', 'a new folder', { 'sim/manager/planted.c' => including('"base/bug.h"') }, 'is not in layers.txt'],
    ['layers', 'an include without its folder', { $kind => including('"dns.h"') }, 'write the folder'],
    ['layers', 'a circle of arrows', { 'tests/style/layers.txt' => "base <- net <- base\n" }, 'stands above itself'],

    ['doors', 'a private header of the engine', { 'sim/world/planted.c' => including('"engine/queue.h"') },
        'private to engine'],
    ['doors', 'a private header of graph', { 'sim/model/planted.c' => including('"graph/flow.h"') },
        'private to graph'],

    ['confinement', 'igraph in reach', { 'sim/reach/planted.c' => including('<igraph.h>') }, 'belongs in sim/graph/'],
    ['confinement', 'igraph by folder', { 'sim/reach/planted.c' => including('<igraph/igraph.h>') },
        'belongs in sim/gr'],
    ['confinement', 'yaml in model', { 'sim/model/planted.c' => including('<yaml.h>') }, 'belongs in sim/read/yaml.c'],
    ['confinement', 'jansson in report', { 'sim/report/planted.c' => including('<jansson.h>') }, 'sim/read/json_in.c'],
    ['confinement', 'graphviz in report', { 'sim/report/planted.c' => including('<graphviz/cgraph.h>') }, 'in render/'],
    ['confinement', 'Random123 in world', { 'sim/world/planted.c' => including('<Random123/threefry.h>') }, 'luck'],
    ['confinement', 'threads', { 'sim/study/planted.c' => including('<pthread.h>') }, 'belongs in no file'],

    ['cycles', 'two headers that need each other', {
        'sim/net/planted.h' => header('sim/net/planted.h', '#include "net/other.h"'),
        'sim/net/other.h' => header('sim/net/other.h', '#include "net/planted.h"') }, 'closes a circle'],
    ['headers', 'a header that needs another first', {
        'sim/net/planted.h' => header('sim/net/planted.h', 'SimTime planted(void);') }, 'does not compile alone'],
    ['headers', 'a header that defines twice', {
        'sim/net/planted.h' => "/* planted.h - planted. */\nstatic int planted;\nstruct p { int a; };\n" }, 'alone'],
    ['headers', 'a wrong guard', {
        'sim/net/planted.h' => header('sim/net/planned.h', 'int planted(void);') }, 'FAULTLINE_NET_PLANTED_H'],

    ['symbols', 'a mutable static', { $kind => "static int n;\nint planted(void) { return n++; }\n" },
        'n is a mutable'],
    ['symbols', 'a global', { $kind => "int planted = 3;\n" }, 'planted is a mutable'],
    ['symbols', 'a global with an address', { $kind => "extern int a;\nint *planted = &a;\n" }, 'planted is a mutable'],
    ['symbols', 'a static in a function', { $kind => "int planted(void) { static int k = 3; return k++; }\n" },
        ' k is a mutable'],
    ['symbols', 'a thread-local', { $kind => "_Thread_local int planted;\n" }, 'planted is a mutable'],

    ['shape', 'a long file', { $kind => c_file($kind, "int a;\n" x 500) }, '501 lines'],
    ['shape', 'a long function', { $kind => statement("planted();\n" x 79) }, 'a function of 8\d lines'],
    ['shape', 'a long function with a long head', {
        $kind => c_file($kind, "int planted(int a,\n            int b) {\n" . "    planted();\n" x 80 . "}\n") },
        'planted.c:2: a function of 83 lines'],
    ['shape', 'a long line', { $kind => c_file($kind, '/* ' . 'x' x 120 . " */\n") }, '126 columns'],
    ['shape', 'a mark', { $kind => c_file($kind, '/* TO' . "DO: later */\n") }, 'left undone'],
    ['shape', 'a blank at the end', { $kind => c_file($kind, "int a; \n") }, 'blank at the end'],
    ['shape', 'no first line', { $kind => "int a;\n" }, 'the first line should be'],
    ['format', 'another layout', { $kind => c_file($kind, "int planted( int a )\n{ return a; }\n") }, 'not laid out'],
    ['paths', 'a path of this machine', { 'docs/planted.md' => "see /wo" . "rk/main\n" }, 'path of one machine'],
    ['paths', 'a home', { 'docs/planted.md' => "see /ro" . "ot/x\n" }, 'path of one machine'],
    ['paths', 'a host of packages', { 'tests/planted.sh' => 'x=http://deb.' . "debian.org/debian\n" },
        'host of packages'],
    ['toplevel', 'a folder at the top', { 'src/planted.c' => "\n" }, 'does not belong at the top'],
    ['build', 'a build that failed', { 'build/check.status' => "2\n", 'build/check.log' => "x.c:1:2: error: no\n" },
        ''],
    ['layers', 'an exception without a reason', { 'tests/style/exceptions.txt' => "layers  a  b\n" }, 'needs a reason'],
    ['layers', 'an exception that nothing needs', { 'tests/style/exceptions.txt' => "layers  a  b  because\n" },
        'nothing needs this'],
);

# purity.t: each of these statements alone; the complaint must name the first word.
push @plants, map { ['purity', "a call of $_->[0]", { $kind => statement($_->[1] // "$_->[0](1);") }, ": $_->[0] "] } (
    ['strtod'], ['strtol'], ['strtoull'], ['atoi'], ['atof'], ['sscanf'], ['sprintf'], ['strcpy'], ['strcat'], ['gets'],
    ['rand'], ['srandom'], ['time', 't = time(NULL);'], ['gettimeofday'], ['clock_gettime'], ['g_get_monotonic_time'],
    ['localtime'], ['getenv'], ['setlocale'], ['log'], ['exp', 'x = -exp(-y);'], ['pow'], ['sinf'], ['cos'], ['tan'],
    ['pthread_create'], ['g_error'], ['exit'], ['abort'], ['failover', 'int failover = 1;'],
    ['failover_time', 'int failover_time = 1;'], ['count_failovers', 'count_failovers();'], ['LOST', 'x = LOST;'],
    ['lost_sessions', 'lost_sessions++;'], ['sessions_lost', 'sessions_lost++;'],
    ['g_hash_table_foreach', 'g_hash_table_foreach(t, f, NULL);'],
    ['g_hash_table_iter_init', 'g_hash_table_iter_init(&it, t); /* why not */'],
);
# And these are fine: the same words in a comment, a string, another word, another place, or with a reason.
my @fine = (
    [$kind, 'x = "time(0) failover"; /* strtod(x), lost_sessions */'],
    [$kind, 'runtime(1); x->time(1); s.log(2); xlog(3); _exit(70); blossom = 1;'],
    [$kind, 'g_hash_table_foreach(t, f, NULL); /* order-free: sums integers */'],
    ['sim/main.c', 'exit(getenv("NO_COLOR") != NULL);'],
    ['sim/commands/planted.c', 'x = clock_gettime(1, &t);'],
    ['sim/measure/planted.c', 'lost_sessions++; failover_time = 1;'],
    ['sim/base/bug.c', 'abort();'],
);

for my $plant (@plants) {
    my ($check, $what, $files, $complaint) = @$plant;
    my @found = complaints($check, %$files);
    ok(scalar(grep { /$complaint/ } @found), "$check: finds $what") or diag('it said: ', @found ? "@found" : 'nothing');
}
for my $fine (@fine) {
    my ($path, $statement) = @$fine;
    is_deeply([complaints('purity', $path => c_file($path, "void planted(void) {\n    $statement\n}\n"))], [],
        "purity: lets pass in $path: $statement");
}
done_testing();
