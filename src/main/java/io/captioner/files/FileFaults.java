package io.captioner.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipException;

/** The kinds of input and output failures: those that the same try would meet again, and the others. */
public final class FileFaults {
    private static final List<Class<? extends IOException>> PERMANENT = List.of(
            AccessDeniedException.class,
            CharacterCodingException.class,
            FileAlreadyExistsException.class,
            FileNotFoundException.class,
            FileSystemLoopException.class,
            MalformedURLException.class,
            NoSuchFileException.class,
            NotDirectoryException.class,
            ZipException.class);

    /** Java has no type for these: it passes on the message of the operating system. */
    private static final List<String> PERMANENT_MESSAGES = List.of(
            "File name too long",
            "Is a directory",
            "Not a directory",
            "Operation not permitted",
            "Read-only file system",
            "Too many levels of symbolic links",
            "Unexpected end of ZLIB input stream");

    private FileFaults() {}

    /**
     * Returns whether a failure is one of data or settings, such as a missing or unreadable file: the same try would
     * meet it again. A full disk, a lost network and a failing device are not.
     */
    public static boolean isPermanent(IOException failure) {
        String message = message(failure);
        return PERMANENT.stream().anyMatch(type -> type.isInstance(failure))
                || PERMANENT_MESSAGES.stream().anyMatch(message::startsWith);
    }

    /** Returns what went wrong, in a few words without the file's name. */
    public static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "not there";
        }
        if (failure instanceof NotDirectoryException) {
            return "not a directory";
        }
        String message = message(failure);
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    private static String message(IOException failure) {
        return Objects.requireNonNullElse(
                failure instanceof FileSystemException ofFile ? ofFile.getReason() : failure.getMessage(), "");
    }
}
