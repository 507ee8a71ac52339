package io.captioner.attention;

/**
 * Where a model looked when it said one word.
 *
 * @param peak centre of the heaviest cell, the topmost then leftmost of equals
 * @param box the smallest rectangle of whole cells that holds at least half of the mass
 * @param entropy - sum p ln p over the cells, divided by ln(cells): 0 if all lies in one cell, 1 if it is spread evenly
 */
public record Attention(Point peak, Box box, double entropy) {}
