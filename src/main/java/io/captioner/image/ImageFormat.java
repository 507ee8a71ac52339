package io.captioner.image;

/** The image formats that are read, told apart by content. */
public enum ImageFormat {
    JPEG,
    PNG,
    GIF,
    BMP,
    WEBP,
    TIFF,
    HEIC,
    AVIF
}
