#!/usr/bin/perl
# purity.t - nothing from outside decides a result: no clock, no environment, no locale, no foreign last bit, no hash
# order; and no call that C's own history warns of. Rows: what, where it is looked for, where it is at home, why.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my $source = qr{^(sim|render)/.*\.(c|h|def)$};
my $nowhere = qr{^$};
my $edge = qr{^sim/main\.c$|^sim/commands/|^render/main\.c$}; # the edge of the program, where people and files are
sub call { my $names = join '|', @_; return qr/(?<![\w.]|->)($names)\s*\(/ }

my @rules = (
    ['numbers are read by base/quantity only', $source, $nowhere,
        call(qw(strto(?:d|f|ld|l|ll|ul|ull|imax|umax) ato[ifl] atoll v?f?s?scanf g_strtod g_ascii_strto(?:ll|ull))),
        'takes nan, hex, signs and locale commas: quantity_parse does not'],
    ['no unbounded string calls', $source, $nowhere, call(qw(v?sprintf strn?cpy strn?cat gets strtok alloca stpcpy)),
        'does not know how much room there is'],
    ['randomness is named', $source, $nowhere,
        call(qw(rand srand random srandom rand_r [dlmnj]rand48 getrandom getentropy arc4random g_rand\w* g_random\w*
                g_uuid\w* igraph_rng\w*)), 'is not a function of seed, name and number: luck.h is'],
    ['no clock, no environment', $source, $edge,
        call(qw(time gettimeofday clock clock_gettime ftime localtime(?:_r)? gmtime(?:_r)? mktime strftime
                g_get_real_time g_get_monotonic_time g_date_time_new_now\w* g_timer\w+ getenv secure_getenv g_getenv
                gethostname uname getpid g_get_host_name g_get_user_name g_get_home_dir g_get_current_dir getcwd
                realpath)), 'differs from run to run or machine to machine'],
    ['no locale', $source, $nowhere, call(qw(setlocale newlocale uselocale localeconv nl_langinfo strcoll strxfrm
                g_utf8_collate\w* gettext)), 'makes numbers or order depend on the user'],
    ['no libm whose last bit differs', $source, $nowhere,
        call(map { "${_}[fl]?" } qw(log log2 log10 log1p exp exp2 expm1 pow cbrt hypot sin cos tan asin acos atan atan2
                sinh cosh tanh asinh acosh atanh erf erfc tgamma lgamma fma)),
        'differs between C libraries: base/xmath.h does not'],
    ['no threads', $source, $nowhere,
        qr/\b(pthread_\w+|g_thread_\w+|g_mutex_\w+|thrd_\w+|_Thread_local|__thread|_Atomic)\b/,
        'parallel runs are processes'],
    ['no g_error for mistakes', $source, $nowhere, call(qw(g_error g_assert\w* assert g_return_if_fail
                g_return_val_if_fail)), 'is neither a diagnostic nor BUG_IF'],
    ['one exit', $source, qr{^(sim|render)/main\.c$}, call(qw(exit quick_exit)), 'belongs to main.c'],
    ['one abort', $source, qr{^sim/base/bug\.c$}, call(qw(abort)), 'belongs to BUG_IF'],
    ['failover and loss are only counted in measure/', qr{^sim/.*\.(c|h|def)$}, qr{^sim/(measure|report)/},
        qr/\b(\w*failover\w*|(?:\w*_)?lost(?:_\w*)?|\w*(?:[a-z]Lost|Lost[A-Z])\w*|Lost)\b/i,
        'is a word of measure/: elsewhere there are only events'],
);
for my $rule (@rules) {
    my ($name, $where, $home, $pattern, $why) = @$rule;
    my @wrong;
    for my $path (files($where)) {
        next if $path =~ $home;
        my $number = 0;
        for (split /\n/, code($path)) {
            $number++;
            next if /^\s*#\s*include/;
            while (/$pattern/g) {
                my $token = $1;
                push @wrong, "$path:$number: $token $why" unless excepted($path, $token);
            }
        }
    }
    rule($name, @wrong);
}

# The order of a hash table is the order of addresses: to walk one is fine only where order cannot be seen, said so.
my @walks;
for my $path (files($source)) {
    my @raw = lines($path);
    my $number = 0;
    for (split /\n/, code($path)) {
        next unless $raw[$number++] =~ /g_hash_table/;
        next unless /\b(g_hash_table_(?:foreach\w*|iter_init|get_keys\w*|get_values\w*|find|remove_all_if))\s*\(/;
        push @walks, "$path:$number: $1 shows hash order; sort, or say why not: /* order-free: ... */"
            unless $raw[$number - 1] =~ m{/\* order-free: \S};
    }
}
rule('no hash order', @walks);
finish();
