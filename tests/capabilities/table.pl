#!/usr/bin/perl
# table.pl - prints docs/capabilities.md: what faultline is to show, and which scenario shows it. `make docs` writes it.
#
# Rows come from docs/capabilities.tsv, which says its own form; who shows them from the `covers:` of scenarios/. With
# --problems it prints what is wrong instead, a line each: a scenario that covers what is no row or has no claim, a
# test that is not there, a row that is shown and said not to be modelled, too many of those.
use strict;
use warnings;
use FindBin;
use File::Find;

chdir "$FindBin::Bin/../..";
my $problems_only = @ARGV && $ARGV[0] eq '--problems';
my $NOT_MODELLED_MOST = 12;

sub lines_of { my ($path) = @_; local @ARGV = ($path); return <> }

# ---- Rows ------------------------------------------------------------------------------------------------------------
my (@sections, %row, @problems);
for (lines_of('docs/capabilities.tsv')) {
    chomp;
    if (/^## (.+)$/) { push @sections, { title => $1, rows => [] } }
    next if /^#|^\s*$/;
    my ($id, $item, $seen, $note) = split /\t/;
    my $row = { id => $id, item => $item, seen => $seen, test => '', not => '', scenarios => [] };
    push @problems, "capabilities.tsv: $id stands there twice" if $row{$id};
    push @problems, "capabilities.tsv: $id does not say what must be seen" unless $seen;
    ($row->{ $1 }) = $2 if ($note // '') =~ /^(test|not): (.+)$/;
    push @problems, "capabilities.tsv: $id: there is no $row->{test}" if $row->{test} && !-e $row->{test};
    $row{$id} = $row;
    push @{ $sections[-1]{rows} }, $row;
}
my @rows = map { @{ $_->{rows} } } @sections;
my %wanted = map { $_ => 1 } (map({ sprintf 'S-%02d', $_ } 1 .. 229), 'S-62b');
push @problems, map { "capabilities.tsv: $_ is missing" } grep { !$row{$_} } sort keys %wanted;
push @problems, map { "capabilities.tsv: $_->{id} is no row of the list" } grep { !$wanted{ $_->{id} } } @rows;

# ---- Scenarios -------------------------------------------------------------------------------------------------------
my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.yaml$/ } }, 'scenarios');
for my $path (sort @files) {
    my $text = join '', lines_of($path);
    push @problems, "$path: has no claim" unless $text =~ /^claim: \S/m;
    my ($covers) = $text =~ /^covers: \[([^\]]*)\]/m;
    for my $id (grep { /\S/ } split /[\s,]+/, $covers // '') {
        if ($row{$id}) { push @{ $row{$id}{scenarios} }, $path }
        else           { push @problems, "$path: covers $id, which is no row of docs/capabilities.tsv" }
    }
}
my @not = grep { $_->{not} } @rows;
push @problems, "$_->{id} is said not to be modelled, and covered by $_->{scenarios}[0]" for grep { @{ $_->{scenarios} } } @not;
push @problems, scalar(@not) . " rows are not modelled, more than $NOT_MODELLED_MOST" if @not > $NOT_MODELLED_MOST;
if ($problems_only) { print "$_\n" for @problems; exit(@problems ? 1 : 0) }

# ---- The page --------------------------------------------------------------------------------------------------------
sub shown_by {
    my ($row) = @_;
    return "*not modelled*: $row->{not}" if $row->{not};
    my @names = map { my $name = s{^scenarios/}{}r =~ s/\.yaml$//r; "[$name](../$_)" } @{ $row->{scenarios} };
    push @names, "[" . ($row->{test} =~ s{^tests/}{}r) . "](../$row->{test})" if $row->{test};
    return @names ? join(', ', @names) : '*open*';
}
my $shown = grep { shown_by($_) !~ /^\*/ } @rows;
my $open = grep { shown_by($_) eq '*open*' } @rows;
print <<"END";
# What faultline shows

Made by `tests/capabilities/table.pl` from [capabilities.tsv](capabilities.tsv) and the `covers:` of the scenarios; `make docs` makes it
anew. Of @{[scalar @rows]} rows $shown are shown, $open are open and @{[scalar @not]} are not modelled. A scenario shows a row by
expecting what must be seen, and by failing under its `but:`; `faultline test FILE` runs it. Those in `any` run on every pattern:
`faultline test scenarios/any --every-pattern`.
END
for my $section (@sections) {
    print "\n## $section->{title}\n\n| row | what | what must be seen | shown by |\n|---|---|---|---|\n";
    print "| $_->{id} | $_->{item} | $_->{seen} | ", shown_by($_), " |\n" for @{ $section->{rows} };
}
