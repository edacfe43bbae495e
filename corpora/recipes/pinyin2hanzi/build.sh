#!/usr/bin/env bash
# Rebuilds the tables of cnchar/models/pinyin2hanzi from raw text: 20 minutes and 12 GB of memory on one core.
#   DATA  the corpora, laid out as corpora/README.md says (default ../shared/data beside the repository)
#   WORK  where what is made on the way is kept (default ../scratch/pinyin2hanzi)
#   OUT   the bundle of the tables alone; network.sh trains the network and adds it (default $WORK/tables)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
DATA=${DATA:-$root/../shared/data}
WORK=${WORK:-$root/../scratch/pinyin2hanzi}
OUT=${OUT:-$WORK/tables}
VERSION=${VERSION:-2}

if [ ! -d "$DATA/raw" ]; then
    echo "pinyin2hanzi needs the raw text of corpora/raw.toml under DATA=$DATA." >&2
    exit 2
fi
mkdir -p "$WORK"
cd "$here"
python -c 'import rjieba' 2>/dev/null || { echo "pip install rjieba==0.2.2, which cuts the text." >&2; exit 2; }
[ -d "$WORK/held_out" ] || python held_out.py "$DATA/raw" "$WORK/held_out" "$DATA/p2h/aishell.dev.tsv"
[ -f "$WORK/more/news__pfr199801.txt" ] || python newspaper.py "$DATA" "$WORK/more/news__pfr199801.txt"
[ -f "$WORK/words.tsv" ] || python cut.py "$DATA/raw" "$WORK"
[ -f "$WORK/borders.weights.npy" ] || python counts.py "$WORK"
python tables.py "$WORK" "$OUT" "$VERSION"
python score.py "$OUT" "$WORK"/held_out/*.a.tsv "$DATA"/p2h/*.segments.tsv
