#!/bin/bash
# cluster.t - the recipes of docs/cluster.md, word for word, in the environment that each engine makes.
#
# S, the image's entry point and the folder are put in; the engines are played by their variables. tests/run_cluster.sh
# has real ones.
set -u
. tests/cli/tap.sh
page=docs/cluster.md
small="$PWD/tests/unit/study/small.yaml --patterns $PWD/patterns"
small="$small --event '{at: 3 min, fail: zone eu-west-1a, for: 3 min}'"
ln -s "$program" "$scratch/faultline"
# The lines of the page's blocks under a heading, with our study in them.
recipe() { # HEADING
    awk -v heading="$1" '/^```/ { block = !block; next }
        /^#/ && !block { here = $0 ~ "^#+ " heading "$" }
        here && block' "$page" |
        sed -e "s#/study/##; s/-n 10*\b/-n 12/; s/\"10*\"/\"12\"/"
}
run() { # COMMAND: in the scratch folder, with the program at hand
    (cd "$scratch" && mkdir -p parts && eval "PATH=$scratch:\$PATH; ${1//run S/run $small}") \
        >"$scratch/out" 2>"$scratch/err"
}
merged() { # WHAT
    "$program" merge "$scratch"/parts/*.part --format json >"$scratch/merged" 2>"$scratch/err"
    cmp -s "$scratch/merged" "$scratch/one"
    tell $? "$1: merged, the bytes of one process"
    rm -rf "$scratch/parts"
}
eval "$program run $small -n 12 --format json" >"$scratch/one"

mapfile -t lines < <(recipe 'One machine')
tell $((${#lines[@]} < 3)) 'the page says how on one machine'
for line in "${lines[@]}"; do
    line=${line/within 5 %/within 20 %}
    run "$line"
    tell $? "$line"
done

mkdir -p "$scratch/parts"
line=$(recipe 'GNU parallel' | sed -n 's/.*parallel -j 4 "\(.*\)"/\1/p')
for k in 1 2 3 4 5 6 7 8; do run "${line//\{\}/$k}"; done
tell $? "$line"
merged 'GNU parallel'

line=$(recipe 'Open MPI' | sed -n 's/^mpirun -n 8 //p')
for k in 0 1 2 3 4 5 6 7; do run "export OMPI_COMM_WORLD_RANK=$k OMPI_COMM_WORLD_SIZE=8; $line"; done
tell $? "$line"
merged 'Open MPI'

line=$(recipe Slurm | sed -n 's/^exec //p')
export SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=100 SLURM_ARRAY_TASK_STEP=1
tell $(($(recipe Slurm | grep -c -- '--array=1-100$') != 1)) 'the Slurm recipe has an array of 100'
for k in {1..12} 100; do run "export SLURM_ARRAY_TASK_ID=$k; $line"; done
tell $? "$line"
merged Slurm
unset SLURM_ARRAY_TASK_MIN SLURM_ARRAY_TASK_COUNT SLURM_ARRAY_TASK_STEP

line=$(recipe Kubernetes | sed -n 's/^ *args: \[\(.*\)\]/faultline \1/p' | tr -d '",')
count=$(recipe Kubernetes | sed -n 's/.*name: JOB_COMPLETIONS, value: "\([0-9]*\)".*/\1/p')
tell $(($(recipe Kubernetes | sed -n 's/ *completions: //p') != count)) 'the Kubernetes recipe says twice how many'
for ((k = 0; k < count; k++)); do run "export JOB_COMPLETION_INDEX=$k JOB_COMPLETIONS=$count; $line"; done
tell $? "$line"
merged Kubernetes

line=$(recipe 'AWS Batch' | sed -n 's/.*"command": \[\(.*\)\].*/faultline \1/p' | tr -d '",')
count=$(recipe 'AWS Batch' | sed -n 's/.*size=\([0-9]*\).*/\1/p')
for ((k = 0; k < 12; k++)); do run "export AWS_BATCH_JOB_ARRAY_INDEX=$k AWS_BATCH_JOB_ARRAY_SIZE=$count; $line"; done
tell $? "$line"
merged 'AWS Batch'
echo "1..$tests"
