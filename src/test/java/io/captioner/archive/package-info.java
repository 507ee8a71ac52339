/** Tests of bulk captioning: fakes and drawn photos, and the packaged jar under a Spark of its own. */
@NullMarked
package io.captioner.archive;

import org.jspecify.annotations.NullMarked;
