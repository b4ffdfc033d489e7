#!/usr/bin/perl
# reach.pl - breaks sim/reach in many small ways, one at a time, and counts how many of them the tests of reach/ notice.
#
#   tests/mutation/reach.pl [--sample N] [--seed S] [--jobs N] [--file NAME,...] [--work DIR] [--keep] [--list]
#
# Works on a copy of the tree. Each mutant is compiled into a small library that is loaded before the whole one and so
# takes its file's place, and given to the programs of tests/unit/reach and tests/verdicts, 20 s of processor time at
# most, until one of them fails. Asked are those that run the line at all (as gcov saw it), first those that caught most
# in the same file by the second. Mutants in equivalent.txt behave alike and are not counted; each has its reason there.
# Exit 1: fewer than 95 % of those that were tried are caught.
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
  or die "usage: reach.pl [--sample N] [--seed S] [--jobs N] [--file NAME,...] [--work DIR] [--keep] [--list]\n";
my ($LIMIT, $BAR, $MEMORY, $TWINS) = (20, 95, 2_000_000, 1500); # seconds, per cent, KiB, networks for a slow twin

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
if (!$list) { # a copy, so that nobody edits what is being broken
    $work ||= tempdir(CLEANUP => !$keep);
    make_path($work);
    system("rm -rf $work/sim $work/tests && cp -r --preserve=timestamps Makefile sim tests render patterns $work/") == 0
      or die "cannot copy the tree\n";
    chdir $work or die "$work: $!\n";
}
my $wanted = join '|', map { quotemeta } split /,/, $only; # of everything when none is named
my @all = map { mutants($_, read_file($_)) } grep { /$wanted/ } sort glob 'sim/reach/*.c';
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
if ($list) { print mutant_key($_), "\n" for @chosen; exit 0 }

# ---- One library that every test program loads. -------------------------------------------------------
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
my $includes = '-I. -Isim ' . `pkg-config --cflags glib-2.0 igraph yaml-0.1 jansson` =~ s/\n//r;
my $flags = '-std=c17 -D_GNU_SOURCE -fPIC -g0 -w -ffp-contract=off';
my @objects = grep { $_ ne 'b/obj/sim/main.o' } split /\n/, `find b/obj/sim -name '*.o' | LC_ALL=C sort`;

# The library made of these objects.
sub link_library {
    my ($folder, @linked) = @_;
    make_path($folder);
    write_file("$folder/objects", join("\n", @linked) . "\n");
    return system("gcc -shared -Wl,-soname,libfaultline.so -o $folder/libfaultline.so \@$folder/objects $libraries "
                  . '2>/dev/null') == 0;
}
link_library('plain', @objects) or die "the library cannot be linked\n";
my %program;
for my $test (@tests) {
    (my $folder = $test) =~ s{/[^/]+$}{};
    my @own = grep { -e } map { "b/obj/$_" =~ s/c$/o/r } grep { m{^\Q$folder\E/[^/]+$} } @support;
    unlink 'own.a';
    system("ar rcsD own.a @own") == 0 or die "ar: $test\n";
    $program{$test} = $test =~ s{/}{.}gr =~ s/\.c$//r;
    my $object = "b/obj/$test" =~ s/c$/o/r;
    system("gcc -o $program{$test} $object own.a b/libsupport.a plain/libfaultline.so $libraries "
           . ($ENV{LAX} ? '2>/dev/null' : '')) == 0
      or $ENV{LAX}
      or die "$test cannot be linked\n";
}

# Whether the test fails, or does not end within so many seconds, with what is set before it.
sub fails {
    my ($test, $set, $folder, $limit, $twins) = @_;
    $twins //= $TWINS;
    return system("ulimit -v $MEMORY; ulimit -t $limit; $set LC_ALL=C.UTF-8 FAULTLINE_TESTS=tests TWIN_NETWORKS=$twins "
                  . "timeout -k 1 @{[6 * $limit]} ./$program{$test} --tap --seed R02S00000000000000000000000000000001 "
                  . ">$folder/said 2>&1 </dev/null") != 0;
}

sub processor { my @used = times; return $used[2] + $used[3] } # of children, in seconds

# What fails on the tree as it is proves nothing, and is left out.
my %seconds;
for my $test (@tests) {
    my $begin = processor();
    my $failed = fails($test, 'LD_LIBRARY_PATH=plain', 'plain', 6 * $LIMIT);
    if ($failed) { print "left out, fails without any change: $test\n" }
    else         { $seconds{$test} = processor() - $begin + 0.01 }
}
@tests = sort { $seconds{$a} <=> $seconds{$b} } keys %seconds;
printf "%d test programs, %.1f s together\n", scalar @tests, eval { my $sum = 0; $sum += $_ for values %seconds; $sum };

# ---- Which lines each test runs. -------------------------------------------------------------------------------------
my %files = map { $_->{file} => 1 } @chosen;
my @counting = sort keys %files;
my %runs; # file, line, test: so often; a line without code has no entry
for my $file (@counting) {
    my $object = "cover/$file" =~ s/c$/o/r;
    make_path($object =~ s{/[^/]+$}{}r);
    system("gcc -std=c17 -D_GNU_SOURCE -O1 -fno-inline -fPIC -g0 -w --coverage $includes -c -o $object $file") == 0
      or die "$file does not compile\n";
}
link_library('cover', '--coverage', map { $files{ s{^b/obj/}{}r =~ s/o$/c/r } ? s{^b/obj/}{cover/}r : $_ } @objects)
  or die "the counting library cannot be linked\n";
