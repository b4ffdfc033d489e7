#!/usr/bin/perl
# build.t - everything was built, without a warning (which the compiler takes for an error). run_check.sh took notes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;
use Test::More ();

my $build = $ENV{FAULTLINE_BUILD} // 'build';
Test::More::plan(skip_all => 'not run by make check') unless -f "$build/check.status";
open my $in, '<', "$build/check.log" or die "check.log: $!\n";
my @errors = grep { /(?:error|undefined reference|warning|\*\*\*)/ } <$in>;
chomp @errors;
open my $status, '<', "$build/check.status" or die;
my $code = <$status> + 0;
rule('everything was built without an error', $code ? (@errors ? @errors : "make:1: stopped with $code") : ());
finish();
