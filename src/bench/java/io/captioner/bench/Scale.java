package io.captioner.bench;

import io.captioner.model.ManifestFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** A photo of twelve megapixels and its small version: both get the same caption. */
final class Scale implements Bench.Scenario {
    private static final int WIDTH = 4000;
    private static final int HEIGHT = 3000;

    @Override
    public void run(Options options, Report report) throws Exception {
        List<byte[]> photos = Photos.of(options, options.requests(100));
        int side = ManifestFile.read(BareModel.newestBundle(options.models()))
                .input()
                .width();
        Table table = new Table(
                "Captions of a photo at two sizes", "photo", "12 megapixels", "%d pixels".formatted(side), "same");
        int same = 0;
        try (ServerProcess server = ServerProcess.start(options)) {
            report.progress("%d photos".formatted(photos.size()));
            for (int i = 0; i < photos.size(); i++) {
                byte[] largeFile = Photos.large(photos.get(i));
                byte[] smallFile = Photos.encode(small(largeFile, side), "png");
                String ofLarge = server.exchange(Requests.photo(largeFile)).caption();
                String ofSmall = server.exchange(Requests.captions("image/png", smallFile))
                        .caption();
                same += ofLarge.equals(ofSmall) ? 1 : 0;
                table.row(Integer.toString(i + 1), ofLarge, ofSmall, ofLarge.equals(ofSmall) ? "yes" : "no");
            }
        }
        report.add(table);
        report.add(Report.Verdict.atLeast(
                "photos with the same caption at both sizes", 0.95, (double) same / photos.size()));
    }

    /** Lanczos with three lobes in one step and in double precision: slow, and independent of the service's code. */
    private static BufferedImage small(byte[] largeFile, int side) throws IOException {
        BufferedImage large = ImageIO.read(new ByteArrayInputStream(largeFile));
        double[][] across = lanczos(WIDTH, side);
        double[][] down = lanczos(HEIGHT, side);
        double[] result = new double[side * side * 3];
        for (int y = 0; y < HEIGHT; y++) {
            double[] line = line(large.getRGB(0, y, WIDTH, 1, null, 0, WIDTH), across);
            for (int row = 0; row < side; row++) {
                if (down[row][y] != 0) {
                    for (int i = 0; i < line.length; i++) {
                        result[row * line.length + i] += down[row][y] * line[i];
                    }
                }
            }
        }
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            picture.setRGB(
                    i % side,
                    i / side,
                    level(result[3 * i]) << 16 | level(result[3 * i + 1]) << 8 | level(result[3 * i + 2]));
        }
        return picture;
    }

    private static double[] line(int[] rgb, double[][] weights) {
        int side = weights.length;
        double[] line = new double[side * 3];
        for (int x = 0; x < side; x++) {
            int reach = 3 * rgb.length / side + 1;
            int middle = (2 * x + 1) * rgb.length / (2 * side);
            for (int source = Math.max(0, middle - reach);
                    source < Math.min(rgb.length, middle + reach + 1);
                    source++) {
                double weight = weights[x][source];
                line[3 * x] += weight * (rgb[source] >> 16 & 255);
                line[3 * x + 1] += weight * (rgb[source] >> 8 & 255);
                line[3 * x + 2] += weight * (rgb[source] & 255);
            }
        }
        return line;
    }

    /** Returns the weight of every source position in every target position. */
    private static double[][] lanczos(int from, int side) {
        double scale = (double) from / side;
        double[][] weights = new double[side][from];
        for (int target = 0; target < side; target++) {
            double sum = 0;
            for (int source = 0; source < from; source++) {
                double x = (source + 0.5) / scale - (target + 0.5);
                weights[target][source] = Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
                sum += weights[target][source];
            }
            for (int source = 0; source < from; source++) {
                weights[target][source] /= sum;
            }
        }
        return weights;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static int level(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }
}
