#!/bin/bash
# parallel.t - workers, kills, files of parts and shards give the bytes of one process; and what refuses to, says why.
set -u
. tests/cli/tap.sh
small=tests/unit/study/small.yaml
options=(--event '{at: 3 min, fail: zone eu-west-1a, for: 3 min}' --format json)
same() { cmp -s "$scratch/out" "$scratch/$1"; }
run() { "$program" run "$small" "${options[@]}" "$@"; }

# ---- workers
run >"$scratch/one"
for jobs in 1 2 3 auto; do
    check "--jobs $jobs" 0 run --jobs $jobs
    holds '... has the bytes of one process' same one
done
check 'a record, too' 0 run --jobs 2 -o "$scratch/two"
run -o "$scratch/made" >/dev/null
holds '... has the bytes of one process' cmp -s "$scratch/two/record.json" "$scratch/made/record.json"
check 'no workers at all is a mistake' 2 run --jobs 0
holds '... and says which' says err '--jobs 0: too small'

# ---- what a reader can do with a record
check 'verify a record' 0 "$program" verify "$scratch/made/record.json" --jobs 2
holds '... from another folder, where there are no patterns' bash -c \
    "program=\$(realpath $program) && cd $scratch && \"\$program\" verify made/record.json >/dev/null"
check 'verify a report' 0 "$program" verify "$scratch/one"
sed 's/"arrived": \([0-9]*\)/"arrived": 1\1/' "$scratch/one" >"$scratch/bent"
check 'verify a report with another number in it' 1 "$program" verify "$scratch/bent"
holds '... names it' says out 'visitors: arrived'
sed 's/per: zone/per: region/; s/count: {min: 2/count: {min: 1/' "$scratch/one" >"$scratch/bent"
check 'verify a report with other inputs in it' 2 "$program" verify "$scratch/bent"
holds '... says so' says err 'somebody has changed them'
sed 's/"version": "/"version": "9/' "$scratch/one" >"$scratch/bent"
check 'verify a report of another version' 2 "$program" verify "$scratch/bent"
check 'verify what is no report' 2 "$program" verify $small
run --set 'run.until=9 min' >"$scratch/other"
check 'diff of the same' 0 "$program" diff "$scratch/one" "$scratch/one"
check 'diff of others' 1 "$program" diff "$scratch/one" "$scratch/other"
holds '... fits 80 columns' awk 'length > 80 { exit 1 }' "$scratch/out"
check 'diff for programs' 1 "$program" diff "$scratch/one" "$scratch/other" --format json
holds '... is JSON' python3 -m json.tool "$scratch/out" /dev/null
check 'diff of a report and a record' 2 "$program" diff "$scratch/one" "$scratch/made/record.json"

# ---- stop rule
check 'until sure enough' 0 run -n 200 --until 'sessions within 3 %' --jobs 2
cp "$scratch/out" "$scratch/until"
enough=$(sed -n 's/^sure enough after \([0-9]*\) replications.*/\1/p' "$scratch/err")
check '... is the run of that many' 0 run -n "${enough:-1}"
holds '... to the byte' same until
check 'never sure enough' 1 run -n 25 --until 'sessions within 0.001 %'
holds '... is said' says err 'not sure enough after 25'
check 'a rule about nothing' 2 run --until 'sesions within 5 %'
holds '... suggests something' says err "did you mean 'sessions'"
check 'a rule without a width' 2 run --until 'sessions'

# ---- files of parts
check 'keep parts' 0 run --save "$scratch/a.part"
holds '... has the bytes of one process' same one
check 'not over a file that is there' 2 run --save "$scratch/a.part"
check 'go on with a finished one' 0 run --resume "$scratch/a.part"
holds '... has the bytes of one process' same one
cp "$scratch/a.part" "$scratch/more.part"
run -n 15 >"$scratch/fifteen"
check 'go on to more than there were' 0 run -n 15 --resume "$scratch/more.part" --jobs 2
holds '... has the bytes of one process' same fifteen
check '... merged' 0 "$program" merge "$scratch/more.part" --format json
holds '... has them, too' same fifteen
check '... not with those of fewer' 2 "$program" merge "$scratch/more.part" "$scratch/a.part"
check 'go on with other inputs' 2 run --resume "$scratch/a.part" --seed 6
holds '... says which' says err 'seed 5, not 6'
check 'nor both' 2 run --resume "$scratch/a.part" --save "$scratch/b.part"
check 'no room' 3 run --resume /dev/full
check 'an unwritable folder' 3 run --save /proc/nowhere/a.part
holds '... says which' says err 'nowhere'
check 'a full standard output' 3 bash -c "'$program' run $small >/dev/full"
check 'a closed standard output' 3 bash -c "'$program' run $small >&-"

# ---- kill -9 at any moment: what is left is gone on with, to the same bytes
long=(--set 'run.until=60 min' -n 60)
run "${long[@]}" >"$scratch/whole"
rounds=10
[ -z "${FAULTLINE_LONG:-}" ] || rounds=100
wrong=0 killed=0
RANDOM=7
for ((round = 0; round < rounds; round++)); do
    rm -f "$scratch/k.part"
    for kill in 1 2; do
        "$program" run "$small" "${options[@]}" "${long[@]}" --jobs $((1 + round % 3)) --resume "$scratch/k.part" \
            >/dev/null 2>&1 &
        victim=$!
        sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
        kill -9 $victim 2>/dev/null && killed=$((killed + 1))
        wait $victim 2>/dev/null
    done
    run "${long[@]}" --jobs 2 --resume "$scratch/k.part" >"$scratch/out" 2>"$scratch/err" || wrong=$((wrong + 1))
    same whole || wrong=$((wrong + 1))
