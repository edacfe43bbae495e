#!/usr/bin/env bash
# Rebuilds cnchar/models/correct: pretraining on raw text, then made errors and pairs. On two cores about ten hours; a run
# that was stopped goes on with `cnchar pretrain --resume` or `cnchar finetune correct --resume`.
#   DATA   raw/*.txt (unpacked) and csc/*.tsv of corpora/raw.toml, sighan_csc.toml and ecspell.toml
#   VOCAB  7,000 characters: cnchar build-vocab DATA/raw/*.txt --max-size 7000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
DATA=${DATA:-$root/../shared/data}
RAW=${RAW:-$root/../scratch/raw}
WORK=${WORK:-$root/../scratch/correct}
VOCAB=${VOCAB:-$WORK/vocab.txt}
OUT=${OUT:-$root/cnchar/models/correct}
VERSION=${VERSION:-6}

shopt -s extglob
raw=("$RAW"/!(classical__*).txt)
weights=()
pretraining=()
while read -r pattern share; do
    pretraining+=(--weight "$pattern=$share")
    weights+=(--weight "$pattern=$(python -c "print(round($share * 0.22, 4))")")
done <<'END'
* 1
*cctv* 0.3
*smile* 0.2
*niutrans* 0.4
*lawrefbook* 0.5
*hot_search* 0.6
*hot_hub* 0.6
END

[ -f "$WORK/base/config.json" ] || cnchar pretrain "${raw[@]}" --vocab "$VOCAB" --preset "$here/base.toml" \
    --objective masked --whole-words "${pretraining[@]}" -s mask_share=0.2 --max-chars 30M -o "$WORK/base"

pairs=()
for path in "$DATA"/csc/*train*.tsv; do pairs+=(--pairs "$path"); done
texts=()
for path in "${raw[@]}"; do texts+=(--train "$path"); done
# First briefly with the pairs as an eighth of the text, then as a third, then long with them as a seventh.
[ -f "$WORK/first/config.json" ] || cnchar finetune correct "${texts[@]}" "${pairs[@]}" --from "$WORK/base" \
    "${weights[@]}" --weight '*.train*.tsv=6' -s amp=bf16 -s max_steps=735 -s epochs=0 -o "$WORK/first"
[ -f "$WORK/second/config.json" ] || cnchar finetune correct "${texts[@]}" "${pairs[@]}" --from "$WORK/first" \
    "${weights[@]}" --weight '*.train*.tsv=25' -s amp=bf16 -s max_steps=1000 -s epochs=0 -s lr=0.0009 -s batch_chars=8192 -o "$WORK/second"
[ -f "$WORK/third/config.json" ] || cnchar finetune correct "${texts[@]}" "${pairs[@]}" --from "$WORK/second" \
    "${weights[@]}" --weight '*.train*.tsv=8' -s amp=bf16 -s max_steps=8400 -s epochs=0 -s lr=0.0015 -s decay=cosine -s lr_end=0.03 \
    -s warmup=200 -s batch_chars=8192 -s eval_every=1400 -s ema=0.998 -s weight_decay=0.05 -o "$WORK/third"
# Then deeper, in two processes: with twelve layers, with eighteen, with twenty-four, with thirty-two.
further() {  # FROM LAYERS STEPS OUT [DROPOUT [SETTINGS]]
    [ -f "$4.start/config.json" ] || python "$here/deepen.py" "$1" "$2" "$4.start" ${5+"$5"}
    [ -f "$4/config.json" ] || torchrun --nproc-per-node 2 -m cnchar finetune correct "${texts[@]}" "${pairs[@]}" \
        --from "$4.start" "${weights[@]}" --weight '*.train*.tsv=8' -s amp=bf16 -s max_steps="$3" -s epochs=0 -s lr=0.0015 \
        -s decay=cosine -s lr_end=0.02 -s warmup=200 -s batch_chars=8192 -s eval_every=$(($3 / 5)) -s ema=0.998 \
        -s weight_decay=0.05 -s threads=1 "${@:6}" -o "$4"
}
further "$WORK/third" 12 6000 "$WORK/twelve"
further "$WORK/twelve" 18 4300 "$WORK/eighteen" 0
further "$WORK/eighteen" 24 4250 "$WORK/twentyfour" 0 -s lr=0.0013 -s mask_share=0.1
further "$WORK/twentyfour" 32 3300 "$WORK/run" 0 -s lr=0.0013 -s mask_share=0.1
python "$here/ship.py" "$WORK/run" "$DATA" "$OUT" "$VERSION" "$WORK/twentyfour=0.4" "$WORK/eighteen=0.1"
python "$here/score.py" "$DATA" "$OUT"
