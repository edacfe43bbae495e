from __future__ import annotations

from pathlib import Path

import numpy as np
from toy_correct import write_corrector

from cnchar.bundle import open_bundle
from cnchar.nn.config import ModelConfig
from cnchar.tasks.correct_parts import FEATURES, FLAGS, TASK, Confusions, Parts, confusion_files, read_parts
from cnchar.tasks.packed_lines import Alphabet
from cnchar.tasks.tables import NEURAL
from cnchar.text.vocab import Vocab

VOCAB = Vocab("高興兴著着心")


def parts(confusions: Confusions) -> Parts:
    config = ModelConfig(len(VOCAB), len(VOCAB), flags=FLAGS, head="symbols")
    return Parts(config, Alphabet(VOCAB), np.zeros(len(FEATURES)), 1.0, confusions=confusions)


def symbols(text: str) -> np.ndarray:
    return np.array(VOCAB.encode(text), np.int64)


def test_only_the_usual_form_of_a_character_is_meant() -> None:
    own = parts({})
    usual = dict(zip("高興兴著着心", own.forms[symbols("高興兴著着心")].tolist(), strict=True))
    assert usual["興"] == usual["兴"] == VOCAB.encode("兴")[0] and usual["著"] == VOCAB.encode("着")[0]
    assert usual["高"] == VOCAB.encode("高")[0]
    offered = dict(zip("高興兴著着心", own.offered[symbols("高興兴著着心")].tolist(), strict=True))
    assert offered == {"高": True, "興": False, "兴": True, "著": True, "着": True, "心": True}  # 着名 is 著名
    assert not own.offered[: len(VOCAB.specials)].any()


def test_how_often_one_is_typed_for_another() -> None:
    own = parts({("兴", "心"): 9, ("高", "兴"): 2, ("兴", "鬱"): 5})  # the last is not in the vocabulary
    found = own.confused(symbols("心兴兴高"), symbols("兴高心兴"))
    np.testing.assert_allclose(np.expm1(found), [9, 2, 0, 0])
    assert not parts({}).confused(symbols("心"), symbols("兴")).any()
    assert own.confused(symbols(""), symbols("")).shape == (0,)


def test_confusions_are_written_and_read_again(tmp_path: Path) -> None:
    confusions = {("兴", "心"): 9, ("北", "背"): 12}
    files = confusion_files(confusions)
    bundle = open_bundle(write_corrector(tmp_path / "toy", files=files), TASK, (NEURAL,))
    assert read_parts(bundle).confusions == confusions
    assert next(iter(files.values())).decode() == "背\t北\t12\n心\t兴\t9\n" and not confusion_files({})
