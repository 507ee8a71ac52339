package io.captioner.text;

import java.util.List;

/** Detects captions that repeat themselves, a common failure of recurrent decoders. */
public final class Repetition {
    private Repetition() {}

    /** Returns whether a run of one or more words is followed at once by itself. */
    public static boolean isIn(List<?> words) {
        for (int length = 1; 2 * length <= words.size(); length++) {
            for (int start = 0; start + 2 * length <= words.size(); start++) {
                int middle = start + length;
                if (words.subList(start, middle).equals(words.subList(middle, middle + length))) {
                    return true;
                }
            }
        }
        return false;
    }
}
