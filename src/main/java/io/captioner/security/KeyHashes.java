package io.captioner.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of all keys that are good at a time.
 *
 * <p>A plain SHA-256 is enough because keys are random, of 256 bits: there is nothing to guess, which is what slow
 * hashes and salts are against. A slow one would be paid for by the service with every request, good or bad.
 */
public final class KeyHashes {
    /** Shorter keys are refused whatever the file says, so that no password works: 128 bits in hexadecimal. */
    static final int SHORTEST_KEY = 32;

    /** One hash, and who has its key. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record, never changed
    record Entry(Client sender, byte[] sha256) {}

    private final List<Entry> entries;

    KeyHashes(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    int size() {
        return entries.size();
    }

    /** Returns whose key this is, null for nobody's. How long it takes does not tell how much of a key is right. */
    @Nullable Client find(String key) {
        if (key.length() < SHORTEST_KEY) {
            return null;
        }
        byte[] hash = sha256(key);
        @Nullable Client found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.sha256(), hash)) {
                found = entry.sender(); // and on to the last one, as if it had not been found
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
