/** Convolutional networks as encoders: Keras' MobileNetV2, Inception-v3 and ResNet built anew, or any SavedModel. */
@NullMarked
package io.captioner.training.encoder;

import org.jspecify.annotations.NullMarked;
