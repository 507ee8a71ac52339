package io.captioner.attention;

/** A pixel of the upright original, counted from its top-left corner. */
public record Point(int x, int y) {}
