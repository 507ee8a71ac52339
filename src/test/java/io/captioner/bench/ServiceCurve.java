package io.captioner.bench;

/**
 * How long a replica's device takes for a batch: a fixed part and a part for each image, padding included.
 *
 * @param fixedSeconds of a batch
 * @param secondsPerImage of each place in it
 * @param largestBatch a power of two; smaller batches are padded to one
 * @param capacity most images in the house
 */
record ServiceCurve(double fixedSeconds, double secondsPerImage, int largestBatch, int capacity) {
    /**
     * Returns the curve through the time of one image and the throughput of full batches, for the service's defaults.
     */
    static ServiceCurve through(double secondsOfOne, double imagesPerSecond) {
        int batch = 16;
        double perImage = (batch / imagesPerSecond - secondsOfOne) / (batch - 1);
        return new ServiceCurve(secondsOfOne - perImage, perImage, batch, 128);
    }

    double seconds(int images) {
        int padded = Math.min(largestBatch, Integer.highestOneBit(2 * images - 1));
        return fixedSeconds + padded * secondsPerImage;
    }

    /** Returns the images a second of a replica that always has enough to do. */
    double imagesPerSecond() {
        return largestBatch / seconds(largestBatch);
    }
}
