# Mutate.pm - the small changes that a C source can suffer, each of which some test should notice.
#
# mutants($path, $text) is a list of { file, line, source, what, from, to, with }: the bytes [from, to) of the text are
# replaced by `with`. Comments, strings and preprocessor lines are left alone, and so are bug checks, which hold always,
# the ends of counting loops, and what frees: reading past an array and leaks are for the sanitizers to find.
package Mutate;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(mutants mutant_key);

my @VERDICTS = map { "VERDICT_$_" } qw(REACH DENY NO_ROUTE BLACKHOLE NO_PATH);
my %NEXT = map { $VERDICTS[$_] => $VERDICTS[($_ + 1) % @VERDICTS] } 0 .. $#VERDICTS;
my %FLIP = ('==' => '!=', '!=' => '==', '<' => '<=', '<=' => '<', '>' => '>=', '>=' => '>', '&&' => '||', '||' => '&&');

sub blank { return $_[0] =~ s/[^\n]/ /gr }

# The text with everything that is not to be changed as blanks; offsets stay.
sub code_of {
    my ($text) = @_;
    $text =~ s{(/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|^\#[^\n]*)}{blank($1)}gsme;
    $text =~ s{(\bBUG_IF\s*(\((?:[^()]|(?2))*\)))}{blank($1)}ge;
    return $text;
}

# The end of the bracket that opens at $at: the offset of its closing one.
sub closing {
    my ($code, $at) = @_;
    my $depth = 0;
    for (my $i = $at ; $i < length $code ; $i++) {
        my $c = substr $code, $i, 1;
        $depth++ if $c =~ /[(\[{]/;
        return $i if $c =~ /[)\]}]/ && --$depth == 0;
    }
    return length($code) - 1;
}

# Where the operand that ends at $at begins: after what binds more loosely than && and ||, at the same depth.
sub operand_left {
    my ($code, $at) = @_;
    my $depth = 0;
    for (my $i = $at - 1 ; $i >= 0 ; $i--) {
        my $c = substr $code, $i, 1;
        $depth++ if $c =~ /[)\]}]/;
        return $i + 1 if $c =~ /[(\[{]/ && $depth-- == 0;
        next if $depth > 0;
        my $two = substr $code, $i - 1, 2;
        return $i + 1 if $c =~ /[;,?:]/ || $two eq '&&' || $two eq '||';
        return $i + 1 if $c eq '=' && $two !~ /[=!<>]=/ && substr($code, $i, 2) ne '==';
        return $i + 1 if $c eq 'n' && substr($code, $i - 5, 6) eq 'return';
    }
    return 0;
}

sub operand_right {
    my ($code, $at) = @_;
    my $depth = 0;
    for (my $i = $at ; $i < length $code ; $i++) {
        my $c = substr $code, $i, 1;
        $depth++ if $c =~ /[(\[{]/;
        return $i if $c =~ /[)\]}]/ && $depth-- == 0;
        next if $depth > 0;
        return $i if $c =~ /[;,?:]/ || substr($code, $i, 2) =~ /^(?:&&|\|\|)$/;
    }
    return length $code;
}

sub trimmed {
    my ($code, $from, $to) = @_;
    $from++ while $from < $to && substr($code, $from, 1) =~ /\s/;
    $to-- while $from < $to && substr($code, $to - 1, 1) =~ /\s/;
    return ($from, $to);
}

sub operators {
    my ($code, $add) = @_;
    while ($code =~ /(->|<<=?|>>=?|[=!<>]=|&&|\|\||[<>])/g) {
        my ($token, $from, $to) = ($1, $-[1], $+[1]);
        next unless $FLIP{$token};
        next if $token eq '<' && substr($code, 0, $from) =~ /\bfor \([^;\n]*;[^;\n]*\b\w+ \z/;
        $add->("$token becomes $FLIP{$token}", $from, $to, $FLIP{$token});
        next unless $token =~ /^(?:&&|\|\|)$/;
        my $neutral = $token eq '&&' ? 'true' : 'false';
        $add->("without what stands before $token", trimmed($code, operand_left($code, $from), $from), $neutral);
        $add->("without what stands after $token", trimmed($code, $to, operand_right($code, $to)), $neutral);
    }
}

sub conditions {
    my ($code, $add) = @_;
    while ($code =~ /\bif \(/g) {
        my ($open, $close) = ($+[0] - 1, closing($code, $+[0] - 1));
        $add->('the condition is turned round', $open, $close + 1, sub { "(!$_[0])" });
    }
    while ($code =~ /(?:\breturn|=) (true|false);/g) {
        my $other = $1 eq 'true' ? 'false' : 'true';
        $add->("$1 becomes $other", $-[1], $+[1], $other);
    }
    $add->("$1 becomes $NEXT{$1}", $-[1], $+[1], $NEXT{$1}) while $code =~ /\b(VERDICT_[A-Z_]+)\b/g;
}

# Statements that stop the walk (not the last of a function: it must return something), calls, and assignments.
sub statements {
    my ($code, $add) = @_;
    while ($code =~ /\breturn walk_stop(\()/g) {
        my $end = closing($code, $-[1]) + 2;
        $add->('nothing stops here', $-[0], $end, ';') unless substr($code, $end) =~ /^\s*\n\}/;
    }
    my $assigned = qr/[a-z_]+(?:->|\.)[\w.>\[\]-]+ (?:[|&+-]?=)|[a-z]+ =/;
    while ($code =~ /^ +((?:walk_hop|g_array_(?!free)\w+|$assigned) ?[^;{}]*;)/mg) {
        $add->('the statement is gone', $-[1], $+[1], ';');
    }
}

# In a table of steps or of limits, [A] = f, [B] = g becomes [A] = g, [B] = f.
sub tables {
    my ($code, $add) = @_;
    while ($code =~ /\[[A-Z_0-9]+\] = (\w+)(?=(,\s*\[[A-Z_0-9]+\] = )(\w+))/g) {
        my ($one, $between, $two) = ($1, $2, $3);
        next if $one eq $two;
        my $from = $-[1];
        $add->("$one and $two change places", $from, $from + length "$one$between$two", "$two$between$one");
    }
}

sub mutants {
    my ($path, $text) = @_;
    my ($code, @found) = (code_of($text));
    my $add = sub {
        my ($what, $from, $to, $with) = @_;
        return if $to <= $from;
        $with = $with->(substr $text, $from, $to - $from) if ref $with;
        my $line = 1 + (substr($text, 0, $from) =~ tr/\n//);
        my $begin = rindex($text, "\n", $from) + 1;
        my $source = substr($text, $begin, index($text, "\n", $from) - $begin) =~ s/^\s+//r;
        push @found, { file => $path, line => $line, source => $source, what => $what, from => $from, to => $to,
                       with => $with, column => $from - $begin };
    };
    $_->($code, $add) for \&operators, \&conditions, \&statements, \&tables;
    my %seen; # the n-th of its sort on its line
    @found = sort { $a->{from} <=> $b->{from} || $a->{what} cmp $b->{what} } @found;
    $_->{number} = ++$seen{"$_->{source}\0$_->{what}"} for @found;
    return @found;
}

# What tells a mutant from the others even when lines move: file, change, number, source line.
sub mutant_key {
    my ($mutant) = @_;
    return join ' ## ', @$mutant{qw(file what)}, $mutant->{number}, $mutant->{source};
}

1;
