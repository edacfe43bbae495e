"""Opens a bundle's network: onnxruntime on a CPU, PyTorch on CUDA. Whatever is wrong with it is told in a sentence."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cnchar.bundle import Bundle
from cnchar.errors import BadBundle, BadInput, CncharError, MissingExtra
from cnchar.nn.config import ModelConfig
from cnchar.tasks.neural import BATCH, Batch, Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cnchar.nn.model import CharacterModel

Device = Literal["auto", "cpu", "cuda"]
DEPLOY_WEIGHTS, TRAIN_WEIGHTS = "model.onnx", "weights.safetensors"
CUDA_BATCH = 1 << 16  # characters; fewer would leave the device waiting


def open_network(bundle: Bundle, config: ModelConfig, device: Device = "auto", threads: int | None = None) -> Network:
    """The network of a bundle, tried once on two characters.

    Args:
        device: auto takes CUDA where there is a device, PyTorch and train weights in the bundle. On a CPU a bundle
            without a graph runs in PyTorch.
        threads: on a CPU; as many as this process may use if None.

    Raises:
        BadBundle: a network that is broken or does not fit the config. BadInput: no CUDA. MissingExtra: no PyTorch.
    """
    files = bundle.config["files"]
    if wants_cuda(bundle, device):
        return open_cuda(bundle, config)
    if TRAIN_WEIGHTS in files and DEPLOY_WEIGHTS not in files:
        return open_torch(bundle, config, "cpu", f"The model {bundle.name}, which has no {DEPLOY_WEIGHTS},")
    network = OnnxNetwork(bundle, config, threads or available_cpus())
    _try(network, config)
    return network


def batch_chars(network: Network) -> int:
    """How many characters to give to a network at once."""
    if isinstance(network, TorchNetwork) and network.device != "cpu":
        return CUDA_BATCH
    return BATCH * (network.threads if isinstance(network, OnnxNetwork) else 1)


def available_cpus() -> int:
    """The CPUs that this process may use, which in a container are fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class OnnxNetwork:
    """A network in onnxruntime. Thread-safe."""

    def __init__(self, bundle: Bundle, config: ModelConfig, threads: int) -> None:
        self.path, self.width, self.threads = bundle.path(DEPLOY_WEIGHTS), config.answer, threads
        self.session = open_session(self.path, threads)
        self._check_signature(config)

    def _check_signature(self, config: ModelConfig) -> None:
        wanted = {"chars": "tensor(int64)"}
        wanted |= {"flags": "tensor(int64)"} if config.flags else {}
        wanted |= {"prior": "tensor(float)"} if config.prior else {}
        given = {each.name: each.type for each in self.session.get_inputs()}
        outputs = {each.name: each.type for each in self.session.get_outputs()}
        if given != wanted or outputs.get("logits") != "tensor(float)":
            what = f"it should read {', '.join(wanted)} and give logits"
            raise BadBundle(f"{self.path}: {what}; export the model again.")

    def __call__(self, batch: Batch) -> NDArray[np.float32]:
        """Logits (B, T, L), or what else the config answers. Raises BadBundle where there come none."""
        (logits,) = run_session(self.session, ["logits"], batch, self.path)
        return _checked(logits, batch, self.width, str(self.path))


