#!/usr/bin/perl
# format.t - every C file is laid out as .clang-format says; `make format` does it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my %first; # file -> line of its first difference
my @files = files(qr{^(sim|render|tests)/.*\.[ch]$});
while (my @some = splice @files, 0, 40) {
    my $command = join ' ', 'clang-format --dry-run', map({ quotemeta } @some), '2>&1';
    open my $in, '-|', $command or die "clang-format: $!\n";
    while (<$in>) {
        $first{$1} //= $2 if /^(\S+?):(\d+):\d+: (?:warning|error): code should be clang-formatted/;
    }
    close $in or die "clang-format failed\n";
}
rule('clang-format has nothing to change', map { "$_:$first{$_}: not laid out: make format" } sort keys %first);
finish();
