package io.captioner.model;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pictures drawn from a seed, the same on every machine: a colour gradient with smooth blobs on it. */
public final class GoldenImages {
    private static final int BLOBS = 4;

    private GoldenImages() {}

    /** Returns the pictures of {@link #draw(long, int, ImageSize)} as a preparation makes pixels. */
    public static List<Pixels> draw(long seed, int count, ImagePreparation preparation) {
        return draw(seed, count, preparation.size()).stream()
                .map(picture -> picture.withChannels(preparation.channels()))
                .toList();
    }

    /** Returns {@code count} pictures of the given size; the first ones do not depend on how many follow. */
    public static List<Pixels> draw(long seed, int count, ImageSize size) {
        Random random = new Random(seed);
        List<Pixels> images = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            images.add(draw(random, size));
        }
        return List.copyOf(images);
    }

    private static Pixels draw(Random random, ImageSize size) {
        double[][] corners = triples(random, 4);
        double[][] colours = triples(random, BLOBS);
        double[][] places = triples(random, BLOBS); // x, y and radius, each of 0 to 1
        byte[] rgb = new byte[size.width() * size.height() * 3];
        for (int row = 0, at = 0; row < size.height(); row++) {
            double y = (row + 0.5) / size.height();
            for (int column = 0; column < size.width(); column++) {
                double x = (column + 0.5) / size.width();
                for (int channel = 0; channel < 3; channel++) {
                    double value = gradient(corners, x, y, channel);
                    for (int blob = 0; blob < BLOBS; blob++) {
                        double weight = weight(places[blob], x, y);
                        value = value * (1 - weight) + colours[blob][channel] * weight;
                    }
                    rgb[at++] = (byte) (int) (value * 255.999);
                }
            }
        }
        return new Pixels(size.width(), size.height(), rgb);
    }

    private static double gradient(double[][] corners, double x, double y, int channel) {
        double top = corners[0][channel] * (1 - x) + corners[1][channel] * x;
        double bottom = corners[2][channel] * (1 - x) + corners[3][channel] * x;
        return top * (1 - y) + bottom * y;
    }

    /**
     * A bump of 1 at the blob's middle that falls to 0 at its radius, in plain arithmetic so that no platform differs.
     */
    private static double weight(double[] blob, double x, double y) {
        double radius = 0.1 + 0.3 * blob[2];
        double dx = x - blob[0];
        double dy = y - blob[1];
        double rest = 1 - (dx * dx + dy * dy) / (radius * radius);
        return rest <= 0 ? 0 : rest * rest;
    }

    private static double[][] triples(Random random, int count) {
        double[][] colours = new double[count][3];
        for (double[] colour : colours) {
            for (int channel = 0; channel < 3; channel++) {
                colour[channel] = random.nextDouble();
            }
        }
        return colours;
    }
}
