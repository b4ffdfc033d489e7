#!/usr/bin/perl
# controls.t - takes the controls of two designs away, one at a time and all of them: the scenarios about a design must
# notice at least nine of ten.
#
# A control is an entry of a list of rules, routes or statements, a group, a firewall or an attachment as a whole, and
# what stands on the way: an endpoint, an appliance, a line. It is cut out of the pattern's text. That nothing refers to
# it any more is a mistake of the input, which is noticed, too, and counted apart. What nobody notices is printed.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $program = $ENV{FAULTLINE} // 'build/faultline';
my %scenarios = (
    'paas-air-gap' => [qw(reachability/air-gap compromise/air-gap-web-owned compromise/air-gap-data-centre-owned)],
    'web-app-direct' => [qw(reachability/direct-tiers compromise/direct-web-owned)],
);
my $scratch = tempdir(CLEANUP => 1);

sub text_of { my ($path) = @_; local (@ARGV, $/) = ($path); return scalar <> }

# [name, from, to]: the bytes of each control. Entries {...} of a list, without its neighbours' commas; whole lines.
sub controls_of {
    my ($text) = @_;
    my @found;
    while ($text =~ /\b(inbound|outbound|routes|policy|service_control_policy|permissions_boundary): \[/g) {
        my ($key, $depth, $from) = ($1, 1, 0);
        for (my $i = pos $text ; $depth > 0 ; $i++) {
            my $c = substr $text, $i, 1;
            $from = $i if $c eq '{' && $depth == 1;
            $depth++ if $c =~ /[{[]/;
            $depth-- if $c =~ /[}\]]/;
            push @found, [$key, $from, $i + 1] if $c eq '}' && $depth == 1;
        }
    }
    push @found, ['group', $-[0], $+[0]] while $text =~ /^      \w+: +\{inbound: .*\}\n/mg;
    push @found, ['firewall', $-[0], $+[0]] while $text =~ /^    firewall: .*\}\n/mg;
    push @found, ['attachment', $-[0], $+[0]] while $text =~ /^      \w+: +\{table: .*\}\n/mg;
    push @found, ["a $1", $-[0], $+[0]]
      while $text =~ /^ +\w+: +\{kind: (appliance|\w+_endpoint|nat_gateway|vpn|peering|direct_connect)\b.*\}\n/mg;
    return @found;
}

sub without {
    my ($text, $from, $to) = @_;
    my ($before, $after) = (substr($text, 0, $from), substr($text, $to));
    if (substr($text, $from, 1) eq '{') { $before =~ s/,\s*$// or $after =~ s/^,\s*// }
    return "$before$after";
}

# What the scenarios about it make of a pattern: 0 nobody notices, 1 a claim is missed, 2 it cannot be read.
sub noticed {
    my ($pattern, $text) = @_;
    my $path = "$scratch/$pattern.yaml";
    open my $out, '>', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
    my $most = 0;
    for my $scenario (@{ $scenarios{$pattern} }) {
        my $status = system("'$program' run scenarios/$scenario.yaml --pattern '$path' --patterns patterns "
                            . ">'$scratch/said' 2>&1") >> 8;
        die "scenarios/$scenario.yaml ends with $status:\n" . text_of("$scratch/said") if $status > 2;
        return $status if $status == 1;
        $most = $status if $status > $most;
    }
    return $most;
}

for my $pattern (sort keys %scenarios) {
    my $text = text_of("patterns/$pattern.yaml");
    is(noticed($pattern, $text), 0, "$pattern: with all controls nothing is missed");
    my @controls = controls_of($text);
    cmp_ok(scalar @controls, '>', 15, "$pattern: there are controls to take away");
    my ($missed, $refused, @survivors) = (0, 0);
    for my $control (@controls) {
        my ($name, $from, $to) = @$control;
        my $seen = noticed($pattern, without($text, $from, $to));
        $missed += $seen == 1;
        $refused += $seen == 2;
        push @survivors, "$name: " . (substr($text, $from, $to - $from) =~ s/\s+/ /gr) if !$seen;
    }
    diag(sprintf "%s: of %d controls %d are missed by a scenario, %d by what refers to them", $pattern,
         scalar @controls, $missed, $refused);
    diag("nobody misses $_") for @survivors;
    cmp_ok(($missed + $refused) * 10, '>=', @controls * 9, "$pattern: nine of ten are noticed");
}
done_testing();