def open_session(path: Path, threads: int) -> Any:
    """The onnxruntime session of a graph on a CPU. Raises BadBundle where it cannot be read."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4  # it also raises what it would log
    options.enable_mem_pattern = False  # a plan is kept for each shape of batch, and every batch has its own
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.add_session_config_entry("session.disable_quant_qdq", "1")  # int4 is made float32 now, not at each call
    try:  # from bytes, so that it cannot name other files as its weights
        return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _broken(path, "onnxruntime cannot read it", error) from None


def run_session(session: Any, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]], path: Path) -> list[Any]:
    """The outputs by name. Raises BadBundle where there come none."""
    try:
        found: list[Any] = session.run(outputs, inputs)
    except Exception as error:
        raise _broken(path, "onnxruntime cannot run it", error) from None
    return found


class TorchNetwork:
    """A network in PyTorch, from a bundle's train weights."""

    def __init__(self, bundle: Bundle, config: ModelConfig, device: str) -> None:
        from cnchar.nn.model import CharacterModel

        self.device, self.width = device, config.answer
        self.path = bundle.path(TRAIN_WEIGHTS)
        model = CharacterModel(config)
        self._load(model)
        self.model = model.float().eval().to(device)

    def _load(self, model: CharacterModel) -> None:
        from safetensors.torch import load_file

        try:
            model.load_state_dict(load_file(self.path))
        except Exception as error:  # a broken file, or weights of other names and sizes
            raise _broken(self.path, "they are not the weights of this model", error) from None

    def __call__(self, batch: Batch) -> NDArray[np.float32]:
        """Logits (B, T, L). Raises BadBundle where they are no numbers, CncharError where memory ends."""
        import torch

        try:
            with torch.inference_mode():
                on_device = {name: torch.from_numpy(array).to(self.device) for name, array in batch.items()}
                logits = self.model(**on_device).logits.cpu().numpy()
        except torch.OutOfMemoryError:
            raise CncharError("The CUDA device has not enough free memory; try --device cpu.") from None
        return _checked(logits, batch, self.width, str(self.path))


def wants_cuda(bundle: Bundle, device: Device) -> bool:
    """Whether a device means CUDA; for `auto` asks the driver first, so that PyTorch is not imported in vain."""
    from importlib.util import find_spec

    if device != "auto":
        return device == "cuda"
    if TRAIN_WEIGHTS not in bundle.config["files"] or not all(map(find_spec, ("torch", "safetensors"))):
        return False
    if not _driver_has_device():
        return False
    import torch

    return torch.cuda.is_available()


def _driver_has_device() -> bool:
    import ctypes
    import sys

    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        count = ctypes.c_int(0)
        return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0
    except (OSError, AttributeError):
        return False


def open_cuda(bundle: Bundle, config: ModelConfig) -> TorchNetwork:
    """The network of a bundle in PyTorch on CUDA. Raises BadInput where there is no CUDA, or no train weights."""
    if TRAIN_WEIGHTS not in bundle.config["files"]:
        raise BadInput(f"the model {bundle.name} has no {TRAIN_WEIGHTS}, which CUDA needs; leave --device cuda out.")
    return open_torch(bundle, config, "cuda", "--device cuda")


def open_torch(bundle: Bundle, config: ModelConfig, device: Device, what: str) -> TorchNetwork:
    """The network of a bundle in PyTorch, whatever else it has; `what` needs it. Raises as open_network does."""
    try:
        import safetensors.torch  # noqa: F401
        import torch
    except ImportError:
        raise MissingExtra(what, "train") from None
    if device == "cuda" and not torch.cuda.is_available():
        raise BadInput("--device cuda: PyTorch finds no CUDA device here; leave the option out.")
    on_cuda = device == "cuda" or (device == "auto" and torch.cuda.is_available())
    network = TorchNetwork(bundle, config, "cuda" if on_cuda else "cpu")
    _try(network, config)
    return network


def _try(network: Network, config: ModelConfig) -> None:
    """Run the network on its highest symbol and flags: tables that are too small are told before any text is read."""
    batch: Batch = {"chars": np.array([[1, config.symbols - 1]], np.int64)}
    if config.flags:
        batch["flags"] = np.tile(np.array(config.flags, np.int64) - 1, (1, 2, 1))
    if config.prior:
        batch["prior"] = np.zeros((1, 2, config.labels), np.float32)
    network(batch)


def _checked(logits: Any, batch: Batch, width: int, path: str) -> NDArray[np.float32]:
    shape = (*batch["chars"].shape, width)
    if logits.shape != shape:
        raise BadBundle(f"{path}: it gives logits of {logits.shape} where {shape} are due; export the model again.")
    if not np.isfinite(logits).all():
        raise BadBundle(f"{path}: it gives scores that are no numbers; train or fetch the model again.")
    checked: NDArray[np.float32] = logits
    return checked


def _broken(path: object, what: str, error: Exception) -> BadBundle:
    first = (str(error) or type(error).__name__).splitlines()[0]
    reason = first.rpartition(" : ")[2][:150].rstrip(".")  # onnxruntime begins with a code and its name
    return BadBundle(f"{path}: {what} ({reason}); train or fetch the model again.")
