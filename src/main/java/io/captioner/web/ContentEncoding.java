package io.captioner.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The compression of a request's body, as its header {@code Content-Encoding} names it. */
public enum ContentEncoding {
    /** Not at all. */
    IDENTITY,
    GZIP,
    /** The zlib format, or the bare deflate data that some clients send under this name. */
    DEFLATE,
    /** In an unsupported way, or in several ways. */
    UNSUPPORTED;

    public static final String HEADER = "Content-Encoding";

    /** What is read, as the value of {@code Accept-Encoding}. */
    static final String ACCEPTED = "gzip, deflate";

    /** Reads all headers of this name; empty ones, and {@code identity}, are ignored. */
    public static ContentEncoding of(Enumeration<String> headers) {
        List<String> codings = new ArrayList<>();
        for (String header : Collections.list(headers)) {
            // Tomcat has null for the value of some malformed lines.
            for (String coding : Objects.requireNonNullElse(header, "").split(",", -1)) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(name);
                }
            }
        }
        if (codings.isEmpty()) {
            return IDENTITY;
        }
        if (codings.size() > 1) {
            return UNSUPPORTED;
        }
        return switch (codings.get(0)) {
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> UNSUPPORTED;
        };
    }
}
