#!/usr/bin/perl
# trace.t - a trace of arrivals beside the YAML: played, embedded in the record, verified without the file.
use strict;
use warnings;
use File::Temp 'tempdir';
use Test::More;

my $faultline = $ENV{FAULTLINE} // 'build/faultline';
my $folder = tempdir(CLEANUP => 1);

sub put {
    my ($name, $text) = @_;
    open my $out, '>', "$folder/$name" or die "$name: $!\n";
    print $out $text;
    close $out or die "$name: $!\n";
}

sub run {
    my $text = `$_[0] 2>&1`;
    return ($? >> 8, $text);
}

put('played.yaml', <<'YAML');
scenario: played again
pattern: single-region-web
load:
  visitors-america: {kind: trace, file: seen.csv}
  visitors-europe: {rate: 1/min}
run: {until: 10 min, warm_up: 0 s, seed: 3}
YAML
put('seen.csv', "seconds,url\n" . join('', map { 10 * $_ . ",/\n" } 1 .. 25));

my ($code, $text) = run("$faultline run --patterns patterns $folder/played.yaml --format json >$folder/report.json");
is($code, 0, 'a trace is played') or diag($text);
open my $in, '<', "$folder/report.json" or die "report.json: $!\n";
my $report = join '', <$in>;
close $in;
like($report, qr/visitors-america/, 'the population is in the report');
like($report, qr{beside/seen\.csv}, 'and the file among the inputs');

unlink "$folder/seen.csv" or die "seen.csv: $!\n";
($code, $text) = run("$faultline verify $folder/report.json");
is($code, 0, 'verified from what the report embeds') or diag($text);

($code, $text) = run("$faultline check --patterns patterns $folder/played.yaml");
is($code, 2, 'without the file it is a mistake');
like($text, qr/played\.yaml:4:\d+: error: the file 'seen\.csv' cannot be read/, 'told where its name stands');

put('seen.csv', "seconds\n3\n2\n");
($code, $text) = run("$faultline check --patterns patterns $folder/played.yaml");
is($code, 2, 'times that go back are a mistake');
like($text, qr/seen\.csv:3:1: error: this comes before the line above/, 'told by line and column');

done_testing();