done
tell $((wrong > 0)) "$rounds times killed twice and gone on: the same bytes ($killed kills, $wrong wrong)"
holds 'most of them were killed in time' test $killed -gt $rounds

# ---- workers go with their parent, whatever they are at
"$program" run "$small" "${options[@]}" --set 'run.until=20000 h' --jobs 2 >/dev/null 2>&1 &
victim=$!
for ((i = 0; i < 1000; i++)); do
    read -r -a workers <"/proc/$victim/task/$victim/children"
    [ ${#workers[@]} -lt 2 ] || break
    sleep 0.01
done
kill -9 $victim
wait $victim 2>/dev/null
for ((i = 0; i < 200; i++)); do
    kill -0 "${workers[0]}" 2>/dev/null || kill -0 "${workers[1]}" 2>/dev/null || break
    sleep 0.01
done
holds 'two workers went with their killed parent' test $i -lt 200 -a ${#workers[@]} = 2

# ---- ^C keeps what is finished
stopped() { # SIGNAL: sent as soon as something is finished
    rm -f "$scratch/i.part"
    "$program" run "$small" "${options[@]}" "${long[@]}" -n 100000 --jobs 2 --save "$scratch/i.part" &
    local victim=$!
    for ((i = 0; i < 1000; i++)); do
        [ "$(stat -c %s "$scratch/i.part" 2>/dev/null || echo 0)" -lt 200000 ] || break
        sleep 0.01
    done
    kill -s "$1" $victim
    wait $victim
}
check '^C' 130 stopped INT
holds '... says so' says err 'interrupted'
holds '... and how to go on' says err '--resume goes on'
check 'a polite kill' 130 stopped TERM
holds '... reports what there is' says out '"replications"'

# ---- shards
for shard in 1 2 3; do
    check "shard $shard of 3" 0 run --shard $shard/3 --save "$scratch/s-{shard}.part" --jobs $shard
done
check 'merged' 0 "$program" merge "$scratch"/s-[123].part --format json
holds '... has the bytes of one process' same one
check 'merged in any order, with a record' 0 "$program" merge "$scratch"/s-{3,1,2}.part -o "$scratch/merged"
holds '... has the bytes of one process' cmp -s "$scratch/merged/record.json" "$scratch/made/record.json"
check 'a part is missing' 2 "$program" merge "$scratch"/s-{1,3}.part
holds '... says which' says err '4 of 12 replications are missing: 4 to 7'
check 'a part is there twice' 2 "$program" merge "$scratch"/s-{1,2,3}.part "$scratch/a.part"
holds '... says which' says err 'replication 0 is in'
run --seed 6 --shard 2/3 --save "$scratch/t.part" 2>/dev/null
check 'a part of another seed' 2 "$program" merge "$scratch"/s-1.part "$scratch/t.part" "$scratch"/s-3.part
holds '... says so' says err 'seed 6, not 5'
head -c -5 "$scratch/s-2.part" >"$scratch/torn.part"
check 'a torn part' 2 "$program" merge "$scratch"/s-{1,3}.part "$scratch/torn.part"
holds '... says which is missing' grep -q '1 of 12 replications are missing: [4-7] ' "$scratch/err"
check 'run again alone' 0 run --shard 2/3 --resume "$scratch/torn.part"
check '... it is whole' 0 "$program" merge "$scratch"/s-{1,3}.part "$scratch/torn.part" --format json
holds '... with the bytes of one process' same one
check 'no part file' 2 "$program" merge $small
check 'a shard that goes nowhere' 2 run --shard 1/3
check 'a shard that is none' 2 run --shard 4/3 --save "$scratch/x.part"

# ---- as clusters say it
auto() { # WHAT VARIABLE...
    local what=$1
    shift
    rm -f "$scratch/auto.part"
    check "$what" 0 env "$@" "$program" run "$small" "${options[@]}" --shard auto --save "$scratch/auto.part"
    holds '... is the second of three' cmp -s "$scratch/auto.part" "$scratch/s-2.part"
}
run --shard 2/3 --save "$scratch/one-job.part" 2>/dev/null && mv "$scratch/one-job.part" "$scratch/s-2.part"
auto 'Open MPI' OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=3
auto 'a Slurm array' SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=3
auto 'a Kubernetes indexed job' JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=3
auto 'an AWS Batch array' AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=3
check 'none of them' 2 run --shard auto --save "$scratch/x.part"
holds '... names the variables' says err OMPI_COMM_WORLD_RANK
check 'a Kubernetes job that does not say how many' 2 env JOB_COMPLETION_INDEX=1 "$program" run $small --shard auto \
    --save "$scratch/x.part"
holds '... says which variable to set' says err 'JOB_COMPLETIONS is not'
check 'two of them' 2 env JOB_COMPLETION_INDEX=1 SLURM_ARRAY_TASK_ID=1 "$program" run $small --shard auto \
    --save "$scratch/x.part"
holds 'none of these left a file' test ! -e "$scratch/x.part"
echo "1..$tests"
