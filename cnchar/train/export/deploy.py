"""From a trained model to what ships: an ONNX graph for CPUs, and the weights themselves for more training and CUDA."""

from __future__ import annotations

import copy
import json
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from cnchar.bundle import Bundle, write_bundle
from cnchar.errors import BadBundle
from cnchar.nn.config import LONGEST
from cnchar.nn.model import CharacterModel
from cnchar.train.export.compact import graph_weights

MODEL, WEIGHTS = "model.onnx", "weights.safetensors"
OPSET = 18


class _Logits(nn.Module):
    """The model as the graph shows it: inputs by name, logits out."""

    def __init__(self, model: CharacterModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, chars: Tensor, flags: Tensor | None = None, prior: Tensor | None = None) -> Tensor:
        logits: Tensor = self.model(chars, flags, prior).logits
        return logits


def example_inputs(model: CharacterModel, size: int = 3, length: int = 11) -> dict[str, Tensor]:
    """Made-up inputs that fit the model, rows of several lengths: `size` rows of `length` characters and fewer."""
    config = model.config
    random = torch.Generator().manual_seed(0)
    chars = torch.randint(1, config.symbols, (size, length), generator=random)
    for row in range(1, size):
        chars[row, max(1, length - row) :] = 0
    inputs = {"chars": chars}
    if config.flags:
        values = [torch.randint(0, n, (size, length), generator=random) for n in config.flags]
        inputs["flags"] = torch.stack(values, -1)
    if config.prior:
        inputs["prior"] = torch.randn(size, length, config.labels, generator=random)
    return inputs


def onnx_bytes(model: CharacterModel) -> bytes:
    """The model as an ONNX graph, the bytes of a file.

    Inputs are `chars`, and `flags` and `prior` where the config has them; the output is `logits`. Batch and length are
    free; a transformer sees at most config.LONGEST characters.
    """
    inputs = example_inputs(model)
    batch, length = torch.export.Dim("batch", max=1 << 20), torch.export.Dim("length", max=LONGEST)
    dims = {name: {0: batch, 1: length} for name in inputs}
    return to_onnx(_Logits(exportable(model)), inputs, dims, list(inputs), ["logits"])


def to_onnx(
    module: nn.Module, examples: dict[str, Any], dims: dict[str, Any], inputs: Sequence[str], outputs: Sequence[str]
) -> bytes:
    """A module as an ONNX graph, the bytes of a file.

    Args:
        examples: what its forward takes, by keyword: tensors, or tuples of them. dims: which of their axes are free, in
            the same form. inputs, outputs: the names of all tensors, in order.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it would tell of what is not installed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        program = torch.onnx.export(
            module,
            (),
            kwargs=examples,
            dynamic_shapes=dims,
            input_names=inputs,
            output_names=outputs,
            opset_version=OPSET,
            dynamo=True,
            optimize=False,  # onnxruntime does that; so the weights keep their names, and read_weights finds them
            verbose=False,
        )
    assert program is not None
    exported = program.model_proto  # made anew each time it is asked for
    graph = exported.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]  # where in the source each came from
    del graph.value_info[:]
    return bytes(exported.SerializeToString())


# ONNX's operator for each layer of torch, and where it wants torch's gates.
_RECURRENT = {nn.RNN: ("RNN", (0,)), nn.GRU: ("GRU", (1, 0, 2)), nn.LSTM: ("LSTM", (0, 3, 1, 2))}


class _OnnxRecurrent(nn.Module):
    """A recurrent layer as ONNX's own operator; the exporter would tie it to one length."""

    def __init__(self, layer: nn.RNNBase, operator: str, gates: tuple[int, ...]) -> None:
        super().__init__()
        self.operator, self.hidden = operator, layer.hidden_size

        def ordered(name: str) -> Tensor:
            parts = layer.get_parameter(name).chunk(len(gates))
            return torch.cat([parts[gate] for gate in gates])[None]

        self.own, self.recurrent = ordered("weight_ih_l0"), ordered("weight_hh_l0")
        self.biases = torch.cat([ordered("bias_ih_l0"), ordered("bias_hh_l0")], 1)

    def forward(self, x: Tensor, memory: tuple[Tensor, ...] | Tensor | None = None) -> tuple[Tensor, Any]:
        inputs: list[Tensor | None] = [x.transpose(0, 1), self.own, self.recurrent, self.biases]  # (T, B, H), weights
        if memory is not None:  # None: the lengths of rows, which are all alike
            inputs += [None, *(memory if isinstance(memory, tuple) else (memory,))]
        attributes: dict[str, Any] = {"hidden_size": self.hidden}
        if self.operator == "GRU":
            attributes["linear_before_reset"] = 1  # as torch computes it
        last = (1, x.shape[0], self.hidden)
        shapes = [(x.shape[1], *last), last, *([last] if self.operator == "LSTM" else [])]
        out, *after = torch.onnx.ops.symbolic_multi_out(
            self.operator, inputs, attributes, dtypes=[x.dtype] * len(shapes), shapes=shapes, version=OPSET
        )
        return out.squeeze(1).transpose(0, 1), tuple(after) if len(after) > 1 else after[0]


