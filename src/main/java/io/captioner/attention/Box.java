package io.captioner.attention;

/**
 * A rectangle of whole pixels of the upright original, always inside it.
 *
 * @param x leftmost column
 * @param y topmost row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Box(int x, int y, int width, int height) {}
