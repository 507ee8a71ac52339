package io.captioner.training.calibration;

import io.captioner.trust.Evidence;

/**
 * A caption of a bundle that is judged by the captions that people wrote.
 *
 * @param dataSet number of its data set; {@link #DRAWN} for a picture of {@link OddPictures}
 * @param ciderD against the references, with the document frequencies of its data set
 * @param right whether that is enough
 * @param likelihood geometric mean of the word probabilities
 * @param familiarity of the photo; NaN if it is not known
 */
record JudgedCaption(
        Evidence evidence, int dataSet, double ciderD, boolean right, double likelihood, double familiarity) {
    /** In place of the number of a data set. */
    static final int DRAWN = -1;
}
