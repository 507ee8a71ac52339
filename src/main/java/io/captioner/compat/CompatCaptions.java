package io.captioner.compat;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionCommand;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionOptions;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.Protocol;
import io.captioner.model.DecodeRequest;
import io.captioner.web.AccessLogFields;
import io.captioner.web.ClientConnection;
import io.captioner.web.RequestTimeout;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The use case as protocols call it: with the deadline, the client and the log of the request. */
@Component
@Profile("!training")
public final class CompatCaptions {
    private final CaptionService service;

    CompatCaptions(CaptionService service) {
        this.service = service;
    }

    /**
     * What a protocol wants of images.
     *
     * @param model a bundle's name, null for the default
     * @param attention how much of it the words have
     */
    public record Wish(
            List<ImageUpload> images,
            DecodeRequest decoding,
            @Nullable String model,
            AttentionDetail attention) {
        /** Makes a wish for words with their places. */
        public Wish(List<ImageUpload> images, DecodeRequest decoding, @Nullable String model) {
            this(images, decoding, model, AttentionDetail.SUMMARY);
        }
    }

    /**
     * The descriptions of all images, in order.
     *
     * @param model what wrote them; null where no words were found in any
     * @param inferenceNanos the longest run of the device
     */
    public record Answer(List<Description> descriptions, CaptionResponse.@Nullable Model model, long inferenceNanos) {}

    /**
     * Describes all images of a request, or none of them.
     *
     * @throws CaptionFailure as {@link CaptionService#caption} does, but not because no words were found
     */
    public Answer describe(HttpServletRequest request, Protocol protocol, Wish wish) {
        AccessLogFields fields = AccessLogFields.of(request);
        fields.images(wish.images().size());
        CaptionOptions options = new CaptionOptions(wish.decoding(), wish.attention(), wish.model());
        try {
            CaptionResponse response = service.caption(new CaptionCommand(
                    wish.images(),
                    options,
                    RequestTimeout.parse(request.getHeader(RequestTimeout.HEADER)),
                    ClientConnection.gone(request),
                    protocol));
            fields.answered(response);
            return new Answer(response.results().stream().map(Description::of).toList(), response.model(), (long)
                    (response.timing().inference() * 1e6));
        } catch (CaptionFailure failure) {
            if (failure.reason() != Reason.NOTHING_TO_CAPTION) {
                throw failure;
            }
            return wish.images().size() == 1
                    ? new Answer(List.of(Description.none()), null, 0)
                    : describeEach(request, protocol, wish);
        }
    }

    /** One of several images has no words: the others keep theirs. */
    private Answer describeEach(HttpServletRequest request, Protocol protocol, Wish wish) {
        List<Answer> answers = wish.images().stream()
                .map(image -> describe(
                        request, protocol, new Wish(List.of(image), wish.decoding(), wish.model(), wish.attention())))
                .toList();
        AccessLogFields.of(request).images(wish.images().size());
        return new Answer(
                answers.stream()
                        .flatMap(answer -> answer.descriptions().stream())
                        .toList(),
                answers.stream()
                        .map(Answer::model)
                        .filter(model -> model != null)
                        .findFirst()
                        .orElse(null),
                answers.stream().mapToLong(Answer::inferenceNanos).max().orElse(0));
    }
}
