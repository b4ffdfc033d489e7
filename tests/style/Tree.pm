# Tree.pm - the source tree as the style checks see it, and their one way to complain.
#
# Every check is `NAME.t [--root DIR] [FILE...]`: it looks at the tree in DIR (default: here), only at the FILEs if any
# are given, and prints TAP. A complaint is a line "# path:line: what is wrong". planted.t reads those lines, too.
package Tree;
use strict;
use warnings;
use Test::More ();
use File::Find ();
use Exporter 'import';
our @EXPORT = qw(files lines text code includes excepted rule finish folder_of);

my ($check) = $0 =~ m{([^/]+)\.t$};
my (%only, @exceptions, %texts);

while (@ARGV) {
    my $argument = shift @ARGV;
    if ($argument eq '--root') { my $root = shift @ARGV; chdir $root or die "$root: $!\n" }
    else                       { $only{$argument} = 1 }
}

# exceptions.txt: "check  path  token  reason", where path may hold * and the reason is not optional.
if (open my $in, '<', 'tests/style/exceptions.txt') {
    while (<$in>) {
        next if /^\s*(#|$)/;
        my ($of, $path, $token, $reason) = split ' ', $_, 4;
        if (($reason // '') !~ /\w/) {
            Test::More::ok(0, 'every exception has its reason');
            Test::More::diag("tests/style/exceptions.txt:$.: an exception needs a reason");
            next;
        }
        next if $of ne ($check // '');
        (my $pattern = quotemeta $path) =~ s/\\\*/.*/g;
        push @exceptions, { path => qr/^$pattern$/, token => $token, line => $., used => 0 };
    }
}

# All files of the project that match, sorted: what git tracks or would, or without git, what lies there.
my @all;
sub all_files {
    return @all if @all;
    if (-e '.git') { @all = grep { -f } split /\0/, `git ls-files -z --cached --others --exclude-standard` }
    if (!@all) {
        File::Find::find({ no_chdir => 1, wanted => sub {
            if (-d && m{^\./(?:\.git|build[^/]*|out)$}) { $File::Find::prune = 1; return }
            push @all, s{^\./}{}r if -f;
        } }, '.');
    }
    return @all = sort @all;
}
sub files {
    my ($pattern) = @_;
    return grep { $_ =~ $pattern && (!%only || $only{$_}) } all_files();
}

sub text {
    my ($path) = @_;
    return $texts{$path} //= do { local (@ARGV, $/) = ($path); <> // '' };
}
sub lines { return split /\n/, text($_[0]) }

# The text with comments, and unless told to keep them also strings, as blanks; lines and columns stay where they were.
sub blank { return $_[0] =~ s/[^\n]/ /gr }
sub code {
    my ($path, %keep) = @_;
    my $text = text($path);
    $text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}
              {defined $1 ? blank($1) : $keep{strings} ? $2 : blank($2)}gse;
    return $text;
}

# The #include lines: [line number, "<" or '"', name].
sub includes {
    my ($path) = @_;
    my ($number, @found) = (0);
    for (split /\n/, code($path, strings => 1)) {
        $number++;
        push @found, [$number, $1, $2] if /^\s*#\s*include\s*([<"])([^">]+)[">]/;
    }
    return @found;
}

# "kinds" of sim/kinds/dns.c, "pipeline" of sim/pipeline.c, "render" of render/x.c.
sub folder_of {
    my ($path) = @_;
    return $1 if $path =~ m{^sim/([^/]+)/} || $path =~ m{^sim/([^/.]+)\.} || $path =~ m{^(render)/};
    return '';
}

sub excepted {
    my ($path, $token) = @_;
    for (@exceptions) {
        return $_->{used} = 1 if $_->{token} eq $token && $path =~ $_->{path};
    }
    return 0;
}

# One TAP line for one rule; each violation is "path:line: what".
sub rule {
    my ($name, @violations) = @_;
    Test::More::ok(!@violations, $name);
    Test::More::diag($_) for @violations;
}

sub finish {
    if (@exceptions && !%only) {
        rule('every exception is needed', map { "tests/style/exceptions.txt:$_->{line}: nothing needs this" }
            grep { !$_->{used} } @exceptions);
    }
    Test::More::done_testing();
}
1;
