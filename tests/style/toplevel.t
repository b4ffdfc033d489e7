#!/usr/bin/perl
# toplevel.t - the first look at the project shows what it is: these names and no others.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my @needed = qw(Makefile README.md LICENSE sim patterns scenarios render tests docs .ci);
my %known = map { $_ => 1 } @needed;
my %there = map { m{^([^/]+)} ? ($1 => 1) : () } files(qr{.});

rule('nothing else at the top', map { "$_:1: does not belong at the top level" }
    grep { !$known{$_} && !/^\.\w/ } sort keys %there);
rule('everything that belongs there is there', map { "$_:1: is missing" } grep { !$there{$_} } @needed);
finish();
