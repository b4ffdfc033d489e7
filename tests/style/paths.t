#!/usr/bin/perl
# paths.t - no file of the project names the machine it was written on, or a host that packages come from.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my @patterns = (
    [qr#(?<![\w.~/)}])(/(?:work|root|home/\w+)/)#, 'a path of one machine'],
    [qr#(/tmp/(?:bash_jobs|fl)\b)#, 'a path of one machine'],
    [qr#\b((?:deb|ftp|security|snapshot|archive|httpredir)\.(?:debian|ubuntu)\.(?:org|com))\b#, 'a host of packages'],
    [qr#\b(registry\.(?:npmjs|yarnpkg)\.\w+|pypi\.(?:org|python\.org)|crates\.io|proxy\.golang\.org)\b#,
        'a host of packages'],
);
my @wrong;
for my $path (files(qr{.})) {
    next if -B $path;
    my $number = 0;
    for (lines($path)) {
        $number++;
        for my $pattern (@patterns) {
            push @wrong, "$path:$number: $1 is $pattern->[1]" if /$pattern->[0]/ && !excepted($path, $1);
        }
    }
}
rule('no path or host of one machine', @wrong);
finish();
