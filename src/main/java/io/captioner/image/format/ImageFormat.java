package io.captioner.image.format;

import org.springframework.modulith.NamedInterface;

/** The image formats that are read, told apart by content. */
@NamedInterface("format")
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
