/**
 * Caption files in the formats that data sets are given out in, read into one kind of entry; nothing is checked here.
 */
@NullMarked
package io.captioner.training.data.source;

import org.jspecify.annotations.NullMarked;
