package io.captioner.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * The JPEGs that a run sends: those of a folder, or pictures that are drawn from a seed and have the size of small
 * photos.
 */
final class Photos {
    /** More than are ever admitted at a time, so that no two requests in flight are for the same photo. */
    private static final int COUNT = 1_000;

    private static final int SIDE = 224;
    private static final float QUALITY = 0.85f;
    private static final int LARGE_WIDTH = 4000;
    private static final int LARGE_HEIGHT = 3000;
    private static final float LARGE_QUALITY = 0.92f;

    private static final int SHAPES = 14;
    private static final int STROKES = 60;
    private static final int GRAIN = 24;

    private Photos() {}

    static List<byte[]> of(Options options) throws IOException {
        return of(options, COUNT);
    }

    /** Returns at most {@code count} photos. */
    static List<byte[]> of(Options options, int count) throws IOException {
        if (options.photos() == null) {
            return draw(options.seed(), count, SIDE, SIDE)
                    .map(picture -> jpeg(picture, QUALITY))
                    .toList();
        }
        List<byte[]> photos = new ArrayList<>();
        for (Path file : files(options.photos(), count)) {
            photos.add(Files.readAllBytes(file));
        }
        return photos;
    }

    /** Returns a photo at 4000 x 3000 pixels, as a JPEG. */
    static byte[] large(byte[] photo) throws IOException {
        BufferedImage large = new BufferedImage(LARGE_WIDTH, LARGE_HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = large.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        pen.drawImage(ImageIO.read(new ByteArrayInputStream(photo)), 0, 0, LARGE_WIDTH, LARGE_HEIGHT, null);
        pen.dispose();
        return jpeg(large, LARGE_QUALITY);
    }

    /** Returns the first {@code count} photos at 4000 x 3000 pixels. */
    static List<byte[]> large(List<byte[]> photos, int count) throws IOException {
        List<byte[]> large = new ArrayList<>();
        for (byte[] photo : photos.subList(0, Math.min(count, photos.size()))) {
            large.add(large(photo));
        }
        return large;
    }

    private static List<Path> files(Path folder, int count) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(Photos::isJpeg).sorted().limit(count).toList();
            if (files.isEmpty()) {
                throw new IOException(
                        "there is no .jpg in %s: point bench.photos at a folder of JPEGs".formatted(folder));
            }
            return files;
        }
    }

    private static boolean isJpeg(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jpg") || name.endsWith(".jpeg");
    }

    /**
     * Returns N different pictures: gradients, shapes, strokes and grain, drawn as they are taken; the first ones do
     * not depend on how many follow.
     */
    static Stream<BufferedImage> draw(long seed, int count, int width, int height) {
        Random random = new Random(seed);
        return Stream.generate(() -> draw(new Random(random.nextLong()), width, height))
                .limit(count);
    }

    private static BufferedImage draw(Random random, int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setPaint(new GradientPaint(0, 0, colour(random, 255), width * 0.3f, height, colour(random, 255)));
        pen.fillRect(0, 0, width, height);
        for (int i = 0; i < SHAPES; i++) {
            shape(pen, random, width, height);
        }
        for (int i = 0; i < STROKES; i++) {
            pen.setColor(colour(random, 160));
            pen.setStroke(new BasicStroke(1 + 2 * random.nextFloat()));
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            pen.drawLine(x, y, x + random.nextInt(width / 4) - width / 8, y + random.nextInt(height / 4) - height / 8);
        }
        pen.dispose();
        grain(picture, random);
        return picture;
    }

    private static void shape(Graphics2D pen, Random random, int width, int height) {
        double w = width * (0.05 + 0.4 * random.nextDouble());
        double h = height * (0.05 + 0.4 * random.nextDouble());
        AffineTransform upright = pen.getTransform();
        pen.translate(random.nextInt(width), random.nextInt(height));
        pen.rotate(random.nextDouble() * Math.PI);
        pen.setPaint(new GradientPaint(0, 0, colour(random, 230), (float) w, (float) h, colour(random, 230)));
        pen.fill(
                random.nextBoolean()
                        ? new Ellipse2D.Double(-w / 2, -h / 2, w, h)
                        : new Rectangle2D.Double(-w / 2, -h / 2, w, h));
        pen.setTransform(upright);
    }

    private static void grain(BufferedImage picture, Random random) {
        int[] row = new int[picture.getWidth()];
        for (int y = 0; y < picture.getHeight(); y++) {
            picture.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                int grain = random.nextInt(GRAIN) - GRAIN / 2;
                row[x] = channel(row[x] >> 16, grain) << 16 | channel(row[x] >> 8, grain) << 8 | channel(row[x], grain);
            }
            picture.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
    }

    private static int channel(int value, int grain) {
        return Math.max(0, Math.min(255, (value & 255) + grain));
    }

    private static Color colour(Random random, int alpha) {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256), alpha);
    }

    /** @param quality of 0 to 1 */
    static byte[] jpeg(BufferedImage picture, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** @param format a format that ImageIO writes: png, gif, bmp, tiff */
    static byte[] encode(BufferedImage picture, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, bytes)) {
                throw new IllegalArgumentException("there is no writer of " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
