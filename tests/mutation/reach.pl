#!/usr/bin/perl
# reach.pl - breaks sim/reach in many small ways, one at a time, and counts how many of them the tests of reach/ notice.
#
#   tests/mutation/reach.pl [--sample N] [--seed S] [--jobs N] [--file NAME] [--work DIR] [--keep] [--list]
#
# Works on a copy of the tree. Each mutant is compiled, linked into a library of its own, and given to the programs of
# tests/unit/reach and tests/verdicts, 20 s of processor time each, until one of them fails. Mutants in equivalent.txt behave alike and are
# not counted; each has its reason there. Exit 1: fewer than 95 % of those that were tried are caught.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Mutate;
use Getopt::Long;
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Time::HiRes qw(time);

my ($sample, $seed, $jobs, $only, $work, $keep, $list) = (150, 1, 1, '', '', 0, 0);
GetOptions('sample=i' => \$sample, 'seed=i' => \$seed, 'jobs=i' => \$jobs, 'file=s' => \$only, 'work=s' => \$work,
           'keep' => \$keep, 'list' => \$list)
  or die "usage: reach.pl [--sample N] [--seed S] [--jobs N] [--file NAME] [--work DIR] [--keep] [--list]\n";
my ($LIMIT, $BAR, $MEMORY) = (20, 95, 4_000_000); # seconds, per cent, KiB

sub read_file { my ($path) = @_; local (@ARGV, $/) = ($path); return scalar <> }

sub write_file {
    my ($path, $text) = @_;
    open my $out, '>', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}

