"""The sparse trainer against PyTorch's own dense gradient, and against chance."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cnchar.train.segment.sparse_softmax import Examples, Schedule, SparseSoftmax  # noqa: E402

ROWS, TEMPLATES = 40, 5


def examples(count: int, seed: int = 0) -> Examples:
    random = np.random.default_rng(seed)
    values = ROWS // TEMPLATES  # every template has rows of its own
    rows = (random.integers(0, values, (count, TEMPLATES)) + np.arange(TEMPLATES) * values).astype(np.int32)
    targets = np.zeros((count, 2, 4), np.uint8)
    targets[np.arange(count), 0, rows[:, 0] % 4] = 255
    targets[np.arange(count), 1, rows[:, 1] % 4] = 255
    return Examples(rows, targets, np.full((count, 2), 16, np.uint8))


def test_one_step_is_adagrad_on_the_true_gradient() -> None:
    data = examples(64)
    model = SparseSoftmax(ROWS, heads=2)
    model.fit(data, Schedule(epochs=1, batch=64, step=0.3, decay=0.0))
    dense = torch.zeros(ROWS, 8, requires_grad=True)
    scores = dense[torch.from_numpy(data.rows.astype(np.int64))].sum(1).view(-1, 2, 4)
    target = torch.from_numpy(data.targets).float() / 255
    (-(target * scores.log_softmax(-1)).sum()).backward()
    gradient = dense.grad.clone()
    gradient[:, [3, 7]] = 0  # the fourth label's weight stays zero
    squares = 1e-2 + gradient.square().mean(1, keepdim=True)
    assert torch.allclose(model.weights, -0.3 * gradient / squares.sqrt(), atol=1e-5)


def test_learns_what_the_rows_say() -> None:
    model = SparseSoftmax(ROWS, heads=2)
    model.fit(examples(4000), Schedule(epochs=4, batch=256))
    held_out = examples(500, seed=1)
    right = model.scores(held_out.rows).argmax(-1).numpy() == held_out.targets.argmax(-1)
    assert right.mean() > 0.95


def test_the_same_seed_makes_the_same_bytes() -> None:
    models = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        model = SparseSoftmax(ROWS, heads=2)
        model.fit(examples(1000), Schedule(epochs=2, batch=128))
        models.append(model.weights.numpy().tobytes())
    assert models[0] == models[1]


def test_fixed_and_forbidden_rows_stay_zero() -> None:
    model = SparseSoftmax(ROWS, heads=2, fixed=3)  # rows 3 and 5 are the first template's
    model.allowed = torch.ones(ROWS, 8)
    model.allowed[5, :4] = 0
    model.fit(examples(500), Schedule(epochs=1, batch=64))
    assert not model.weights[3].any()
    assert not model.weights[5, :4].any()
    assert model.weights[5, 4:].any()


def test_examples_without_weight_teach_nothing() -> None:
    data = examples(200)
    model = SparseSoftmax(ROWS, heads=2)
    model.fit(Examples(data.rows, data.targets, np.zeros_like(data.weights)), Schedule(epochs=1, decay=0.0))
    assert not model.weights.any()
