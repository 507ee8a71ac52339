package io.captioner.bench;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests that are wrong in their picture, their multipart framing, their headers or their parameters. */
final class HostileRequests {
    private static final String BOUNDARY = "bench-boundary";

    private final Mutations mutations;

    HostileRequests(Mutations mutations) {
        this.mutations = mutations;
    }

    /** Returns a whole request; the same for the same chance. */
    byte[] next(Random random) {
        return switch (random.nextInt(6)) {
            case 5 -> new HeadMutations(mutations.original(random)).next(random);
            case 0, 1 -> Requests.captions(type(random), mutations.next(random));
            case 2 -> multipart(part("image", "photo.jpg", mutations.next(random)));
            case 3 -> brokenFraming(random);
            default -> brokenHead(random);
        };
    }

    private byte[] brokenFraming(Random random) {
        byte[] picture = mutations.original(random);
        return switch (random.nextInt(7)) {
            case 0 -> captions("multipart/form-data", part("image", "a.jpg", picture));
            case 1 -> captions("multipart/form-data; boundary=another", part("image", "a.jpg", picture));
            case 2 ->
                multipart(Requests.join(
                        Requests.ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"image\"\r\n"),
                        picture));
            case 3 ->
                multipart(Requests.join(
                        Requests.ascii(
                                "--" + BOUNDARY + "\r\nX-Long: " + "x".repeat(1 + random.nextInt(100_000)) + "\r\n"),
                        part("image", "a.jpg", picture)));
            case 4 -> multipart(part("x".repeat(1 + random.nextInt(50)), "../../a\u0000.jpg", picture));
            case 5 -> manyParts(random);
            default ->
                captions(
                        "multipart/form-data; boundary=" + BOUNDARY,
                        mutations.mutate(part("image", "a.jpg", picture), random));
        };
    }

    private static byte[] manyParts(Random random) {
        byte[][] parts = new byte[1 + random.nextInt(200)][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part(random.nextBoolean() ? "image" : "beamWidth", null, Requests.ascii("3"));
        }
        return multipart(Requests.join(parts));
    }

    private byte[] brokenHead(Random random) {
        byte[] picture = mutations.original(random);
        return switch (random.nextInt(8)) {
            case 0 ->
                Requests.join(
                        Requests.captionsHead("image/jpeg", picture.length + 1L + random.nextInt(10_000)), picture);
            case 1 -> Requests.join(Requests.captionsHead("image/jpeg", random.nextInt(picture.length)), picture);
            case 2 -> head("/captions", "Content-Length: " + (random.nextBoolean() ? "-1" : "99999999999999999999"));
            case 3 -> head("/captions?beamWidth=" + random.nextInt() + "&maxWords=" + random.nextLong(), "X-Y: z");
            case 4 ->
                Requests.join(
                        head(
                                "/captions?nonsense=%00&alternatives=" + random.nextInt(100),
                                "Content-Length: " + picture.length),
                        picture);
            case 5 ->
                Requests.join(
                        head(
                                "/captions",
                                "X-Request-Timeout: " + random.nextLong() + "s\r\nContent-Length: " + picture.length),
                        picture);
            case 6 ->
                Requests.join(
                        head("/captions", "Transfer-Encoding: chunked"),
                        Requests.ascii(Integer.toHexString(random.nextInt(1 << 20)) + ";x\r\n"),
                        picture);
            default -> mutations.mutate(Requests.photo(picture), random);
        };
    }

    private static byte[] head(String path, String headers) {
        return Requests.ascii("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + Requests.KEY_HEADER
                + "Content-Type: image/jpeg\r\n" + headers + "\r\n\r\n");
    }

    private static String type(Random random) {
        String[] types = {
            "image/jpeg",
            "image/png",
            "image/webp",
            "application/octet-stream",
            "image/" + "x".repeat(100),
            "text/plain",
            ";/"
        };
        return types[random.nextInt(types.length)];
    }

    private static byte[] multipart(byte[] parts) {
        return captions(
                "multipart/form-data; boundary=" + BOUNDARY,
                Requests.join(parts, Requests.ascii("--" + BOUNDARY + "--\r\n")));
    }

    private static byte[] captions(String type, byte[] body) {
        return Requests.captions(type, body);
    }

    static byte[] part(String name, @Nullable String filename, byte[] content) {
        String file = filename == null ? "" : "; filename=\"" + filename + "\"";
        return Requests.join(
                Requests.ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + file
                        + "\r\n\r\n"),
                content,
                Requests.ascii("\r\n"));
    }
}
