#!/usr/bin/perl
# headers.t - every header compiles alone, and has the guard that its path says.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp qw(tempdir);
use Tree;

my @headers = files(qr{^(sim|render|tests)/.*\.h$});

my @guards;
for my $path (grep { !/^tests/ } @headers) {
    my ($folder, $name) = $path =~ m{^(?:sim/)?(?:(.*)/)?([^/]+)\.h$};
    my $guard = uc join '_', 'FAULTLINE', (defined $folder ? split(m{/}, $folder) : ()), $name, 'H';
    $guard =~ s/[^A-Z0-9]/_/g;
    my $code = code($path);
    push @guards, "$path:1: the guard should be $guard"
        unless $code =~ /\A\s*#ifndef $guard\n\s*#define $guard\n/ && $code =~ /#endif\s*\z/;
}
rule('every header has its guard', @guards);

# Two compilers at a time; each job is one header, included twice (so the guard is tried, too).
my $libraries = `pkg-config --cflags glib-2.0 igraph libcgraph libgvc`;
$libraries =~ s/-I/-isystem /g;
my @flags = (qw(-std=c17 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Wpedantic -Werror -Isim -I.),
    split ' ', $libraries);
my $folder = tempdir(CLEANUP => 1);
my (%job, @broken);
sub reap {
    my $pid = wait;
    my ($path, $log) = @{ delete $job{$pid} };
    return if $? == 0;
    open my $in, '<', $log or die;
    my ($first) = grep { /error/ } <$in>;
    chomp($first //= 'the compiler gave no reason');
    push @broken, "$path:1: does not compile alone: $first";
}
for my $i (0 .. $#headers) {
    reap() if keys %job >= 2;
    my $source = "$folder/$i.c";
    open my $out, '>', $source or die;
    print $out qq(#include "$headers[$i]"\n) x 2, "typedef int header_alone;\n";
    close $out;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDERR, '>', "$folder/$i.log" or die;
        exec $ENV{CC} // 'gcc', @flags, $source;
        exit 127;
    }
    $job{$pid} = [$headers[$i], "$folder/$i.log"];
}
reap() while %job;
rule('every header compiles alone', sort @broken);
finish();
