package io.captioner.training.data;

/**
 * What was found of a picture that can be decoded.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 * @param width columns of the upright picture
 * @param height rows of the upright picture
 */
public record ImageFacts(String sha256, int width, int height) {}
