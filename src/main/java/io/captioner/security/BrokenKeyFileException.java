package io.captioner.security;

/** Says where and why a file of keys cannot be used. It never quotes the file, which may hold a key by mistake. */
final class BrokenKeyFileException extends Exception {
    BrokenKeyFileException(String message) {
        super(message);
    }

    BrokenKeyFileException(int line, String reason) {
        super("line %d: %s".formatted(line, reason));
    }
}
