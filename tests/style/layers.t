#!/usr/bin/perl
# layers.t - includes follow the arrows of layers.txt, and those have no circle.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

# %may: folder -> { folder it may include }; first as written, then closed.
my (%may, %everyone);
open my $in, '<', 'tests/style/layers.txt' or die "layers.txt: $!\n";
my @everything_over;
while (<$in>) {
    next if /^\s*(#|$)/;
    s/\s+$//;
    my @steps = map { [split /\s*[|,]\s*/] } split /\s*<-\s*/;
    for my $i (0 .. $#steps) {
        for my $upper (@{ $steps[$i] }) {
            next if $upper eq 'everything';
            $everyone{$upper} = 1;
            $may{$upper} //= {};
            next if $i == 0;
            if ($steps[$i - 1][0] eq 'everything') { push @everything_over, $upper; next }
            $may{$upper}{$_} = 1 for @{ $steps[$i - 1] };
        }
    }
}
for my $upper (@everything_over) {
    my %above = ($upper => 1); # what includes it, it does not include
    for (1 .. keys %may) {
        for my $f (keys %may) { $above{$f} = 1 if grep { $above{$_} } keys %{ $may{$f} } }
    }
    $may{$upper}{$_} = 1 for grep { !$above{$_} && $_ ne 'render' } keys %everyone;
}
# A single file (read/json_in) brings nothing but itself along.
for (1 .. keys %may) {
    for my $upper (keys %may) {
        $may{$upper}{$_} = 1 for map { keys %{ $may{$_} // {} } } grep { !m{/} } keys %{ $may{$upper} };
    }
}

rule('the arrows have no circle',
    map { "tests/style/layers.txt:1: $_ stands above itself" } grep { $may{$_}{$_} } sort keys %may);

my (@unknown, @wrong, @short);
for my $path (files(qr{^(sim|render)/.*\.(c|h|def)$})) {
    my $from = folder_of($path);
    if (!$everyone{$from}) { push @unknown, "$path:1: folder '$from' is not in layers.txt"; next }
    for (includes($path)) {
        my ($line, $style, $name) = @$_;
        next unless $style eq '"';
        my ($to) = $name =~ m{^([^/]+)/};
        $to //= $1 if $name =~ m{^(pipeline|main)\.h$};
        if (!defined $to) {
            push @short, "$path:$line: write the folder: \"$from/$name\", not \"$name\"";
            next;
        }
        (my $file = $name) =~ s/\.[^.]*$//;
        next if $to eq $from || $may{$from}{$to} || $may{$from}{$file} || excepted($path, $name);
        push @wrong, "$path:$line: $from must not include $name";
    }
}
rule('every folder has its layer', @unknown);
rule('includes name their folder', @short);
rule('includes follow the arrows', @wrong);
finish();
