from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch
from toy_training import ToyBatches, toy_model, toy_settings

from cnchar.errors import BadInput, CncharError
from cnchar.train.engine.device import Place, choose_device, choose_precision, is_main, open_place, seed_everything

CPU = torch.device("cpu")


def test_a_cpu_is_always_there() -> None:
    assert choose_device("cpu") == CPU


def test_auto_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == CPU
    with pytest.raises(CncharError, match=r"No CUDA device .* --device cpu"):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: None)
    assert choose_device("auto", 1) == torch.device("cuda", 1)


def test_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = torch.device("cuda")
    assert choose_precision("auto", CPU) == choose_precision("off", cuda) == torch.float32
    assert choose_precision("bf16", CPU) == torch.bfloat16
    for able, expected in ((True, torch.bfloat16), (False, torch.float16)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, able=able: able)
        assert choose_precision("auto", cuda) == expected
    with pytest.raises(BadInput, match="fp16 needs a CUDA device"):
        choose_precision("fp16", CPU)


def test_autocast_changes_products_and_not_weights() -> None:
    model, batch = toy_model(), next(ToyBatches().epoch(0))
    with Place(CPU, torch.bfloat16).autocast():
        rough = model.output(model.embeddings(batch["chars"], None, None))
        loss = model(**batch).loss
    with Place(CPU).autocast():
        assert model.output(model.embeddings(batch["chars"], None, None)).dtype == torch.float32
    assert (rough.dtype, loss.dtype, model.output.weight.dtype) == (torch.bfloat16, torch.float32, torch.float32)


def test_one_process_is_the_main_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_place(toy_settings(device="cpu")) as place:
        assert (place.is_main, place.processes, place.total(1, 2.5)) == (True, 1, [1, 2.5])
    assert is_main()
    monkeypatch.setenv("RANK", "1")
    assert not is_main()


def test_seeds_of_any_numbers() -> None:
    def drawn(*numbers: int) -> list[float]:
        seed_everything(*numbers)
        return torch.rand(3).tolist()  # type: ignore[no-any-return]

    assert drawn(1, 2, 3) == drawn(1, 2, 3)
    assert len({tuple(drawn(*numbers)) for numbers in ((1,), (2,), (1, 2), (2, 1), (12,), (1 << 40,), (-1,))}) == 7


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_batches_move_to_the_gpu() -> None:
    moved = Place(torch.device("cuda")).move(next(ToyBatches().epoch(0)))
    assert all(values.is_cuda for values in moved.values())
