package io.captioner.attention;

/**
 * Where the attention of one word lies.
 *
 * @param peak centre of the heaviest cell, the topmost then leftmost of equals
 * @param box the smallest rectangle of whole cells that holds at least half of the mass
 * @param entropy - sum p ln p over the cells, divided by ln(cells): 0 if all lies in one cell, 1 if it is spread evenly
 */
public record Attention(Point peak, Box box, double entropy) {
    /** A pixel of the upright original, counted from its top-left corner. */
    public record Point(int x, int y) {}

    /**
     * A rectangle of whole pixels of the upright original, always inside it.
     *
     * @param x leftmost column
     * @param y topmost row
     * @param width columns, at least 1
     * @param height rows, at least 1
     */
    public record Box(int x, int y, int width, int height) {}
}
