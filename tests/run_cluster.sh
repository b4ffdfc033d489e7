#!/bin/bash
# run_cluster.sh BUILD - a study in shards under Open MPI and under GNU parallel, one worker killed half-way, gone on
# with: the bytes of one process. What docs/cluster.md tells people to do, done here.
set -u
build=${1:-build}
program=$(realpath "$build/faultline")
export program
[ -x "$program" ] || { echo "there is no $program" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
small=tests/unit/study/small.yaml
export study="$small --event '{at: 3 min, fail: zone eu-west-1a, for: 3 min}' --set 'run.until=60 min' -n 240"
shards=4
failed=0
tell() { # STATUS WHAT
    if [ "$1" = 0 ]; then echo "ok - $2"; else echo "NOT OK - $2"; failed=1; fi
}
# One shard, as an engine starts it: leaves its process number where the test can find it.
cat >"$scratch/shard.sh" <<'SHARD'
#!/bin/bash
# shard.sh NUMBER SHARD
echo $$ >"$parts/pid.$1"
eval "exec $program run $study --shard $2 --resume '$parts/{shard}.part'"
SHARD
chmod +x "$scratch/shard.sh"

eval "$program run $study --format json" >"$scratch/one"

# Kills worker 2 as soon as it has finished something (a header alone is smaller), if that is within half a minute.
kill_second() {
    for ((i = 0; i < 3000; i++)); do
        [ "$(stat -c %s "$parts/2.part" 2>/dev/null || echo 0)" -lt 60000 ] || break
        sleep 0.01
    done
    kill -9 "$(cat "$parts/pid.2")"
}

try() { # NAME COMMAND...: runs with one worker killed, then again, and merges
    local name=$1
    shift
    export parts=$scratch/$name
    mkdir -p "$parts"
    kill_second &
    "$@" >"$scratch/out" 2>&1
    local first=$?
    wait
    [ $first != 0 ]
    tell $? "$name: one worker was killed, and the engine noticed (exit $first)"
    "$program" merge "$parts"/*.part >/dev/null 2>"$scratch/err"
    [ $? = 2 ] && grep -q 'missing' "$scratch/err"
    tell $? "$name: merge says $(sed -n 's/.*merge: \(.*missing: [0-9 toand,]*\) .*/\1/p' "$scratch/err")"
    "$@" >"$scratch/out" 2>&1
    tell $? "$name: started again, it goes on"
    "$program" merge "$parts"/*.part --format json >"$scratch/merged"
    cmp -s "$scratch/one" "$scratch/merged"
    tell $? "$name: merged, the bytes of one process"
}

mpi() {
    # shellcheck disable=SC2016
    mpirun --allow-run-as-root --oversubscribe -n $shards -x parts -x program -x study \
        bash -c '"$0" $((OMPI_COMM_WORLD_RANK + 1)) auto' "$scratch/shard.sh"
}
gnu_parallel() { seq $shards | parallel --will-cite -j 2 "$scratch/shard.sh" '{}' "{}/$shards"; }

try open-mpi mpi
try gnu-parallel gnu_parallel
exit $failed
