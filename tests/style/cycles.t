#!/usr/bin/perl
# cycles.t - no file includes itself, by however many others.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my %edges; # file -> [[line, file], ...]
my %exists = map { $_ => 1 } files(qr{^(sim|render)/.*\.(c|h|def)$});
for my $path (keys %exists) {
    my ($here) = $path =~ m{^(.*/)};
    for (includes($path)) {
        my ($line, $style, $name) = @$_;
        next unless $style eq '"';
        my ($target) = grep { $exists{$_} } "sim/$name", $name, "$here$name";
        push @{ $edges{$path} }, [$line, $target] if defined $target;
    }
}

# Depth first; a step to a file that is still open closes a circle, which is told once, from where it was closed.
my (%state, @open, @circles);
sub walk {
    my ($path) = @_;
    $state{$path} = 'open';
    push @open, $path;
    for (@{ $edges{$path} // [] }) {
        my ($line, $target) = @$_;
        if (!defined $state{$target}) { walk($target) }
        elsif ($state{$target} eq 'open') {
            my ($start) = grep { $open[$_] eq $target } 0 .. $#open;
            push @circles, "$path:$line: closes a circle: " . join(' -> ', @open[$start .. $#open], $target);
        }
    }
    pop @open;
    $state{$path} = 'done';
}
defined $state{$_} or walk($_) for sort keys %exists;
rule('no circle of includes', @circles);
finish();
