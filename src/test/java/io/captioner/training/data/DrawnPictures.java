package io.captioner.training.data;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Pictures that tests draw. */
public final class DrawnPictures {
    private DrawnPictures() {}

    /** Returns a JPEG file; another number is another picture. */
    public static byte[] jpeg(int width, int height, int number) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.getHSBColor(number * 0.13f, 0.6f, 0.9f));
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.getHSBColor(number * 0.13f + 0.5f, 0.8f, 0.5f));
        graphics.fillOval(width / 4, height / 4, width / 2, height / (2 + number % 3));
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        return out.toByteArray();
    }
}
