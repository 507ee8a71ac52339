package io.captioner.bench;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** A photo of twelve megapixels and its small version: both get the same caption. */
final class Scale implements Scenario {
    private static final int WIDTH = 4000;
    private static final int HEIGHT = 3000;
    private static final int SHORT_SIDE = 224;
    private static final float LARGE_QUALITY = 0.92f;

    @Override
    public void run(Options options, Report report) throws Exception {
        List<byte[]> photos = Photos.of(options, options.requests(100));
        Table table = new Table("Captions of a photo at two sizes", "photo", "12 megapixels", "224 pixels", "same");
        int same = 0;
        try (ServerProcess server = ServerProcess.start(options)) {
            report.progress("%d photos".formatted(photos.size()));
            for (int i = 0; i < photos.size(); i++) {
                BufferedImage photo = ImageIO.read(new ByteArrayInputStream(photos.get(i)));
                BufferedImage large = resize(photo, WIDTH, HEIGHT);
                byte[] largeFile = ImageFiles.jpeg(large, LARGE_QUALITY);
                byte[] smallFile = ImageFiles.encode(small(largeFile), "png");
                String ofLarge = Captions.of(server.exchange(Requests.photo(largeFile)));
                String ofSmall = Captions.of(server.exchange(Requests.captions("image/png", smallFile)));
                same += ofLarge.equals(ofSmall) ? 1 : 0;
                table.row(Integer.toString(i + 1), ofLarge, ofSmall, ofLarge.equals(ofSmall) ? "yes" : "no");
            }
        }
        report.add(table);
        report.add(Verdict.atLeast("photos with the same caption at both sizes", 0.95, (double) same / photos.size()));
    }

    /** First the one step that is no halving, where a large photo has no detail to lose, then exact halves. */
    private static BufferedImage small(byte[] largeFile) throws IOException {
        int factor = Integer.highestOneBit(HEIGHT / SHORT_SIDE);
        int height = SHORT_SIDE * factor;
        BufferedImage picture =
                resize(ImageIO.read(new ByteArrayInputStream(largeFile)), height * WIDTH / HEIGHT, height);
        while (picture.getHeight() > SHORT_SIDE) {
            picture = resize(picture, picture.getWidth() / 2, picture.getHeight() / 2);
        }
        return picture;
    }

    private static BufferedImage resize(BufferedImage picture, int width, int height) {
        BufferedImage resized = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = resized.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        pen.drawImage(picture, 0, 0, width, height, null);
        pen.dispose();
        return resized;
    }
}
