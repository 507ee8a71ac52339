"""Writes activations.json beside it from Keras' own networks: pip install tensorflow-cpu; python activations.py

Weights and picture are computed from a hash, so that the test computes them again (HashedWeights, DrawnPicture) and
only a few activations need to be kept. With a folder as argument it also writes there what Keras saves of each
network, with and without top: too large for the tree, read by KerasFilesTests if CAPTIONER_KERAS_FILES names the folder.
"""

import json
import pathlib
import sys
import zlib

import h5py
import keras
import numpy as np
from keras import applications
from keras.src.legacy.saving import legacy_h5_format

NETWORKS = {
    "mobilenet_v2": (applications.MobileNetV2, applications.mobilenet_v2, 96),
    "inception_v3": (applications.InceptionV3, applications.inception_v3, 139),
    "resnet50": (applications.ResNet50, applications.resnet, 64),
    "resnet101": (applications.ResNet101, applications.resnet, 64),
    "resnet152": (applications.ResNet152, applications.resnet, 64),
}


def uniform(name, count):
    """Numbers in [0, 1): murmur3's finaliser of the tensor's CRC-32 plus index times the golden ratio, mod 2^32."""
    x = (np.arange(count, dtype=np.uint64) * 0x9E3779B9 + zlib.crc32(name.encode())).astype(np.uint32)
    x ^= x >> 16
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> 13
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> 16
    return x.astype(np.float64) / 2**32


def values(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("kernel"):
        fan_in = np.prod(shape) / shape[2 if name.endswith("depthwise_kernel") else -1]
        u = (2 * u - 1) * np.sqrt(6 / fan_in)  # variance 2 / fan-in
    elif name.endswith("_3_bn/gamma"):
        u = 0.1 + 0.2 * u  # else the sums of 50 residual blocks explode
    elif name.endswith("gamma") or name.endswith("variance"):
        u = 0.75 + 0.5 * u
    else:
        u = 0.2 * u - 0.1
    return u.astype(np.float32).reshape(shape)


def picture(side):
    row, column, channel = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    tiles = (row // 16 + column // 16) % 2
    return ((row * 7 + column * 13 + channel * 101 + row * column // 5 + tiles * 90) % 256).astype(np.uint8)


def fill(model):
    for layer in model.layers:
        # Keras 2, and the official files, say depthwise_kernel where Keras 3 says kernel.
        prefix = layer.name + ("/depthwise_" if isinstance(layer, keras.layers.DepthwiseConv2D) else "/")
        layer.set_weights([values(prefix + w.name, tuple(w.shape)) for w in layer.weights])


def activations(name, make, module, side):
    keras.backend.clear_session()  # Keras numbers layers by session
    model = make(weights=None, include_top=False, input_shape=(side, side, 3))
    fill(model)
    features = model.predict(module.preprocess_input(picture(side)[None].astype(np.float32)), verbose=0)[0]
    rows, columns, channels = features.shape
    flat = features.ravel()
    where = (np.arange(20, dtype=np.uint64) * 2654435761 + 12345) % flat.size
    return {
        "encoder": name,
        "side": side,
        "rows": rows,
        "columns": columns,
        "channels": channels,
        "parameters": model.count_params(),
        "mean": float(flat.mean(dtype=np.float64)),
        "deviation": float(flat.std(dtype=np.float64)),
        "samples": [{"index": int(i), "value": float(flat[i])} for i in where],
    }


def save(folder, name, make, top):
    keras.backend.clear_session()
    model = make(weights=None, include_top=top)
    fill(model)
    part = "" if top else "_notop"
    model.save(folder / f"{name}{part}_model.h5")
    with h5py.File(folder / f"{name}{part}_weights.h5", "w") as f:
        legacy_h5_format.save_weights_to_hdf5_group(f, model)
    return model.count_params()


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    if len(sys.argv) > 1:
        folder = pathlib.Path(sys.argv[1])
        for name, (make, _, _) in NETWORKS.items():
            for top in (True, False):
                print(name, top, save(folder, name, make, top))
    else:
        result = {
            "made by": f"activations.py with Keras {keras.__version__}, weights and picture from a hash",
            "encoders": [activations(name, *network) for name, network in NETWORKS.items()],
        }
        (here / "activations.json").write_text(json.dumps(result, indent=1) + "\n")
