#!/usr/bin/perl
# doors.t - from outside a folder only its door is included: the header with the folder's name.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

# Every header of these is public: words of the language, small and many.
my %open = map { $_ => 1 } qw(base read net contract);

my @wrong;
for my $path (files(qr{^(sim|render)/.*\.(c|h|def)$})) {
    my $from = folder_of($path);
    for (includes($path)) {
        my ($line, $style, $name) = @$_;
        next unless $style eq '"' && $name =~ m{^([^/]+)/};
        my $to = $1;
        next if $to eq $from || $open{$to} || $name eq "$to/$to.h" || excepted($path, $name);
        push @wrong, "$path:$line: $name is private to $to; its door is $to/$to.h";
    }
}
rule('only doors are used from outside', @wrong);
finish();
