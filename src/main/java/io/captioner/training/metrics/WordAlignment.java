package io.captioner.training.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tartarus.snowball.ext.englishStemmer;

/**
 * The alignment of the words of a caption with those of a reference, as in METEOR 1.5: every word at most once, as many
 * exact matches as can be, in as few chunks as can be, found by its beam search with its order among equals.
 *
 * @param exact words matched with the same word
 * @param stems words matched with another word of the same stem
 * @param chunks runs of matches that are next to each other, in the same order, in both
 */
record WordAlignment(int exact, int stems, int chunks) {
    private static final int BEAM = 40;

    private static final Comparator<Path> BETTER_FIRST = Comparator.comparingInt((Path path) -> -path.exact)
            .thenComparingInt(path -> path.chunks)
            .thenComparingInt(path -> path.distance);

    /** A word of the caption that matches one of the reference. */
    private record Match(int word, boolean isExact) {}

    /** The matches of the words of the reference so far, from the left. */
    private static final class Path {
        private static final int NO_MATCH = -1;

        private final boolean[] used;
        private int exact;
        private int stems;
        private int chunks;
        private int distance;
        private int last = NO_MATCH;

        Path(boolean[] used) {
            this.used = used;
        }

        Path(Path other) {
            used = other.used.clone();
            exact = other.exact;
            stems = other.stems;
            chunks = other.chunks;
            distance = other.distance;
            last = other.last;
        }

        void take(Match match) {
            used[match.word()] = true;
            exact += match.isExact() ? 1 : 0;
            stems += match.isExact() ? 0 : 1;
            if (last != NO_MATCH && match.word() != last + 1) {
                chunks++;
            }
            last = match.word();
        }

        void close() {
            if (last != NO_MATCH) {
                chunks++;
                last = NO_MATCH;
            }
        }
    }

    /** Aligns two captions; either may be empty. */
    static WordAlignment of(List<String> candidate, List<String> reference) {
        List<List<Match>> matches = matches(candidate, reference);
        boolean[] fixed = new boolean[reference.size()];
        boolean[] used = new boolean[candidate.size()];
        int[] coverage = new int[candidate.size()];
        matches.forEach(word -> word.forEach(match -> coverage[match.word()]++));
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] =
                    matches.get(i).size() == 1 && coverage[matches.get(i).get(0).word()] == 1;
            if (fixed[i]) {
                used[matches.get(i).get(0).word()] = true;
            }
        }
        List<Path> paths = List.of(new Path(used));
        for (int i = 0; i < fixed.length; i++) {
            List<Path> next = new ArrayList<>();
            for (Path path : best(paths)) {
                if (fixed[i]) {
                    Match match = matches.get(i).get(0);
                    path.take(match);
                    path.distance += Math.abs(i - match.word());
                } else {
                    branch(path, matches.get(i), i, next);
                }
                next.add(path);
            }
            paths = next;
        }
        paths = best(paths);
        paths.forEach(Path::close);
        Path best = best(paths).get(0);
        return new WordAlignment(best.exact, best.stems, best.chunks);
    }

    /** Adds a path for each match of a word; the given path becomes the one that leaves the word out, and is far. */
    private static void branch(Path path, List<Match> matches, int position, List<Path> next) {
        for (Match match : matches) {
            if (!path.used[match.word()]) {
                Path taken = new Path(path);
                taken.take(match);
                next.add(taken);
                path.distance += Math.abs(position - match.word());
            }
        }
        path.close();
    }

    private static List<Path> best(List<Path> paths) {
        return paths.stream().sorted(BETTER_FIRST).limit(BEAM).toList();
    }

    /** Returns for each word of the reference the words that match it: the same, then those of its stem. */
    private static List<List<Match>> matches(List<String> candidate, List<String> reference) {
        List<String> candidateStems = stems(candidate);
        List<String> referenceStems = stems(reference);
        boolean isSame = candidate.equals(reference);
        List<List<Match>> matches = new ArrayList<>();
        for (int i = 0; i < reference.size(); i++) {
            List<Match> same = new ArrayList<>();
            List<Match> related = new ArrayList<>();
            for (int word = 0; word < candidate.size(); word++) {
                if (candidate.get(word).equals(reference.get(i))) {
                    same.add(new Match(word, true));
                } else if (!isSame && candidateStems.get(word).equals(referenceStems.get(i))) {
                    related.add(new Match(word, false));
                }
            }
            matches.add(Stream.concat(same.stream(), related.stream()).toList());
        }
        return matches;
    }

    private static List<String> stems(List<String> words) {
        englishStemmer stemmer = new englishStemmer();
        return words.stream()
                .map(word -> {
                    stemmer.setCurrent(word);
                    stemmer.stem();
                    return stemmer.getCurrent();
                })
                .toList();
    }
}
