package io.captioner.training.data;

import io.captioner.training.data.DatasetFault.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The rule for photos that are the same: in one split the first stays, of two splits test goes before val and val
 * before train.
 */
final class DuplicateResolver {
    private DuplicateResolver() {}

    /**
     * Leaves one of each set of equal photos.
     *
     * @param key equal for photos that are the same
     * @param same what they have in common, as in "has the name of"
     * @param faults told of each photo that does not stay
     * @return those that stay, in their order
     */
    static List<Candidate> resolve(
            List<Candidate> candidates, Function<Candidate, String> key, String same, Consumer<DatasetFault> faults) {
        Map<String, Candidate> winners = new HashMap<>();
        for (Candidate candidate : candidates) {
            String name = key.apply(candidate);
            Candidate other = winners.putIfAbsent(name, candidate);
            if (other == null) {
                continue;
            }
            boolean wins = candidate.split().compareTo(other.split()) > 0;
            Candidate loser = wins ? other : candidate;
            Candidate winner = wins ? candidate : other;
            winners.put(name, winner);
            faults.accept(fault(loser, winner, same));
        }
        return candidates.stream()
                .filter(candidate -> winners.get(key.apply(candidate)) == candidate)
                .toList();
    }

    private static DatasetFault fault(Candidate loser, Candidate winner, String same) {
        Kind kind = loser.split() == winner.split() ? Kind.DUPLICATE_IMAGE : Kind.SPLIT_LEAK;
        return new DatasetFault(
                loser.where(),
                kind,
                "'%s' in split %s %s '%s' in split %s (%s)"
                        .formatted(
                                loser.image(),
                                loser.split().label(),
                                same,
                                winner.image(),
                                winner.split().label(),
                                winner.where()));
    }
}
