#!/usr/bin/env bash
# Rebuilds cnchar/models/segment-fast from its corpora: `make models` runs this. On two cores labelling takes most of it.
#   DATA  the corpora, laid out as corpora/README.md says (default ../shared/data beside the repository)
#   WORK  where what is made on the way is kept; what is there already is not made again (default ../scratch/segment-fast)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
DATA=${DATA:-$root/../shared/data}
WORK=${WORK:-$root/../scratch/segment-fast}
OUT=${OUT:-$root/cnchar/models/segment-fast}
VERSION=${VERSION:-1}

if [ ! -d "$DATA/cws" ]; then
    echo "segment-fast needs the corpora of corpora/*.toml (PFR, UD GSDSimp, THUOCL, raw text) under DATA=$DATA." >&2
    exit 2
fi
mkdir -p "$WORK"
cd "$here"
python "$root/corpora/check.py" "$DATA"
[ -f "$WORK/domains.tsv" ] || python sample.py "$DATA/raw" "$WORK"
[ -f "$WORK/ud_gsdsimp.train.txt" ] || python gold_text.py "$DATA/cws" "$WORK"

# The teachers' dependencies clash with ours, so they have an environment of their own.
if [ ! -x "$WORK/teachers/bin/python" ]; then
    python3 -m venv "$WORK/teachers"
    "$WORK/teachers/bin/pip" install -qq 'setuptools<70' wheel cython numpy
    "$WORK/teachers/bin/pip" install -qq --no-build-isolation --no-deps minlp-tokenizer==3.2.2 pkuseg==0.0.25
    "$WORK/teachers/bin/pip" install -qq -r teachers.txt
fi
export OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 TF_ENABLE_ONEDNN_OPTS=0
label() { # TEACHER
    for text in pfr199801.train ud_gsdsimp.train pieces; do
        [ -f "$WORK/$text.$1.tags" ] && continue
        "$WORK/teachers/bin/python" label.py "$1" <"$WORK/$text.txt" >"$WORK/$text.$1.tmp"
        mv "$WORK/$text.$1.tmp" "$WORK/$text.$1.tags"
    done
}
label minlp &
(label rjieba && label wapic && label pkuseg)
wait

python build.py "$WORK" "$DATA" "$OUT" "$VERSION"
python score.py "$DATA" "$OUT"
