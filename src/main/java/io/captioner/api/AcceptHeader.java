package io.captioner.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/** The choice among the media types of an answer. */
final class AcceptHeader {
    private AcceptHeader() {}

    /**
     * Returns the type that a client likes best, as RFC 9110 has it: the quality of a type is that of the most specific
     * range that includes it. Of equal qualities the more specific range counts, then the order of the types:
     * {@code image/png, *}{@code /*} is a PNG.
     *
     * @param accept values of the header, well-formed as the mapping of the route requires; none accepts all
     * @param types that the answer can have, in the order in which they are preferred
     * @throws HttpMediaTypeNotAcceptableException if none is accepted
     */
    static MediaType best(List<String> accept, List<MediaType> types) throws HttpMediaTypeNotAcceptableException {
        List<MediaType> ranges = MediaType.parseMediaTypes(accept);
        MediaType best = ranges.isEmpty() ? types.get(0) : null;
        double bestQuality = 0;
        int bestSpecificity = -1;
        for (MediaType type : types) {
            MediaType range = mostSpecific(ranges, type);
            if (range == null || range.getQualityValue() == 0) {
                continue;
            }
            double quality = range.getQualityValue();
            int specificity = specificity(range);
            if (quality > bestQuality || quality == bestQuality && specificity > bestSpecificity) {
                best = type;
                bestQuality = quality;
                bestSpecificity = specificity;
            }
        }
        if (best == null) {
            throw new HttpMediaTypeNotAcceptableException(types);
        }
        return best;
    }

    private static @Nullable MediaType mostSpecific(List<MediaType> ranges, MediaType type) {
        MediaType best = null;
        for (MediaType range : ranges) {
            if (range.includes(type) && (best == null || specificity(range) > specificity(best))) {
                best = range;
            }
        }
        return best;
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }
}
