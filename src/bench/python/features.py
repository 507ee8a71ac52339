"""Keras' Inception-v3 without top on batches of one size: python features.py BATCH SECONDS

Prints images, seconds and seconds of processor time. The pictures are scaled beforehand; weights are random.
"""

import sys
import time

import keras
import numpy as np

batch, seconds = int(sys.argv[1]), float(sys.argv[2])
model = keras.applications.InceptionV3(weights=None, include_top=False, input_shape=(299, 299, 3))
images = np.random.default_rng(1).random((4 * batch, 299, 299, 3), dtype=np.float32) * 2 - 1
for _ in range(2):
    model.predict(images, batch_size=batch, verbose=0)
cpu, start, count = time.process_time(), time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    model.predict(images, batch_size=batch, verbose=0)
    count += 4 * batch
print(count, time.perf_counter() - start, time.process_time() - cpu)
