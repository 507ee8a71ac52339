package io.captioner.compat.openai;

import io.captioner.caption.ImageUpload;
import io.captioner.caption.Protocol;
import io.captioner.compat.AnswerFormat;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description;
import io.captioner.compat.Description.Sentence;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.ModelNames;
import io.captioner.compat.Replies;
import io.captioner.compat.Sampling;
import io.captioner.model.DecodeRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** The generation of the texts that both chat completions and responses answer with. */
@Component
@ConditionalOnProtocol(Protocol.OPENAI)
final class Generation {
    private final CompatCaptions captions;
    private final ModelNames names;
    private final EmbeddedImages images;

    Generation(CompatCaptions captions, ModelNames names, EmbeddedImages images) {
        this.captions = captions;
        this.names = names;
        this.images = images;
    }

    /**
     * What was generated.
     *
     * @param model the name that the request gave it
     * @param choices best first, at least one
     * @param answer null for a prompt without pictures
     */
    record Generated(
            String model, List<Choice> choices, @Nullable Answer answer) {
        /** Returns how many words all choices have. */
        int words() {
            return choices.stream()
                    .mapToInt(choice -> Replies.words(choice.sentences()))
                    .sum();
        }

        /** Returns the words of a choice with their natural-log probabilities, and as many others as are known. */
        List<Map<String, Object>> logprobs(Choice choice, int top) {
            return Replies.logprobs(choice.sentences(), answer == null ? List.of() : answer.descriptions(), top);
        }

        /** Returns how many pictures the prompt has. */
        int pictures() {
            return answer == null ? 0 : answer.descriptions().size();
        }
    }

    /**
     * One text.
     *
     * @param sentences one for each picture
     * @param cut whether the limit on words ended it
     */
    record Choice(String text, List<Sentence> sentences, boolean cut) {}

    /**
     * Generates texts.
     *
     * @param messages a list of messages, or a text
     * @param count most texts
     * @param maxWords null for no limit
     * @param top most words that could stand in place of one, 0 for none
     */
    Generated generate(
            HttpServletRequest request,
            JsonNode json,
            JsonNode messages,
            AnswerFormat format,
            int count,
            @Nullable Integer maxWords,
            int top) {
        String given = json.path("model").asString("").strip();
        String model = given.isEmpty() ? ModelNames.DEFAULT : given;
        String bundle = names.bundle(model, List.of());
        List<ImageUpload> uploads = Prompt.pictures(messages, images);
        if (uploads.isEmpty()) {
            Choice refusal = new Choice(format.write(Replies.NO_PICTURE), List.of(), false);
            return new Generated(model, List.of(refusal), null);
        }
        DecodeRequest decoding = Sampling.of(count, maxWords, json);
        Answer answer = captions.describe(
                request,
                Protocol.OPENAI,
                new Wish(
                        uploads,
                        top < 1 ? decoding : Sampling.withRunnersUp(decoding, names.beamWidth(bundle)),
                        bundle));
        int choices = answer.descriptions().stream()
                .mapToInt(description -> description.sentences().size())
                .max()
                .orElse(1);
        choices = Math.min(choices, Objects.requireNonNullElse(decoding.alternatives(), 1));
        List<Choice> all = new ArrayList<>();
        for (int i = 0; i < choices; i++) {
            all.add(choice(answer.descriptions(), i, format, maxWords));
        }
        return new Generated(model, all, answer);
    }

    private static Choice choice(
            List<Description> descriptions, int index, AnswerFormat format, @Nullable Integer maxWords) {
        List<Sentence> sentences = descriptions.stream()
                .map(description -> description
                        .sentences()
                        .get(Math.min(index, description.sentences().size() - 1)))
                .toList();
        boolean cut = maxWords != null
                && maxWords > 0
                && sentences.stream().anyMatch(sentence -> sentence.words().size() >= maxWords);
        String text = sentences.stream().map(Sentence::text).collect(Collectors.joining("\n"));
        return new Choice(format.write(text), sentences, cut);
    }
}
