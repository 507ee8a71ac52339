package io.captioner;

import java.nio.file.Path;

/** Where the bundle is that ships with the program. */
public final class ShippedBundle {
    public static final Path DIRECTORY = Path.of("models", "show-attend-tell", "8");

    private ShippedBundle() {}
}
