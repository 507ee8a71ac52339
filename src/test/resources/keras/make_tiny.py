"""Makes tiny.h5 in the layout of Keras' save_weights; run: pip install h5py numpy; python make_tiny.py"""

import h5py
import numpy as np

LAYERS = {
    "input_1": {},
    "Conv1": {"Conv1/kernel:0": np.arange(24, dtype="float32").reshape(2, 2, 2, 3) / 8},
    "bn_Conv1": {
        "bn_Conv1/gamma:0": np.array([1, 2, 3], "float32"),
        "bn_Conv1/beta:0": np.array([-1, 0, 1], "float32"),
        "bn_Conv1/moving_mean:0": np.array([0.5, 0.25, 0.125], "float32"),
        "bn_Conv1/moving_variance:0": np.array([4, 9, 16], "float32"),
    },
    "relu": {},
    "block/dense": {"kernel": np.array([[7], [8]], "float32"), "block/dense/bias:0": np.array([9], "float32")},
}

with h5py.File("tiny.h5", "w") as f:
    f.attrs["layer_names"] = [name.encode() for name in LAYERS]
    f.attrs["backend"] = b"tensorflow"
    f.attrs["keras_version"] = b"2.2.4"
    for layer, weights in LAYERS.items():
        group = f.create_group(layer)
        group.attrs["weight_names"] = [name.encode() for name in weights]
        for name, values in weights.items():
            group.create_dataset(name, data=values)

with h5py.File("double.h5", "w") as f:
    f.attrs["layer_names"] = [b"dense"]
    group = f.create_group("dense")
    group.attrs["weight_names"] = [b"dense/kernel:0"]
    group.create_dataset("dense/kernel:0", data=np.ones((1, 1), "float64"))

with h5py.File("unnamed.h5", "w") as f:
    f.create_group("dense").create_dataset("kernel", data=np.ones((1, 1), "float32"))
