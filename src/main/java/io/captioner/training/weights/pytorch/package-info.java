/**
 * PyTorch's files and Python's pickles, read without executing anything in them: apart from {@code weights}, which both
 * the encoders and the import of checkpoints depend on.
 */
@NullMarked
package io.captioner.training.weights.pytorch;

import org.jspecify.annotations.NullMarked;
