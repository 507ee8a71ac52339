package io.captioner.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damage done to files: flipped bits, cuts, splices, and sizes in headers that promise too much. */
final class Mutations {
    private static final int HEADER = 64;

    private final List<byte[]> originals;

    Mutations(List<byte[]> originals) {
        this.originals = originals;
    }

    byte[] original(Random random) {
        return originals.get(random.nextInt(originals.size()));
    }

    /** Returns a damaged copy of one of the originals. */
    byte[] next(Random random) {
        byte[] file = original(random).clone();
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            file = mutate(file, random);
        }
        return file;
    }

    /** Returns the bytes damaged in one way; never empty unless they were. */
    byte[] mutate(byte[] bytes, Random random) {
        if (bytes.length < 4) {
            return bytes;
        }
        return switch (random.nextInt(6)) {
            case 0 -> flipBits(bytes, random);
            case 1 -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
            case 2 -> splice(bytes, original(random), random);
            case 3 -> extremeNumber(bytes, random.nextInt(Math.min(HEADER, bytes.length - 3)), random);
            case 4 -> extremeNumber(bytes, random.nextInt(bytes.length - 3), random);
            default -> repeat(bytes, random);
        };
    }

    private static byte[] flipBits(byte[] bytes, Random random) {
        int flips = 1 + random.nextInt(16);
        for (int i = 0; i < flips; i++) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(HEADER, bytes.length) : bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] splice(byte[] one, byte[] other, Random random) {
        byte[] head = Arrays.copyOf(one, 1 + random.nextInt(one.length - 1));
        byte[] tail = Arrays.copyOfRange(other, random.nextInt(other.length), other.length);
        return Requests.join(head, tail);
    }

    /** Writes a size of two or four bytes that somebody might believe. */
    private static byte[] extremeNumber(byte[] bytes, int at, Random random) {
        int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff, 0x7fff, 0x10000, 0xfafa};
        int number = numbers[random.nextInt(numbers.length)];
        boolean bigEndian = random.nextBoolean();
        int length = random.nextBoolean() ? 2 : 4;
        for (int i = 0; i < length; i++) {
            int shift = 8 * (bigEndian ? length - 1 - i : i);
            bytes[at + i] = (byte) (number >> shift);
        }
        return bytes;
    }

    private static byte[] repeat(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(2_000));
        byte[] piece = Arrays.copyOfRange(bytes, from, to);
        byte[] head = Arrays.copyOf(bytes, to);
        byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
        return Requests.join(head, piece, piece, tail);
    }
}
