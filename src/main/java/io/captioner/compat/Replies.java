package io.captioner.compat;

import io.captioner.caption.CaptionResponse;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.Description.Sentence;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    /** Returns the words of sentences with their natural-log probabilities. */
    public static List<Map<String, Object>> logprobs(List<Sentence> sentences) {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (Sentence sentence : sentences) {
            for (CaptionResponse.Word word : sentence.words()) {
                Map<String, Object> token = new LinkedHashMap<>();
                token.put("token", word.word());
                token.put("logprob", Math.max(LEAST_LOGPROB, Math.log(word.probability())));
                token.put("bytes", bytes(word.word()));
                token.put("top_logprobs", List.of());
                tokens.add(token);
            }
        }
        return tokens;
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

    private static Map<String, Object> detail(Description description) {
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
        for (byte one : word.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            bytes.add(one & 0xff);
        }
        return bytes;
    }
}
