#!/usr/bin/perl
# confinement.t - each library is known in one place only, so that it can be changed in one place.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my @places = (
    [qr{^igraph},                          qr{^sim/graph/},           'igraph', 'sim/graph/'],
    [qr{^yaml\.h$},                        qr{^sim/read/yaml\.c$},    'libyaml', 'sim/read/yaml.c'],
    [qr{^jansson},                         qr{^sim/read/json_in\.c$}, 'jansson', 'sim/read/json_in.c'],
    [qr{^(graphviz/|gvc|cgraph|cdt)},      qr{^render/},              'Graphviz', 'render/'],
    [qr{^Random123/},                      qr{^sim/base/luck},        'Random123', 'sim/base/luck*'],
    [qr{^(pthread|threads|omp|setjmp)\.h}, qr{^$},                    'threads and jumps', 'no file'],
);
for my $place (@places) {
    my ($header, $home, $what, $where) = @$place;
    my @wrong;
    for my $path (files(qr{^(sim|render)/.*\.(c|h|def)$})) {
        next if $path =~ $home;
        for (includes($path)) {
            my ($line, undef, $name) = @$_;
            next if $name !~ $header || excepted($path, $name);
            push @wrong, "$path:$line: <$name> belongs in $where";
        }
    }
    rule("$what in $where only", @wrong);
}
finish();
