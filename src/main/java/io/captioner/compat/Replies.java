package io.captioner.compat;

import io.captioner.caption.CaptionResponse;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.Description.Sentence;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of answers, and what several protocols say in the same words. */
public final class Replies {
    /** The answer to a prompt without a picture. */
    public static final String NO_PICTURE = "I only describe pictures: attach one.";

    /** What stands for the logarithm of 0, which JSON cannot write. */
    private static final double LEAST_LOGPROB = -9999;

    private static final JsonMapper JSON = JsonMapper.shared();

    private Replies() {}

    /** Returns an answer of JSON. */
    public static ResponseEntity<byte[]> json(Object body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(JSON.writeValueAsBytes(body));
    }

    /** Returns an answer of JSON lines. */
    public static ResponseEntity<byte[]> lines(List<? extends Object> lines) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Object line : lines) {
            body.writeBytes(JSON.writeValueAsBytes(line));
            body.write('\n');
        }
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_NDJSON).body(body.toByteArray());
    }

    /** Returns the text of several descriptions, a line each. */
    public static String text(List<Description> descriptions) {
        return descriptions.stream()
                .map(description -> description.best().text())
                .collect(Collectors.joining("\n"));
    }

    /** Returns the pieces of a text, a word each, which together are the text. */
    public static List<String> pieces(String text) {
        return List.of(text.split("(?<=\\S)(?=\\s)", -1));
    }

    /**
     * Returns the words of sentences with their natural-log probabilities.
     *
     * @param sentences one for each description, or none
     * @param descriptions where the words that could stand in place of one are taken from: the other sentences that
     *     begin with the same words
     * @param top most of them for a word, itself among them
     */
    public static List<Map<String, Object>> logprobs(
            List<Sentence> sentences, List<Description> descriptions, int top) {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            List<CaptionResponse.Word> words = sentences.get(i).words();
            for (int place = 0; place < words.size(); place++) {
                Map<String, Object> token = token(words.get(place));
                token.put(
                        "top_logprobs",
                        top < 1
                                ? List.of()
                                : runnersUp(words, place, descriptions.get(i))
                                        .limit(top)
                                        .toList());
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static Stream<Map<String, Object>> runnersUp(
            List<CaptionResponse.Word> words, int place, Description description) {
        List<String> before = texts(words.subList(0, place));
        Map<String, CaptionResponse.Word> known = new LinkedHashMap<>();
        known.put(words.get(place).word(), words.get(place));
        for (Sentence other : description.sentences()) {
            if (other.words().size() > place
                    && texts(other.words().subList(0, place)).equals(before)) {
                known.putIfAbsent(other.words().get(place).word(), other.words().get(place));
            }
        }
        return known.values().stream()
                .sorted(Comparator.comparingDouble(CaptionResponse.Word::probability)
                        .reversed())
                .map(Replies::token);
    }

    private static List<String> texts(List<CaptionResponse.Word> words) {
        return words.stream().map(CaptionResponse.Word::word).toList();
    }

    private static Map<String, Object> token(CaptionResponse.Word word) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("token", word.word());
        token.put("logprob", Math.max(LEAST_LOGPROB, Math.log(word.probability())));
        token.put("bytes", bytes(word.word()));
        return token;
    }

    /** Returns what no other protocol has a place for: confidence, words and their places in the photo. */
    public static Map<String, Object> details(Answer answer) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (answer.model() != null) {
            details.put("model", answer.model());
        }
        details.put(
                "images", answer.descriptions().stream().map(Replies::detail).toList());
        return details;
    }

    /** Returns how many words sentences have. */
    public static int words(List<Sentence> sentences) {
        return sentences.stream().mapToInt(sentence -> sentence.words().size()).sum();
    }

    /** Returns the size of a photo, and the confidence and words of its best sentence with their places. */
    public static Map<String, Object> detail(Description description) {
        Sentence best = description.best();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("width", description.width());
        detail.put("height", description.height());
        detail.put("confidence", (float) best.confidence());
        detail.put("words", best.words().stream().map(Replies::word).toList());
        return detail;
    }

    private static Map<String, Object> word(CaptionResponse.Word word) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("word", word.word());
        entry.put("probability", (float) word.probability());
        CaptionResponse.Attention attention = word.attention();
        if (attention != null) {
            entry.put("peak", attention.peak());
            entry.put("box", attention.box());
        }
        return entry;
    }

    private static List<Integer> bytes(String word) {
        List<Integer> bytes = new ArrayList<>();
        for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(one & 0xff);
        }
        return bytes;
    }
}