def exportable(model: CharacterModel) -> CharacterModel:
    """A copy without gradients whose recurrent layers the exporter understands."""
    copied = copy.deepcopy(model).eval().requires_grad_(False)
    for part in list(copied.modules()):
        for name, child in list(part.named_children()):
            if isinstance(child, nn.RNNBase):
                part.add_module(name, _OnnxRecurrent(child, *_RECURRENT[type(child)]))
    return copied


def weight_bytes(model: CharacterModel, half: bool = False) -> bytes:
    """The model's parameters as the bytes of a safetensors file, in float16 if `half`."""
    tensors = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    if half:
        tensors = {name: value.half() for name, value in tensors.items()}
    return save(tensors)


def read_weights(bundle: Bundle) -> dict[str, Tensor]:
    """The parameters of a bundle's model, in float32, out of its graph where it has no file of their own.

    A graph holds them as the deployed model uses them, perhaps rounded to int8; of recurrent layers it has none.
    Raises BadBundle where they cannot be read.
    """
    name = WEIGHTS if WEIGHTS in bundle.config["files"] else MODEL
    data = bundle.path(name).read_bytes()
    try:
        if name == WEIGHTS:
            return {name: value.float() for name, value in load(data).items()}
        found = {name.removeprefix("model."): torch.from_numpy(v) for name, v in graph_weights(data).items()}
    except Exception:  # safetensors and protobuf raise their own kinds
        raise BadBundle(f"{bundle.folder / name}: not weights of a model; fetch or train it again.") from None
    if any(name.endswith(".own") for name in found):  # _OnnxRecurrent
        raise BadBundle(f"{bundle.folder}: the model has no {WEIGHTS}, so it can be run but not trained further.")
    return {name: value for name, value in found.items() if "." in name}


def load_weights(model: CharacterModel, weights: Mapping[str, Tensor], source: str) -> None:
    """Put parameters into a model. Raises BadBundle where names or shapes differ."""
    try:
        model.load_state_dict(dict(weights))
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1].strip()
        raise BadBundle(f"{source}: the weights do not fit the model ({first}).") from None


def write_run_bundle(
    folder: Path, config: dict[str, Any], files: Mapping[str, bytes], card: str, model: CharacterModel
) -> None:
    """Write a bundle that serves at once and can be trained further: tables and lists in `files`, graph, weights."""
    whole = {**config, "model": model.config.as_dict()}
    json.dumps(whole)  # fails before anything is written
    write_bundle(folder, whole, {**files, MODEL: onnx_bytes(model), WEIGHTS: weight_bytes(model)}, card)
