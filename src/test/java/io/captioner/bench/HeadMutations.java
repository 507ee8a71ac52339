package io.captioner.bench;

import java.util.Random;

/** Requests whose query strings, headers, paths or request lines are odd or damaged, with a good picture or none. */
final class HeadMutations {
    private static final String[] METHODS = {"POST", "POST", "POST", "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO"};
    private static final String[] PATHS = {
        "/captions",
        "/captions",
        "/captions",
        "/models",
        "/models/show-attend-tell",
        "/",
        "/livez",
        "/readyz",
        "/swagger-ui.html",
        "/swagger-ui/index.html",
        "/v3/api-docs",
        "/error",
        "/nowhere",
        "*",
        "/captions/%2e%2e"
    };
    private static final String[] NAMES = {
        "beamWidth",
        "seed",
        "model",
        "strategy",
        "attention",
        "temperature",
        "topK",
        "maxWords",
        "",
        "%",
        "image",
        "a%00b"
    };
    private static final String[] VALUES = {
        "100%",
        "%",
        "%%",
        "%2",
        "%zz",
        "%u0041",
        "%00",
        "%ff",
        "%c3%28",
        "%F0%9F%90%B6",
        "+",
        "1e400",
        "NaN",
        "-0",
        "4294967295",
        "9999999999999999999999",
        "'",
        "<a>",
        "a=b=c",
        "\u00ff",
        "",
        "{}",
        "[]",
        "|",
        "^",
        "`",
        "\\"
    };
    private static final String[] HEADERS = {
        "Host",
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Transfer-Encoding",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Accept-Charset",
        "Authorization",
        "X-API-Key",
        "X-Request-Timeout",
        "Expect",
        "Connection",
        "Upgrade",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "traceparent",
        "tracestate",
        "baggage",
        "Range",
        "If-None-Match",
        "If-Modified-Since",
        "Origin",
        "Referer",
        "Cookie",
        "Access-Control-Request-Method",
        "X-HTTP-Method-Override",
        "TE",
        "Trailer",
        "Max-Forwards",
        "Content-Disposition",
        "Content-Range",
        "Date",
        "X B",
        "",
        "X-\u00e9"
    };
    private static final String[] CONTENTS = {
        "",
        " ",
        "*/*",
        "text/plain",
        "gzip",
        "br",
        "gzip, gzip",
        "chunked",
        "identity, chunked",
        "chunked, chunked",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"",
        "image/png; charset=%",
        "image/png; charset=x\"",
        "application/x-www-form-urlencoded; charset=nonsense",
        ";",
        "/",
        "q=x",
        "*/*;q=2",
        "Bearer",
        "Basic eDp5",
        "Digest \"",
        "close",
        "h2c",
        "100-continue",
        "nonsense",
        "0",
        "-1",
        "99999999999999999999",
        "caption_svc:8080",
        "a:b:c",
        "[::1",
        "host:99999",
        "for=\"[::1\";proto=",
        "host=a b",
        "https",
        "ftp",
        "/ai",
        "//x",
        "ai",
        "/%",
        "/ai,/b",
        "00-00000000000000000000000000000000-0000000000000000-00",
        "bytes=0-,9-1",
        "\"x",
        "W/",
        "Thu, 99 Foo 2026",
        "http://[",
        "a=\u0001",
        "\u00ff\u00fe",
        "1s",
        "-5",
        "1e99s",
        "PT5S",
        "5 s",
        "\t"
    };
    private static final String[] VERSIONS = {
        "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/1.x", "http/1.1", "", "X"
    };
    private static final String ODD = "%&=?#;:,/\\\"'<>{}[]|^`~ \t\u0000\u0001\u007f\u00ff_+*";
    private static final int MOST_REPEATS = 1200;

    private final byte[] picture;

    /** @param picture a good one, small because it goes over the wire with many of the requests */
    HeadMutations(byte[] picture) {
        this.picture = picture;
    }

    /** Returns a whole request; the same for the same chance. */
    byte[] next(Random random) {
        StringBuilder head = new StringBuilder();
        boolean oddLine = random.nextInt(12) == 0;
        head.append(oddLine ? pick(METHODS, random) : "POST").append(' ');
        head.append(random.nextInt(3) == 0 ? pick(PATHS, random) : "/captions")
                .append(query(random))
                .append(' ');
        head.append(random.nextInt(20) == 0 ? pick(VERSIONS, random) : "HTTP/1.1")
                .append("\r\n");
        head.append("Host: localhost\r\n").append(Requests.KEY_HEADER).append("Connection: close\r\n");
        if (random.nextInt(3) > 0) {
            head.append("Content-Type: image/png\r\n");
        }
        boolean body = random.nextInt(4) > 0;
        head.append("Content-Length: ").append(body ? picture.length : 0).append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(pick(HEADERS, random))
                    .append(": ")
                    .append(content(random))
                    .append("\r\n");
        }
        head.append("\r\n");
        byte[] bytes = Requests.ascii(head.toString());
        if (random.nextInt(4) == 0) {
            // Not the last line end, or the server waits for the rest of the head.
            int at = random.nextInt(bytes.length - 4);
            bytes[at] = (byte) ODD.charAt(random.nextInt(ODD.length()));
        }
        return body ? Requests.join(bytes, picture) : bytes;
    }

    private static String query(Random random) {
        int parameters = random.nextInt(4);
        if (parameters == 0) {
            return "";
        }
        StringBuilder query = new StringBuilder("?");
        int repeats = random.nextInt(200) == 0 ? MOST_REPEATS : 1;
        for (int i = 0; i < parameters * repeats; i++) {
            query.append(i > 0 ? "&" : "").append(pick(NAMES, random));
            query.append(random.nextInt(8) > 0 ? "=" : "").append(pick(VALUES, random));
        }
        return random.nextInt(6) > 0
                ? query.toString()
                : query.insert(random.nextInt(query.length()), odd(random)).toString();
    }

    private static String content(Random random) {
        String content = pick(CONTENTS, random);
        return switch (random.nextInt(8)) {
            case 0 -> content + odd(random);
            case 1 -> odd(random) + content;
            case 2 -> content.repeat(1 + random.nextInt(300));
            default -> content;
        };
    }

    private static String odd(Random random) {
        return String.valueOf(ODD.charAt(random.nextInt(ODD.length())));
    }

    private static String pick(String[] all, Random random) {
        return all[random.nextInt(all.length)];
    }
}
