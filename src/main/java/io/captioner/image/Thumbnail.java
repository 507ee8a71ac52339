package io.captioner.image;

import java.util.Arrays;

/** Small JPEGs of decoded photos, without any metadata of the original. */
public final class Thumbnail {
    private static final int COLOURS = 3;
    private static final float QUALITY = 0.75f;

    private Thumbnail() {}

    /**
     * Returns a JPEG of a photo in its own proportions.
     *
     * @param pixels of the photo, stretched to whatever size
     * @param width columns of the upright original
     * @param height rows of the upright original
     * @param side longest side of the JPEG; of a smaller original its own size
     */
    public static byte[] jpeg(Pixels pixels, int width, int height, int side) {
        double scale = Math.min(1, (double) side / Math.max(width, height));
        int columns = Math.max(1, (int) Math.round(width * scale));
        int rows = Math.max(1, (int) Math.round(height * scale));
        byte[] jpeg = TurboJpeg.encode(pixels, columns, rows, Math.round(100 * QUALITY));
        return jpeg == null ? encode(pixels, columns, rows) : jpeg;
    }

    private static byte[] encode(Pixels pixels, int columns, int rows) {
        byte[] rgb = pixels.withChannels(COLOURS).rgb();
        Resampler resampler = new Resampler(pixels.width(), pixels.height(), columns, rows);
        int line = pixels.width() * COLOURS;
        for (int y = 0; y < pixels.height(); y++) {
            resampler.add(Arrays.copyOfRange(rgb, y * line, (y + 1) * line));
        }
        return JpegPicture.encode(JpegPicture.picture(new Pixels(columns, rows, resampler.finish())), QUALITY);
    }
}
