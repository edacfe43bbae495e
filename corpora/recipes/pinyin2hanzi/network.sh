#!/usr/bin/env bash
# Trains the network of cnchar/models/pinyin2hanzi and puts it beside the tables of build.sh: an hour and a half on one core.
#   DATA, WORK  as in build.sh; OUT  the whole bundle (default $WORK/pinyin2hanzi)
#   WEIGHT      of the network's scores beside the tables', as weigh.py shows it to be best
# A run that was stopped goes on with `cnchar pretrain --resume $WORK/network`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
DATA=${DATA:-$root/../shared/data}
WORK=${WORK:-$root/../scratch/pinyin2hanzi}
OUT=${OUT:-$WORK/pinyin2hanzi}
WEIGHT=${WEIGHT:-0.5}

cd "$here"
mapfile -t files < <(ls "$DATA"/raw/*__*.txt.xz "$WORK"/more/*.txt | grep -v /classical__)  # another language
[ -f "$WORK/context.txt" ] || cnchar build-vocab "${files[@]}" --max-size 3505 -o "$WORK/context.txt"
if [ ! -d "$WORK/network" ]; then
    cnchar pretrain "${files[@]}" --objective pinyin --vocab "$WORK/context.txt" -o "$WORK/network" --max-chars 97M \
        --weight 'news__cctv*=0.3' --weight 'news__pfr*=3' --weight 'dialogue__smile*=0.2' \
        --weight 'literature__niutrans*=0.4' --weight 'law__lawrefbook*=0.5' --weight 'qa__zhihu_hot_hub*=0.7' \
        --set amp=bf16 --set threads=1 --device cpu
fi
python weigh.py "$WORK/tables" "$WORK/network" "$WORK"/held_out/*.a.tsv
python join.py "$WORK/tables" "$WORK/network" "$OUT" "$WEIGHT"
python measure.py "$DATA" "$OUT"
