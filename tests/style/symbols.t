#!/usr/bin/perl
# symbols.t - no mutable globals: what a function needs, it is handed. Looks at what was built, in $FAULTLINE_BUILD.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Tree;

my $build = $ENV{FAULTLINE_BUILD} // 'build';
my @sources = grep { -f "$build/obj/" . s/\.c$/.o/r } files(qr{^(sim|render)/.*\.c$});

# Read-only data are in .rodata, and in .data.rel.ro when they hold addresses. Anything else that lies in a data or bss
# section can change. objdump -t: value, flags, section, size, name.
my @wrong;
for my $path (@sources) {
    my $object = "$build/obj/" . ($path =~ s/\.c$/.o/r);
    open my $in, '-|', 'objdump', '-t', $object or die "objdump: $!\n";
    while (<$in>) {
        my ($flags, $section, $size, $name) = /^[0-9a-f]+ (.{7}) (\S+)\t([0-9a-f]+) +(.*)$/ or next;
        next unless $section =~ /^\.(?:data|bss|tdata|tbss)\b/ || $section eq '*COM*';
        next if $section =~ /^\.data\.rel\.ro/ || $flags =~ /d/ && $name eq $section;
        (my $plain = $name) =~ s/^(?:\.hidden )?//;
        $plain =~ s/\.\d+$//; # a static inside a function
        push @wrong, "$path:1: $plain is a mutable global" unless excepted($path, $plain);
    }
    close $in or die "objdump $object failed\n";
}
rule('objects to look at (make first)', @sources ? () : "$build/obj:1: nothing is built");
rule('no mutable globals', @wrong);
finish();
