#!/usr/bin/perl
# coverage.t - every rule of reachability has a case, and docs/coverage.md says which.
use strict;
use warnings;
use FindBin;
use Test::More;

chdir "$FindBin::Bin/../..";
my $wrong = `tests/verdicts/coverage.pl --problems`;
is($wrong, '', 'every rule has a case, and every case a rule');
my $page = do { local (@ARGV, $/) = ('docs/coverage.md'); -e $ARGV[0] ? scalar <> : '' };
ok($page eq `tests/verdicts/coverage.pl`, 'docs/coverage.md is what coverage.pl prints (make docs)');
done_testing();
