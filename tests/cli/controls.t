#!/usr/bin/perl
# controls.t - takes each control of paas-air-gap away in turn (rules, routes, statements, attachments, security groups
# as a whole): the scenarios about it must notice at least nine of ten. What they do not notice is printed.
use strict;
use warnings;
use File::Temp qw(tempdir);

my $program = $ENV{FAULTLINE} // 'build/faultline';
my $scratch = tempdir(CLEANUP => 1);
my @scenarios = map { "scenarios/$_.yaml" }
  qw(reachability/air-gap compromise/air-gap-web-owned compromise/air-gap-data-centre-owned);
open my $in, '<', 'patterns/paas-air-gap.yaml' or die "run at the root of the tree\n";
my $text = join '', <$in>;
close $in;

# Entries {...} of lists under these keys, and whole lines of these maps.
my @cuts;
while ($text =~ /\b(inbound|outbound|routes|policy): \[/g) {
    my ($key, $at) = ($1, pos $text);
    my $depth = 1;
    my $from;
    for (my $i = $at ; $depth > 0 ; $i++) {
        my $c = substr $text, $i, 1;
        $from = $i if $c eq '{' && $depth == 1;
        $depth++ if $c eq '{' || $c eq '[';
        $depth-- if $c eq '}' || $c eq ']';
        push @cuts, [$key, $from, $i + 1] if $c eq '}' && $depth == 1;
    }
}
push @cuts, ['attachment', $-[0], $+[0]] while $text =~ /^      (?:back|inspection|vpn): \{table: .*\}\n/mg;
push @cuts, ['group', $-[0], $+[0]] while $text =~ /^      \w+: +\{inbound: .*\}\n/mg;

# Whether some scenario about the pattern as in that file misses something. It must be a design still: a file that
# cannot be read proves nothing, and is undef.
sub noticed {
    my ($pattern) = @_;
    for my $scenario (@scenarios) {
        my $status = system("$program run $scenario --pattern $pattern --patterns patterns >/dev/null 2>&1") >> 8;
        return if $status > 1;
        return 1 if $status == 1;
    }
    return 0;
}

my ($noticed, $tried, @missed) = (0, 0);
for my $cut (@cuts) {
    my ($key, $from, $to) = @$cut;
    my $gone = substr $text, $from, $to - $from;
    my ($before, $after) = (substr($text, 0, $from), substr($text, $to));
    $before =~ s/, $// or $after =~ s/^, // if $gone =~ /^\{/;
    open my $out, '>', "$scratch/paas-air-gap.yaml" or die $!;
    print $out "$before$after";
    close $out;
    my $seen = noticed("$scratch/paas-air-gap.yaml");
    next if !defined $seen;
    $tried++;
    $noticed += $seen;
    $gone =~ s/\s+/ /g;
    push @missed, "$key: $gone" unless $seen;
}
print "1..3\n";
print $tried >= 36 ? '' : 'not ',
  "ok 1 - there are controls to take away ($tried of ", scalar @cuts, " leave a design)\n";
print $noticed * 10 >= $tried * 9 ? '' : 'not ', "ok 2 - $noticed of $tried are missed by a scenario\n";
print noticed('patterns/paas-air-gap.yaml') ? 'not ' : '', "ok 3 - with all of them nothing is missed\n";
print "# nobody misses $_\n" for @missed;
