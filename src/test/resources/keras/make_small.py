"""Has real Keras 2 and 3 write a small network: pip install tensorflow-cpu tf_keras h5py; python make_small.py"""

import os

import h5py
import keras
import numpy as np
import tf_keras
from keras.src.legacy.saving import legacy_h5_format


def network(k):
    k.layers.Conv2D(1, 1)  # takes the name without a number
    image = k.layers.Input((8, 8, 3))
    x = k.layers.Conv2D(4, 3, use_bias=False)(image)
    x = k.layers.BatchNormalization(scale=False)(x)
    x = k.layers.DepthwiseConv2D(3, use_bias=False, name="separate")(x)
    x = k.layers.Conv2D(2, 1, use_bias=False)(x)
    x = k.layers.GlobalAveragePooling2D()(x)
    x = k.layers.Dense(5, name="predictions")(x)
    model = k.Model(image, x)
    for layer in model.layers:
        layer.set_weights([np.arange(w.size, dtype="float32").reshape(w.shape) + i
                           for i, w in enumerate(layer.get_weights())])
    return model


here = os.path.dirname(os.path.abspath(__file__))
three = network(keras)
three.save(os.path.join(here, "keras3-model.h5"))
with h5py.File(os.path.join(here, "keras3-weights.h5"), "w") as f:
    legacy_h5_format.save_weights_to_hdf5_group(f, three)
two = network(tf_keras)
two.save(os.path.join(here, "keras2-model.h5"))
two.save_weights(os.path.join(here, "keras2-weights.h5"))
three.save_weights(os.path.join(here, "keras3.weights.h5"))
