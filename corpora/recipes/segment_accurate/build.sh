#!/usr/bin/env bash
# Rebuilds cnchar/models/segment-accurate: `make models` runs this after segment-fast, whose tables and labelled raw text
# it needs. On two cores: a minute to prepare, about 40 minutes to train; stopped, it goes on where it was.
#   DATA, WORK  as in segment_fast/build.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
DATA=${DATA:-$root/../shared/data}
WORK=${WORK:-$root/../scratch/segment-fast}
FAST=${FAST:-$root/cnchar/models/segment-fast}
OUT=${OUT:-$root/cnchar/models/segment-accurate}
VERSION=${VERSION:-1}

if [ ! -f "$WORK/labelled.soft.npy" ]; then
    echo "segment-accurate needs the raw text that segment_fast/build.sh labels in WORK=$WORK: run that first." >&2
    exit 2
fi
cd "$here"
[ -f "$WORK/accurate.lengths.npy" ] || python prepare.py "$WORK" "$DATA" "$FAST"
python train.py "$WORK" "$DATA" "$FAST" "$WORK/accurate" max_chars=80000000
python ship.py "$FAST" "$WORK/accurate" "$OUT" "$VERSION"
python ../segment_fast/score.py "$DATA" "$OUT"
