"""A training step of a decoder in Keras: python step.py DECODER PRECISION SECONDS

The decoder, its loss and its optimiser are those of the scenario: teacher forcing unrolled over all tokens, what can be
taken for all steps at once taken so, masked cross-entropy on ids, doubly stochastic attention, Adam with clipping by
global norm and a moving average of the weights, all in one tf.function. In bfloat16 it is TensorFlow's rewrite of the
graph for oneDNN. Prints steps, seconds and seconds of processor time.
"""

import sys
import time

import keras
import numpy as np
import tensorflow as tf

kind, precision, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
N, L, D, T, V, P, A, E, H, O = 64, 64, 2048, 20, 8000, 512, 512, 256, 512, 512
lstm = kind == "soft_attention_lstm"
if precision == "bfloat16":
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})


class Decoder(keras.Model):
    def __init__(self):
        super().__init__()
        dense = keras.layers.Dense
        self.project = dense(P, activation="relu")
        self.keys = dense(A)
        self.query = dense(A, use_bias=False)
        self.score = dense(1, use_bias=False)
        self.embedding = keras.layers.Embedding(V, E)
        if lstm:
            self.first_hidden, self.first_cell = dense(H, activation="tanh"), dense(H, activation="tanh")
            self.gate = dense(1, activation="sigmoid")
            self.words, self.recurrent = dense(4 * H), dense(4 * H, use_bias=False)
            self.deep = dense(E)
            self.bias = self.add_weight(shape=(V,), initializer="zeros", name="bias")
        else:
            self.words, self.context = dense(3 * H), dense(3 * H, use_bias=False)
            self.recurrent = dense(3 * H)
            self.output_hidden, self.output_logits = dense(O), dense(V)

    def attend(self, a, keys, hidden):
        e = tf.tanh(keys + self.query(hidden)[:, None, :])  # [N, L, A]
        alpha = tf.nn.softmax(tf.reshape(self.score(tf.reshape(e, [-1, A])), [N, L]))
        return alpha, tf.matmul(alpha[:, None, :], a)[:, 0, :]

    def lstm_step(self, words, context, state):
        hidden, cell = state
        context = self.gate(hidden) * context
        i, f, o, g = tf.split(words + self.recurrent(tf.concat([context, hidden], 1)), 4, axis=1)
        cell = tf.sigmoid(f + 1) * cell + tf.sigmoid(i) * tf.tanh(g)
        return context, (tf.sigmoid(o) * tf.tanh(cell), cell)

    def gru_step(self, words, context, state):
        hidden = state[0]
        xz, xr, xh = tf.split(words + self.context(context), 3, axis=1)
        hz, hr, hh = tf.split(self.recurrent(hidden), 3, axis=1)
        z = tf.sigmoid(xz + hz)
        candidate = tf.tanh(xh + tf.sigmoid(xr + hr) * hh)
        return context, (z * hidden + (1 - z) * candidate,)

    def call(self, features, tokens):
        a = tf.reshape(self.project(tf.reshape(features, [-1, D])), [N, L, P])
        keys = tf.reshape(self.keys(tf.reshape(a, [-1, P])), [N, L, A])
        embedded = self.embedding(tf.reshape(tf.transpose(tokens[:, :-1]), [-1]))  # [T * N, E]
        words = tf.split(self.words(embedded), T, axis=0)
        mean = tf.reduce_mean(a, 1)
        state = (self.first_hidden(mean), self.first_cell(mean)) if lstm else (tf.zeros([N, H]),)
        alphas, contexts, hiddens = [], [], []
        for t in range(T):
            alpha, context = self.attend(a, keys, state[0])
            context, state = (self.lstm_step if lstm else self.gru_step)(words[t], context, state)
            alphas.append(alpha)
            contexts.append(context)
            hiddens.append(state[0])
        hidden = tf.concat(hiddens, 0)
        if lstm:
            deep = self.deep(tf.concat([tf.concat(contexts, 0), hidden], 1))
            logits = tf.matmul(tf.tanh(deep + embedded), self.embedding.embeddings, transpose_b=True) + self.bias
        else:
            logits = self.output_logits(self.output_hidden(hidden))
        return logits, alphas


model = Decoder()
optimizer = keras.optimizers.Adam(1e-4, epsilon=1e-8, global_clipnorm=5.0, use_ema=True, ema_momentum=0.998)


@tf.function
def step(features, tokens):
    with tf.GradientTape() as tape:
        logits, alphas = model(tf.cast(features, tf.float32), tokens)
        targets = tf.reshape(tf.transpose(tokens[:, 1:]), [-1])
        real = tf.cast(targets != 0, tf.float32)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
        masks = tf.split(real, T)
        seen = tf.add_n([alpha * mask[:, None] for alpha, mask in zip(alphas, masks)])
        objective = tf.reduce_sum(loss * real) / tf.reduce_sum(real) + 0.01 * tf.reduce_mean(tf.square(1 - seen))
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(objective, variables), variables)
    return objective


random = np.random.default_rng(1)
features = tf.constant(random.uniform(0.125, 0.5, (N, L, D)).astype(np.float16))
tokens = tf.constant(random.integers(4, V, (N, T + 1), dtype=np.int32))
model(tf.cast(features, tf.float32), tokens)
optimizer.build(model.trainable_variables)
for _ in range(3):
    step(features, tokens).numpy()
cpu, start, count = time.process_time(), time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    assert np.isfinite(step(features, tokens).numpy())
    count += 1
print(count, time.perf_counter() - start, time.process_time() - cpu)