my $here = `pwd` =~ s/\n//r;
for my $test (@tests) {
    unlink glob 'cover/sim/reach/*.gcda';
    fails($test, 'LD_LIBRARY_PATH=cover', 'cover', 6 * $LIMIT, $TWINS / 10);
    for my $file (@counting) {
        my $base = "cover/$file" =~ s/\.c$//r;
        next unless -e "$base.gcda";
        for (split /\n/, `gcov -t -o $base.o $file 2>/dev/null`) {
            my ($count, $line) = /^\s*([0-9#=*]+|-):\s*(\d+):/ or next;
            next if $line == 0 || $count eq '-';
            $runs{$file}{$line}{$test} = 1 if $count =~ /^[1-9]/;
            $runs{$file}{$line} //= {};
            $runs{$file}{any}{$test} = 1;
        }
    }
}

# The tests that run the mutant's line, those first that catch most by the second.
my (%tried, %catches);
sub tests_of {
    my ($mutant) = @_;
    my ($file, $line) = @$mutant{qw(file line)};
    my $all = $runs{$file}{$line} // $runs{$file}{any} // {};
    my $subject = $file =~ s{.*/|\.c$}{}gr;
    my %score = map {
        my ($t, $c) = ($tried{$file}{$_} // 0, $catches{$file}{$_} // 0);
        $_ => ($c + (/test_\Q$subject\E/ ? 2 : 0.5)) / ($t + 2) / ($seconds{$_} + 0.02);
    } keys %$all;
    return sort { $score{$b} <=> $score{$a} || $a cmp $b } keys %score;
}

# ---- One mutant. ---------------------------------------------------------------------------------------------------
# Read once for all: what the files of reach/ include.
write_file('all.h', join '', "#include <glib.h>\n", map { s{^sim/}{}r =~ s/.*/#include "$&"\n/r } glob 'sim/reach/*.h');
system("$compiler $flags -O1 $includes -x c-header -o all.h.gch all.h") == 0 or die "all.h\n";

sub try_out {
    my ($mutant, $folder) = @_;
    my $text = read_file($mutant->{file});
    substr($text, $mutant->{from}, $mutant->{to} - $mutant->{from}) = $mutant->{with};
    write_file("$folder/mutant.c", $text);
    my @asked = tests_of($mutant);
    return 'SURVIVED: no test runs the line' if !@asked;
    my $compile = "$compiler $flags -O1 $includes -include all.h -shared -o $folder/mutant.so $folder/mutant.c";
    system("$compile 2>/dev/null") == 0
      or return 'does not compile';
    my $file = $mutant->{file};
    for my $test (@asked) {
        my $limit = 2 + int(4 * $seconds{$test});
        $limit = $LIMIT if $limit > $LIMIT;
        $tried{$file}{$test}++;
        next unless fails($test, "LD_LIBRARY_PATH=plain LD_PRELOAD=./$folder/mutant.so", $folder, $limit);
        $catches{$file}{$test}++;
        return "caught by $test";
    }
    return 'SURVIVED';
}

# Worker w takes every jobs-th mutant and writes its findings into a file of its own.
$| = 1;
my ($started, $used, @children) = (time, processor());
for my $w (0 .. $jobs - 1) {
    my $child = fork // die "fork: $!\n";
    if ($child) { push @children, $child; next }
    make_path("worker$w");
    open my $out, '>', "worker$w/findings" or die $!;
    $out->autoflush(1);
    for (my $i = $w ; $i < @chosen ; $i += $jobs) {
        my $finding = try_out($chosen[$i], "worker$w");
        print $out "$i\t$finding\n";
        print "$chosen[$i]{file}:$chosen[$i]{line}: $chosen[$i]{what} ($chosen[$i]{number}): $finding\n";
    }
    exit 0;
}
waitpid $_, 0 for @children;
printf "\n%.2f s of processor time a mutant, %.2f s on the clock\n", (processor() - $used) / @chosen,
  (time - $started) / @chosen
  if @chosen;

# ---- The figure. ---------------------------------------------------------------------------------------------------
my (%finding, %count);
for my $w (0 .. $jobs - 1) {
    for (split /\n/, read_file("worker$w/findings") // '') {
        my ($i, $text) = split /\t/;
        $finding{$i} = $text;
    }
}
for my $i (keys %finding) {
    my $file = $chosen[$i]{file};
    my $kind = $finding{$i} =~ s/(?: by |:).*//r;
    $count{$_}{$kind}++ for $file, 'total';
}
print "\n", sprintf("%-34s %7s %9s\n", 'file', 'caught', 'survived');
for my $file (grep({ $_ ne 'total' } sort keys %count), 'total') {
    printf "%-34s %7d %9d\n", $file, $count{$file}{caught} // 0, $count{$file}{SURVIVED} // 0;
}
print "\nsurvivors (file ## change ## number ## line):\n";
print "$_\n" for sort map { mutant_key($chosen[$_]) } grep { $finding{$_} =~ /^SURVIVED/ } keys %finding;
my ($caught, $survived) = map { $count{total}{$_} // 0 } 'caught', 'SURVIVED';
my $share = $caught + $survived > 0 ? 100 * $caught / ($caught + $survived) : 0;
printf "\n%.1f %% of %d mutants are caught (the bar: %d %%)\n", $share, $caught + $survived, $BAR;
exit($share >= $BAR ? 0 : 1);
