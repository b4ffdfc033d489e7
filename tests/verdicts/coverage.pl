#!/usr/bin/perl
# coverage.pl - prints docs/coverage.md: which case holds which rule of reachability. `make docs` writes it.
#
# With --problems it prints what is wrong instead, a line each: a rule without a case, a case of a rule that is not in
# rules.txt, a test elsewhere that is not there. Rules and the form of both: rules.txt.
use strict;
use warnings;
use FindBin;

chdir "$FindBin::Bin/../..";
my $problems_only = @ARGV && $ARGV[0] eq '--problems';
my $ID = qr/\b(?:B\.\d-\d+|[BP]-\d\d)\b/;

sub lines_of { my ($path) = @_; local @ARGV = ($path); return <> }

# ---- Rules: in order; each has an id, a text, and perhaps a test elsewhere. ------------------------------------------
my (@sections, %rule, @problems);
for (lines_of('tests/verdicts/rules.txt')) {
    if (/^## (.+)$/) { push @sections, { title => $1, rules => [] } }
    next if /^\s*(?:#|$)/;
    chomp;
    my ($id, $text, $elsewhere) = split / \| /;
    my $rule = { id => $id, text => $text, tests => {}, later => '' };
    push @problems, "rules.txt: $id stands there twice" if $rule{$id};
    $rule{$id} = $rule;
    push @{ $sections[-1]{rules} }, $rule;
    next unless $elsewhere;
    my ($path, $string) = split /: /, $elsewhere, 2;
    if ($path eq 'later') { $rule->{later} = $string; next }
    $rule->{tests}{$path} = 1;
    push @problems, "rules.txt: $id: no '$string' in $path" unless -e $path && grep { /\Q$string\E/ } lines_of($path);
}

# ---- Cases: whatever names an id. ------------------------------------------------------------------------------------
my $cases = 0;
sub count_in {
    my ($path, $text) = @_;
    $cases++;
    for my $id ($text =~ /$ID/g) {
        if ($rule{$id}) { $rule{$id}{tests}{$path} = 1 }
        else            { push @problems, "$path: rules.txt has no $id" }
    }
}
for my $path (sort glob 'tests/verdicts/cases/*.yaml tests/verdicts/access/*.yaml') {
    my @said = map { /^# rule: (.*)/ ? $1 : () } lines_of($path);
    push @problems, "$path: says nowhere what it is a case of" unless @said;
    count_in($path, $_) for @said;
}
for my $path (sort glob 'tests/verdicts/test_aws_*.c') {
    /^\s*\{"($ID.*?)",/ and count_in($path, $1) for lines_of($path);
}
for my $rule (map { @{ $_->{rules} } } @sections) {
    push @problems, "nothing is a case of $rule->{id}: $rule->{text}" unless %{ $rule->{tests} } || $rule->{later};
}
if ($problems_only) { print "$_\n" for @problems; exit(@problems ? 1 : 0) }

# ---- The page. -------------------------------------------------------------------------------------------------------
my @rules = map { @{ $_->{rules} } } @sections;
my $held = grep { %{ $_->{tests} } } @rules;
print <<"END";
# Which test holds which rule

Made by `tests/verdicts/coverage.pl` from the `# rule:` lines of the cases; `make docs` makes it anew. What the rules are in full,
says [reachability.md](reachability.md). Of @{[scalar @rules]} rules $held have a test; the others say why not. A case is a pattern
file with questions in its comments, in `tests/verdicts/cases/` or `tests/verdicts/access/`; `make check` asks them all.
END
for my $section (@sections) {
    print "\n## $section->{title}\n\n| rule | | held by |\n|---|---|---|\n";
    for my $rule (@{ $section->{rules} }) {
        my @names = map { s{^tests/verdicts/(?:cases/)?}{}r =~ s/\.yaml$//r } sort keys %{ $rule->{tests} };
        print "| $rule->{id} | $rule->{text} | ", $rule->{later} ? "(later: $rule->{later})" : join(', ', @names), " |\n";
    }
}