# ---- Which mutants. -------------------------------------------------------------------------------------------------
my (%reason, %stale);
for (split /\n/, read_file("$FindBin::Bin/equivalent.txt")) {
    next if /^\s*(#|$)/;
    my @parts = split / ## /;
    @parts == 5 or die "equivalent.txt:\n$_\n  needs: file ## change ## number ## line ## reason\n";
    $reason{ join ' ## ', @parts[0 .. 3] } = $parts[4];
}
chdir "$FindBin::Bin/../..";
my @all = map { mutants($_, read_file($_)) } grep { $_ =~ /\Q$only\E/ } sort glob 'sim/reach/*.c';
my %known = map { mutant_key($_) => 1 } @all;
my @equivalent = grep { $reason{ mutant_key($_) } } @all;
my @chosen = grep { !$reason{ mutant_key($_) } } @all;
printf "%d mutants of sim/reach, %d of them known to behave alike\n", scalar @all, scalar @equivalent;
if (!$only) { print "equivalent.txt: there is no more $_\n" for grep { !$known{$_} } sort keys %reason }

# Fisher-Yates with a generator of our own: the same sample on every machine.
my $state = $seed * 2 + 1;
sub below { my ($n) = @_; $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $n }
for (my $i = $#chosen ; $i > 0 ; $i--) {
    my $k = below($i + 1);
    @chosen[$i, $k] = @chosen[$k, $i];
}
$#chosen = $sample - 1 if $sample > 0 && $sample < @chosen;
@chosen = sort { $a->{file} cmp $b->{file} || $a->{from} <=> $b->{from} } @chosen;
if ($list) { print mutant_key($_), "\n" for @chosen; exit 0 }

# ---- The copy, with one library that every test program loads. -------------------------------------------------------
$work ||= tempdir(CLEANUP => !$keep);
make_path($work);
system("cp -r --preserve=timestamps Makefile sim tests render patterns $work/") == 0 or die "cannot copy the tree\n";
chdir $work or die "$work: $!\n";
my $compiler = $ENV{CC} // 'gcc';
my @tests = grep { /\.c$/ } glob 'tests/unit/reach/test_*.c tests/verdicts/test_*.c';
my @support = grep { !m{/test_} } glob 'tests/unit/reach/*.c tests/verdicts/*.c';
my @make = ('make', '-s', '-k', 'BUILD=b', "CC=$compiler", 'WERROR=', 'OPT=-O1 -fPIC', 'CFLAGS=-g0 -w', "-j$jobs",
            'LAX=' . ($ENV{LAX} // ''));
open my $said, '>&', \*STDOUT or die $!;
open STDOUT, '>', 'build.log' or die "build.log: $!\n";
my $built = system(@make, 'b/libfaultline.a', 'b/libsupport.a', map { "b/obj/$_" =~ s/c$/o/r } @tests, @support);
open STDOUT, '>&', $said or die $!;
$built == 0 or die "the tree does not build\n";
my $libraries = `pkg-config --libs glib-2.0 igraph yaml-0.1 jansson` =~ s/\n//r . ' -lm';
my $includes = `pkg-config --cflags glib-2.0 igraph yaml-0.1 jansson` =~ s/\n//r;
my @objects = grep { $_ ne 'b/obj/sim/main.o' } split /\n/, `find b/obj/sim -name '*.o' | LC_ALL=C sort`;

# The library with one object in another's place.
sub link_library {
    my ($folder, $instead, $object) = @_;
    my @linked = map { $_ eq $instead ? $object : $_ } @objects;
    write_file("$folder/objects", join("\n", @linked) . "\n");
    return system("gcc -shared -Wl,-soname,libfaultline.so -o $folder/libfaultline.so \@$folder/objects $libraries 2>/dev/null") == 0;
}
make_path('plain');
link_library('plain', '', '') or die "the library cannot be linked\n";
my %program;
for my $test (@tests) {
    (my $folder = $test) =~ s{/[^/]+$}{};
    my @own = grep { -e } map { "b/obj/$_" =~ s/c$/o/r } grep { m{^\Q$folder\E/[^/]+$} } @support;
    unlink 'own.a';
    system("ar rcsD own.a @own") == 0 or die "ar: $test\n";
    $program{$test} = $test =~ s{/}{.}gr =~ s/\.c$//r;
    system("gcc -o $program{$test} @{[\"b/obj/$test\" =~ s/c$/o/r]} own.a b/libsupport.a plain/libfaultline.so $libraries "
           . ($ENV{LAX} ? '2>/dev/null' : '')) == 0
      or $ENV{LAX}
      or die "$test cannot be linked\n";
}

# Whether the test fails, or does not end, with that library.
sub fails {
    my ($test, $folder) = @_;
    return system("ulimit -v $MEMORY; ulimit -t $LIMIT; LD_LIBRARY_PATH=$folder LC_ALL=C.UTF-8 FAULTLINE_TESTS=tests "
                  . "timeout -k 1 @{[6 * $LIMIT]} ./$program{$test} --tap --seed R02S00000000000000000000000000000001 "
                  . ">$folder/said 2>&1 </dev/null") != 0;
}

# The quick ones first. What fails on the tree as it is proves nothing, and is left out.
my %seconds;
for my $test (@tests) {
    my $begin = time;
    if (fails($test, 'plain')) { print "left out, fails without any change: $test\n" }
    else                       { $seconds{$test} = time - $begin }
}
@tests = sort { $seconds{$a} <=> $seconds{$b} } keys %seconds;
printf "%d test programs, %.1f s together\n", scalar @tests, eval { my $sum = 0; $sum += $_ for values %seconds; $sum };

# ---- One mutant. ---------------------------------------------------------------------------------------------------
sub try_out {
    my ($mutant, $folder) = @_;
    my $text = read_file($mutant->{file});
    substr($text, $mutant->{from}, $mutant->{to} - $mutant->{from}) = $mutant->{with};
    write_file("$folder/mutant.c", $text);
    my $object = "b/obj/$mutant->{file}" =~ s/c$/o/r;
    system("$compiler -std=c17 -D_GNU_SOURCE -O1 -fPIC -g0 -w -ffp-contract=off -Isim $includes "
           . "-c -o $folder/mutant.o $folder/mutant.c 2>/dev/null") == 0
      or return 'does not compile';
    link_library($folder, $object, "$folder/mutant.o") or return 'does not compile';
    for my $test (@tests) { return "caught by $test" if fails($test, $folder) }
    return 'SURVIVED';
}

# Worker w takes every jobs-th mutant and writes its findings into a file of its own.
$| = 1;
my @children;
for my $w (0 .. $jobs - 1) {
    my $child = fork // die "fork: $!\n";
    if ($child) { push @children, $child; next }
    make_path("worker$w");
    open my $out, '>', "worker$w/findings" or die $!;
    $out->autoflush(1);
    for (my $i = $w ; $i < @chosen ; $i += $jobs) {
        my $finding = try_out($chosen[$i], "worker$w");
        print $out "$i\t$finding\n";
        print "$chosen[$i]{file}:$chosen[$i]{line}: $chosen[$i]{what}: $finding\n";
    }
    exit 0;
}
waitpid $_, 0 for @children;

# ---- The figure. ---------------------------------------------------------------------------------------------------
my (%finding, %count);
for my $w (0 .. $jobs - 1) {
    for (split /\n/, read_file("worker$w/findings") // '') {
        my ($i, $text) = split /\t/;
        $finding{$i} = $text;
    }
}
for my $i (sort { $a <=> $b } keys %finding) {
    my $file = $chosen[$i]{file};
    $count{$file}{ $finding{$i} =~ s/ by .*//r }++;
    $count{total}{ $finding{$i} =~ s/ by .*//r }++;
}
print "\n", sprintf("%-34s %7s %9s\n", 'file', 'caught', 'survived');
for my $file (grep({ $_ ne 'total' } sort keys %count), 'total') {
    printf "%-34s %7d %9d\n", $file, $count{$file}{caught} // 0, $count{$file}{SURVIVED} // 0;
}
print "\nsurvivors (file ## change ## number ## line):\n";
print mutant_key($chosen[$_]), "\n" for grep { $finding{$_} eq 'SURVIVED' } sort { $a <=> $b } keys %finding;
my ($caught, $survived) = map { $count{total}{$_} // 0 } 'caught', 'SURVIVED';
my $share = $caught + $survived > 0 ? 100 * $caught / ($caught + $survived) : 0;
printf "\n%.1f %% of %d mutants are caught (the bar: %d %%)\n", $share, $caught + $survived, $BAR;
exit($share >= $BAR ? 0 : 1);
