package io.captioner.training.checkpoints;

import io.captioner.files.FileKind;
import io.captioner.files.UnusableFileException;
import io.captioner.training.weights.pytorch.Pickles;
import io.captioner.training.weights.pytorch.PythonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The words of a checkpoint by id. Read from a JSON object of ids by word, a pickle of such a dict or of an object that
 * has one as {@code word2idx}, or a text with a word in each line, its count behind it or not, line number = id.
 *
 * @param words by id; empty for an id that has none
 * @param padding id of the padding; -1 if there is none
 */
record WordList(List<String> words, int padding, int start, int end, int unknown) {
    private static final int MOST = 1 << 20;
    private static final long MOST_BYTES = 64L << 20;

    /** The special tokens as a checkpoint writes them. */
    record Specials(@Nullable String padding, String start, String end, String unknown) {}

    boolean isSpecial(int id) {
        return id == padding || id == start || id == end || id == unknown;
    }

    /** @throws UnusableFileException if the file is no such list, or lacks a special token */
    static WordList read(Path file, Specials specials) throws IOException {
        List<String> words = new ArrayList<>(words(file));
        int unknown = words.indexOf(specials.unknown());
        if (unknown < 0) { // a list of lines leaves it out: it is the id behind all words
            words.add(specials.unknown());
            unknown = words.size() - 1;
        }
        int padding = specials.padding() == null ? -1 : words.indexOf(specials.padding());
        return new WordList(
                Collections.unmodifiableList(words),
                padding,
                id(file, words, specials.start()),
                id(file, words, specials.end()),
                unknown);
    }

    private static int id(Path file, List<String> words, String special) throws UnusableFileException {
        int id = words.indexOf(special);
        if (id < 0) {
            throw new UnusableFileException(
                    "%s has no word '%s' among %d: name the vocabulary that was beside the checkpoint"
                            .formatted(file, special, words.size()));
        }
        return id;
    }

    private static List<String> words(Path file) throws IOException {
        FileKind kind = FileKind.of(file);
        if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES) {
            throw new UnusableFileException("%s has %d bytes, too many for a vocabulary; name that of the checkpoint"
                    .formatted(file, Files.size(file)));
        }
        if (kind == FileKind.PYTHON) {
            return ofIds(file, Pickles.read(file));
        }
        if (kind != FileKind.OTHER) {
            throw kind.refusal(file, "name the vocabulary that was beside the checkpoint");
        }
        byte[] content = Files.readAllBytes(file);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableFileException(
                    "%s is no text in UTF-8 and no pickle; name the vocabulary that was beside the checkpoint"
                            .formatted(file),
                    e);
        }
        if (text.stripLeading().startsWith("{")) {
            return ofJson(file, content);
        }
        // Python 2's pickles are text too.
        return text.startsWith("ccopy_reg\n")
                        || text.startsWith("(dp")
                        || text.startsWith("(i")
                        || text.startsWith("(lp")
                ? ofIds(file, Pickles.read(file))
                : ofLines(text);
    }

    private static List<String> ofJson(Path file, byte[] content) throws IOException {
        Object ids;
        try {
            ids = JsonMapper.builder().build().readValue(content, Map.class);
        } catch (JacksonException e) {
            throw new UnusableFileException("%s is no JSON object: %s".formatted(file, e.getOriginalMessage()), e);
        }
        return ofIds(file, ids);
    }

    private static List<String> ofIds(Path file, @Nullable Object read) throws IOException {
        Object ids = read instanceof PythonObject object && object.state() instanceof Map<?, ?> attributes
                ? attributes.get("word2idx")
                : read;
        if (!(ids instanceof Map<?, ?> map) || map.isEmpty() || map.size() > MOST) {
            throw new UnusableFileException(
                    "%s holds no ids of words; name the vocabulary that was beside the checkpoint".formatted(file));
        }
        String[] words = new String[map.size()];
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            long id = entry.getValue() instanceof Number number ? number.longValue() : -1;
            if (!(entry.getKey() instanceof String word) || id < 0 || id >= words.length || words[(int) id] != null) {
                throw new UnusableFileException("%s: the ids of its words are not 0 to %d, each once; fetch it again"
                        .formatted(file, words.length - 1));
            }
            words[(int) id] = word;
        }
        return Arrays.asList(words);
    }

    /** Lines of im2txt are {@code word count}; under Python 3 some programs wrote {@code b'word' count}. */
    private static List<String> ofLines(String text) throws IOException {
        List<String> words = new ArrayList<>();
        for (String line : text.lines().limit(MOST).toList()) {
            String word = line.strip().split("\\s+", 2)[0];
            boolean isBytes = word.length() > 3
                    && (word.startsWith("b'") && word.endsWith("'") || word.startsWith("b\"") && word.endsWith("\""));
            words.add(isBytes ? word.substring(2, word.length() - 1) : word);
        }
        return words;
    }
}
