/** Graph building shared by training and export: encoders, and where their weights come from. */
@NullMarked
package io.captioner.training.graph;

import org.jspecify.annotations.NullMarked;
