#!/usr/bin/perl
# shape.t - nothing grows beyond what one reads at a sitting, and nothing is left for later.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my ($most_lines, $most_function, $most_columns) = (500, 80, 120);

my (@long, @deep, @wide, @marks, @first, @blanks);
for my $path (files(qr{^(sim|render|tests)/.*\.(c|h|def)$})) {
    my @lines = lines($path);
    push @long, sprintf '%s:%d: %d lines, at most %d', $path, $most_lines + 1, scalar @lines, $most_lines
        if @lines > $most_lines && !excepted($path, 'lines');

    my ($name) = $path =~ m{([^/]+)$};
    my $head = $name =~ /\.def$/ ? '' : "$name - "; # a list says what is listed, and how
    push @first, "$path:1: the first line should be: /* ${head}what it is"
        unless ($lines[0] // '') =~ m{^/\* \Q$head\E\S};

    # As format.t insists, a body opens with "{" at the end of a line whose statement began in column 1, and closes
    # with a "}" in column 1; ") {" tells it from a struct or a table.
    my ($number, $statement, $start) = (0, '');
    for (split /\n/, code($path)) {
        $number++;
        next if /^#/;
        if (defined $start) {
            next unless /^\}/;
            my $length = $number - $start + 1;
            push @deep, "$path:$start: a function of $length lines, at most $most_function" if $length > $most_function;
            undef $start;
        } elsif (/^[A-Za-z_]/) {
            $statement = $number;
        }
        $start = $statement if /\)\s*\{\s*$/ && $statement;
        $statement = '' if /[;}]\s*$/;
    }
}
for my $path (files(qr{(^|/)Makefile$|^(sim|render|tests|\.ci)/.*(\.(c|h|def|pm|t|sh|yaml)|/run)$})) {
    next if $path =~ m{^tests/(bad|fuzz)/}; # hostile on purpose
    my $number = 0;
    for (lines($path)) {
        $number++;
        my $text = $_;
        utf8::decode($text);
        push @wide, sprintf '%s:%d: %d columns, at most %d', $path, $number, length $text, $most_columns
            if length $text > $most_columns && $path =~ /\.(c|h|def|pm|t|sh)$/;
        push @blanks, "$path:$number: a tab or blank at the end" if /[ \t]$/;
        push @marks, "$path:$number: $1 is work left undone" if /\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/;
    }
}
rule("no file over $most_lines lines", @long);
rule("no function over $most_function lines", @deep);
rule("no line over $most_columns columns", @wide);
rule('no blanks at the end of lines', @blanks);
rule('no marks of undone work', @marks);
rule('every first line says what the file is', @first);
finish();
