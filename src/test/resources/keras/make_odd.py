"""Makes small files in Keras' layout that are odd in one way each; run: pip install h5py numpy; python make_odd.py"""

import h5py
import numpy as np


def file(path, layers, kernel, attribute=lambda name: name):
    with h5py.File(path, "w") as f:
        f.attrs[attribute("layer_names")] = [name.encode() for name in layers]
        for layer in layers:
            group = f.create_group(layer)
            group.attrs["weight_names"] = [b"%s/kernel:0" % layer.encode()]
            group.create_dataset("%s/kernel:0" % layer, data=kernel)


file("half.h5", ["dense"], np.array([[0.5], [65504], [-2 ** -24]], "float16"))
file("inexact.h5", ["dense"], np.array([[0.1]], "float64"))
file("integer.h5", ["dense"], np.array([[1]], "int8"))
with h5py.File("chunked.h5", "w") as f:
    f.attrs["layer_names0"] = [b"a", b"b"]
    f.attrs["layer_names1"] = [b"c"]
    for i, layer in enumerate("abc"):
        group = f.create_group(layer)
        group.attrs["weight_names0"] = [b"kernel:0"]
        group.attrs["weight_names1"] = [b"bias:0"]
        group.create_dataset("kernel:0", data=np.full((1, 1), i, "float32"))
        group.create_dataset("bias:0", data=np.full((1,), -i, "float32"))
with h5py.File("nested.h5", "w") as f:
    f.attrs["layer_names"] = [b"inner"]
    group = f.create_group("inner")
    group.attrs["weight_names"] = [b"conv_1/kernel:0", b"conv_2/kernel:0"]
    group.create_dataset("conv_1/kernel:0", data=np.ones((1, 1), "float32"))
    group.create_dataset("conv_2/kernel:0", data=np.ones((1, 1), "float32"))
