package io.captioner.security;

import io.captioner.security.Client.Limits;
import io.captioner.security.KeyFile.KeyHashes.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of the file of keys, a line each: {@code NAME SHA256 [requests-per-second=N] [burst=N] [concurrent=N]},
 * with {@code #} before comments. A name may have several keys, which share its limits, so that a key can be changed
 * without an interruption.
 */
final class KeyFile {
    /** Every request is compared with all keys; more clients than this need tokens. */
    static final int MAX_KEYS = 1000;

    /** Most bytes of a file. */
    static final int MAX_BYTES = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private KeyFile() {}

    /**
     * Reads the file strictly.
     *
     * @param defaults limits of keys for which the file sets none
     * @throws BrokenKeyFileException if any of it cannot be used; then none of it must be
     */
    static KeyHashes parse(byte[] bytes, Limits defaults) throws BrokenKeyFileException {
        List<Entry> entries = new ArrayList<>();
        Map<String, Limits> limits = new HashMap<>();
        Set<String> hashes = new HashSet<>();
        int number = 0;
        for (String line : text(bytes).split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            String content = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (content.isEmpty()) {
                continue;
            }
            Entry entry = entry(content, defaults, number);
            Client client = entry.client();
            if (!hashes.add(HexFormat.of().formatHex(entry.sha256()))) {
                throw new BrokenKeyFileException(number, "duplicate hash: one key has one line");
            }
            Limits before = limits.putIfAbsent(client.id(), client.limits());
            if (before != null && !before.equals(client.limits())) {
                throw new BrokenKeyFileException(
                        number, "%s has other limits above: give all its keys the same".formatted(client.id()));
            }
            entries.add(entry);
        }
        if (entries.isEmpty()) {
            throw new BrokenKeyFileException("there is no key in it");
        }
        if (entries.size() > MAX_KEYS) {
            throw new BrokenKeyFileException(
                    "there are more than %d keys: use tokens for more clients".formatted(MAX_KEYS));
        }
        return new KeyHashes(entries);
    }

    private static String text(byte[] bytes) throws BrokenKeyFileException {
        if (bytes.length > MAX_BYTES) {
            throw new BrokenKeyFileException("it is larger than %d bytes".formatted(MAX_BYTES));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BrokenKeyFileException("it is not UTF-8");
        }
    }

    private static Entry entry(String content, Limits defaults, int line) throws BrokenKeyFileException {
        String[] words = BLANKS.split(content);
        if (!NAME.matcher(words[0]).matches()) {
            throw new BrokenKeyFileException(
                    line, "the name must have letters, digits, '.', '_' and '-', and at most 64 of them");
        }
        if (words.length < 2 || !HASH.matcher(words[1]).matches()) {
            throw new BrokenKeyFileException(
                    line, "after the name comes the SHA-256 of the key, in 64 hexadecimal digits");
        }
        Limits limits = limits(words, defaults, line);
        byte[] hash = HexFormat.of().parseHex(words[1].toLowerCase(Locale.ROOT));
        return new Entry(new Client(words[0], words[0], limits), hash);
    }

    private static Limits limits(String[] words, Limits defaults, int line) throws BrokenKeyFileException {
        Map<String, String> settings = new HashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0 || settings.put(words[i].substring(0, equals), words[i].substring(equals + 1)) != null) {
                throw new BrokenKeyFileException(line, "word %d is no setting, or a duplicate one".formatted(i + 1));
            }
        }
        try {
            String rate = settings.remove("requests-per-second");
            String burst = settings.remove("burst");
            String concurrent = settings.remove("concurrent");
            if (!settings.isEmpty()) {
                throw new BrokenKeyFileException(
                        line, "the only settings are requests-per-second, burst and concurrent");
            }
            return new Limits(
                    rate == null ? defaults.requestsPerSecond() : Double.parseDouble(rate),
                    burst == null ? defaults.burst() : Integer.parseInt(burst),
                    concurrent == null ? defaults.concurrent() : Integer.parseInt(concurrent));
        } catch (NumberFormatException e) {
            throw new BrokenKeyFileException(line, "a limit is no number");
        } catch (IllegalArgumentException e) {
            throw new BrokenKeyFileException(line, String.valueOf(e.getMessage()));
        }
    }

    /** Says where and why a file of keys cannot be used. It never quotes the file, which may hold a key by mistake. */
    static final class BrokenKeyFileException extends Exception {
        BrokenKeyFileException(String message) {
            super(message);
        }

        BrokenKeyFileException(int line, String reason) {
            super("line %d: %s".formatted(line, reason));
        }
    }

    /**
     * The hashes of all valid keys, immutable.
     *
     * <p>A plain SHA-256 is enough because keys are random, of 256 bits: they cannot be guessed, which is what slow hashes
     * and salts prevent. A slow hash would cost the service time with every request, valid or not.
     */
    static final class KeyHashes {
        /** Shorter keys are refused whatever the file says, so that no password works: 128 bits in hexadecimal. */
        static final int SHORTEST_KEY = 32;

        /** The hash of one key, and the client that has the key. */
        @SuppressWarnings("ArrayRecordComponent") // never compared as a record, never changed
        record Entry(Client client, byte[] sha256) {}

        private final List<Entry> entries;

        KeyHashes(List<Entry> entries) {
            this.entries = List.copyOf(entries);
        }

        int size() {
            return entries.size();
        }

        /** Returns the client of a key, null for none. The time it takes does not reveal how much of a key is right. */
        @Nullable Client find(String key) {
            if (key.length() < SHORTEST_KEY) {
                return null;
            }
            byte[] hash = sha256(key);
            @Nullable Client found = null;
            for (Entry entry : entries) {
                if (MessageDigest.isEqual(entry.sha256(), hash)) {
                    found = entry.client(); // continue to the last one, as for a key that is not found
                }
            }
            return found;
        }

        static byte[] sha256(String key) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("bug: every JDK has SHA-256", e);
            }
        }
    }
}
