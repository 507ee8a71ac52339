package io.captioner.training.metrics;

import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tartarus.snowball.ext.englishStemmer;

/**
 * METEOR (Denkowski and Lavie 2014) with two of its four matchers, exact words and stems of Snowball's English stemmer,
 * and without function words. It is not METEOR 1.5, whose synonyms and paraphrases find more: its scores are lower, and
 * comparable only among themselves.
 *
 * <p>Parameters are those of METEOR 1.5 for English: alpha 0.85, beta 0.2, gamma 0.6, matcher weights 1 and 0.6. The
 * weight of content against function words, delta, is 0.5: both count alike, for the list of function words is not ours
 * to ship. Equal to METEOR 1.5 with {@code -m "exact stem" -w "1.0 0.6" -p "0.85 0.2 0.6 0.5"}.
 */
final class MeteorExactStem {
    private static final double ALPHA = 0.85;
    private static final double BETA = 0.2;
    private static final double GAMMA = 0.6;
    private static final double STEM_WEIGHT = 0.6;

    private MeteorExactStem() {}

    /** Sums over captions: lengths, words matched exactly and by their stems, and chunks. */
    private record Totals(int candidate, int reference, int exact, int stems, int chunks) {
        private static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        /** A caption that is its reference, in one piece, is not in pieces: it has no chunk, in the sums too. */
        static Totals of(int candidate, int reference, WordAlignment alignment) {
            int matches = alignment.exact() + alignment.stems();
            boolean isWhole = matches == candidate && matches == reference && alignment.chunks() == 1;
            return new Totals(
                    candidate, reference, alignment.exact(), alignment.stems(), isWhole ? 0 : alignment.chunks());
        }

        Totals plus(Totals other) {
            return new Totals(
                    candidate + other.candidate,
                    reference + other.reference,
                    exact + other.exact,
                    stems + other.stems,
                    chunks + other.chunks);
        }

        double score() {
            int matches = exact + stems;
            if (matches == 0) {
                return 0;
            }
            double weighted = exact + STEM_WEIGHT * stems;
            double mean = 1 / ((1 - ALPHA) * candidate / weighted + ALPHA * reference / weighted);
            double fragmentation = (double) chunks / matches;
            return mean * (1 - GAMMA * Math.pow(fragmentation, BETA));
        }
    }

    /** Returns the score of all images: from the sums over each candidate and the reference that suits it best. */
    static double score(List<ScoredImage> images) {
        return images.stream()
                .map(MeteorExactStem::best)
                .reduce(Totals.NONE, Totals::plus)
                .score();
    }

    private static Totals best(ScoredImage image) {
        Totals best = Totals.NONE;
        double bestScore = -1;
        for (List<String> reference : image.references()) {
            Totals totals = Totals.of(
                    image.candidate().size(), reference.size(), WordAlignment.of(image.candidate(), reference));
            if (totals.score() > bestScore) {
                best = totals;
                bestScore = totals.score();
            }
        }
        return best;
    }

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
}
