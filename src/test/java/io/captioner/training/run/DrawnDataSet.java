package io.captioner.training.run;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import tools.jackson.databind.json.JsonMapper;

/** A small data set of drawn pictures: a coloured ball somewhere on a coloured ground. */
public final class DrawnDataSet {
    private static final Map<String, Color> BALLS = new TreeMap<>(
            Map.of("red", new Color(220, 20, 20), "green", new Color(20, 180, 20), "blue", new Color(20, 20, 220)));
    private static final Map<String, Color> GROUNDS = new TreeMap<>(Map.of(
            "white", new Color(250, 250, 250), "black", new Color(10, 10, 10), "yellow", new Color(240, 230, 40)));

    private DrawnDataSet() {}

    /** One picture as a PNG file, what is in it, and where the ball is, in pixels. */
    @SuppressWarnings("ArrayRecordComponent")
    record Picture(byte[] png, String caption, Rectangle ball) {}

    /** Returns {@code each} pictures of every ball on every ground; a ball takes about half of a side. */
    public static List<Picture> draw(int side, int each, long seed) throws IOException {
        return draw(side, side / 2, each, seed);
    }

    /** @param size least side of a ball; some are larger by up to an eighth of the picture's side */
    static List<Picture> draw(int side, int size, int each, long seed) throws IOException {
        Random random = new Random(seed);
        List<Picture> pictures = new ArrayList<>();
        for (String ball : BALLS.keySet()) {
            for (String ground : GROUNDS.keySet()) {
                for (int i = 0; i < each; i++) {
                    int drawn = size + random.nextInt(side / 8);
                    Rectangle box =
                            new Rectangle(random.nextInt(side - drawn), random.nextInt(side - drawn), drawn, drawn);
                    pictures.add(new Picture(
                            png(side, BALLS.get(ball), GROUNDS.get(ground), box),
                            "a %s ball on %s ground".formatted(ball, ground),
                            box));
                }
            }
        }
        return pictures;
    }

    /** Writes {@code captions.jsonl} and {@code photos/}. */
    public static void write(Path folder, List<Picture> training, List<Picture> validation) throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        List<String> lines = new ArrayList<>();
        for (Picture picture : training) {
            lines.add(line(folder, lines.size(), "train", picture));
        }
        for (Picture picture : validation) {
            lines.add(line(folder, lines.size(), "val", picture));
        }
        Files.write(folder.resolve("captions.jsonl"), lines);
    }

    private static String line(Path folder, int number, String split, Picture picture) throws IOException {
        String file = "%03d.png".formatted(number);
        Files.write(folder.resolve("photos").resolve(file), picture.png());
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "image", file, "split", split, "captions", List.of(picture.caption(), picture.caption())));
    }

    private static byte[] png(int side, Color ball, Color ground, Rectangle box) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(ground);
        graphics.fillRect(0, 0, side, side);
        graphics.setColor(ball);
        graphics.fillOval(box.x, box.y, box.width, box.height);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
