package io.captioner.bulk;

import io.captioner.jobs.UnusableJobException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One of {@code count} equal parts of all photos. The part of a photo follows from its name alone, so it does not
 * change when photos are added or removed.
 *
 * @param index from 0, as Kubernetes counts the completions of an indexed Job
 * @param count of parts
 */
record Shard(int index, int count) {
    /** @throws UnusableJobException if there is no such part */
    Shard {
        if (count < 1 || index < 0 || index >= count) {
            throw new UnusableJobException(
                    "captioner.bulk.shard is %d/%d: set it to INDEX/COUNT with INDEX from 0 to COUNT - 1"
                            .formatted(index, count));
        }
    }

    /** Reads {@code INDEX/COUNT}. */
    public static Shard valueOf(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
            return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
        throw new UnusableJobException(
                "captioner.bulk.shard is '%s': set it to INDEX/COUNT, such as 3/10".formatted(text));
    }

    boolean holds(String name) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % count == index;
    }

    /** Returns the name of this part's file. */
    String fileName() {
        return "part-%05d-of-%05d.jsonl".formatted(index, count);
    }
}
