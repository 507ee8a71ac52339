package io.captioner.image;

import io.captioner.image.format.ImageFormat;

/**
 * One decoded photo: the upright size of the original, and its pixels at the size the caller asked for.
 *
 * @param width columns of the upright original
 * @param height rows of the upright original
 * @param format what the bytes were, by content
 * @param pixels the upright, resized pixels
 */
public record Photo(int width, int height, ImageFormat format, Pixels pixels) {}
