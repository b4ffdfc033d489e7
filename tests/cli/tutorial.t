#!/usr/bin/perl
# tutorial.t - every command of docs/tutorial.md runs and prints what stands under it, in the order of the page.
#
# A ```console block holds commands ("$ ...") and what they print, both streams. A line "..." stands for any number of
# lines, and "..." within a line for any text; what is not elided is compared byte by byte. A ```yaml block after "Save
# as `NAME`:" is that file. The page is for a checkout of the project, so build/, patterns/ and scenarios/ are there.
# TUTORIAL_SHOW=1 prints what each command says, for whoever rewrites the page. TUTORIAL_WRITE=1 writes today's figures
# into the page where nothing but figures and bars has changed.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use Cwd qw(realpath getcwd);
use File::Temp qw(tempdir);
use Test::More;

my $page = $ARGV[0] // 'docs/tutorial.md';
my $root = getcwd;
my $program = realpath($ENV{FAULTLINE} // 'build/faultline');
my $scratch = tempdir(CLEANUP => 1);

sub lines_of { my ($path) = @_; local @ARGV = ($path); return <> }

sub write_file {
    my ($path, @lines) = @_;
    open my $file, '>', $path or die "$path: $!";
    print {$file} @lines;
    close $file or die "$path: $!";
}

# ---- Blocks: [kind, first line's number, lines...], and the names of files to save. ----------------------------------
my (@blocks, $open, $save);
my $number = 0;
for (lines_of($page)) {
    $number++;
    $save = $1 if !$open && /Save as `([\w.-]+)`:/;
    if (/^```(\w*)\s*$/) {
        if ($open) { push @blocks, $open; undef $open; next }
        $open = { kind => $1, at => $number, lines => [] };
        if ($1 eq 'yaml') { $open->{file} = $save; undef $save }
        next;
    }
    push @{ $open->{lines} }, $_ if $open;
}

# ---- What is told against what is printed: the pattern of a page's lines. -----------------------------------------
sub pattern_of {
    my $text = '';
    for my $line (@_) {
        if ($line =~ /^\s*\.\.\.$/) { $text .= '(?:[^\n]*\n)*?'; next }
        $text .= join('[^\n]*?', map { quotemeta } split /\.\.\./, $line, -1);
    }
    return qr/\A$text\z/;
}

# The same where figures and bars may be others; each line that is not elided is caught. The lines as printed, or ().
my $BAR = qr/[\x{2500}-\x{259f}\x{25bc}]/;
sub figures_now {
    my ($printed, @told) = @_;
    my ($text, @caught) = ('');
    for my $i (0 .. $#told) {
        my $line = $told[$i];
        if ($line =~ /^\s*\.\.\.$/) { $text .= '(?:[^\n]*\n)*?'; next }
        if ($line =~ /\.\.\./)        { $text .= join('[^\n]*?', map { quotemeta } split /\.\.\./, $line, -1); next }
        push @caught, $i;
        my @parts = split /([-+]?\$?\d[\d.,]*|$BAR+| +)/, $line;
        my @patterns = map { /^ +$/ ? ' +' : /\d/ ? '[-+$]*[\d.,]+' : /$BAR/ ? "$BAR+" : quotemeta } @parts;
        $text .= '(' . join('', @patterns) . ')';
    }
    my @now = $printed =~ /\A$text\z/ or return ();
    my @lines = @told;
    $lines[ $caught[$_] ] = $now[$_] for 0 .. $#caught;
    return @lines;
}

# The first line of the page from which on nothing fits: for whoever has to mend it.
sub first_misfit {
    my ($printed, @told) = @_;
    for my $upto (0 .. $#told) {
        my $pattern = pattern_of(@told[0 .. $upto], "...\n");
        return $told[$upto] if $printed !~ $pattern;
    }
    return "(the end)\n";
}

symlink "$root/$_", "$scratch/$_" or die "$_: $!" for qw(patterns scenarios);
mkdir "$scratch/build";
symlink $program, "$scratch/build/faultline" or die $!;
chdir $scratch;
my $commands = 0;
my %figures; # first line's number of the told lines => the lines as printed now
for my $block (@blocks) {
    if ($block->{kind} eq 'yaml') {
        ok($block->{file}, "$page:$block->{at}: it is said under which name to save this") or next;
        write_file($block->{file}, @{ $block->{lines} });
        next;
    }
    next if $block->{kind} ne 'console';
    my @told;
    my $at = $block->{at};
    for my $line (@{ $block->{lines} }) {
        $at++;
        if ($line =~ /^\$ (.+)$/) { push @told, { command => $1, at => $at, lines => [] } }
        else                      { push @{ $told[-1]{lines} }, $line }
    }
    for my $told (@told) {
        $commands++;
        write_file('command.sh', "exec 2>&1 </dev/null\n$told->{command}\n");
        my $printed = qx(bash command.sh);
        print map { "# $_\n" } "\$ $told->{command}", split /\n/, $printed if $ENV{TUTORIAL_SHOW};
        my $fits = $printed =~ pattern_of(@{ $told->{lines} });
        if (!$fits && $ENV{TUTORIAL_WRITE} && (my @now = figures_now($printed, @{ $told->{lines} }))) {
            $figures{ $told->{at} } = \@now;
            $fits = 1;
        }
        ok($fits, "$told->{command}") or diag("$page:$block->{at}: nothing fits from this line on:\n",
            first_misfit($printed, @{ $told->{lines} }), "printed was:\n$printed");
    }
}
cmp_ok($commands, '>=', 10, 'there are commands on the page');
chdir $root;
if (%figures) {
    my @lines = lines_of($page);
    splice @lines, $_, scalar @{ $figures{$_} }, @{ $figures{$_} } for keys %figures;
    write_file($page, @lines);
}
done_testing();
