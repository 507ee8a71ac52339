package io.captioner.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of all valid keys, immutable.
 *
 * <p>A plain SHA-256 is enough because keys are random, of 256 bits: they cannot be guessed, which is what slow hashes
 * and salts prevent. A slow hash would cost the service time with every request, valid or not.
 */
final class KeyHashes {
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
