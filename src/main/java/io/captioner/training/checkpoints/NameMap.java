package io.captioner.training.checkpoints;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Interpolation;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.DecodeOptions;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.EncoderSettings;
import io.captioner.training.encoder.Encoders;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of checkpoint is: its network by the program's encoders and decoders, how photos were prepared, its
 * author's search, and a {@link Rule} for each weight. Read from a properties file, those of published checkpoints from
 * resources.
 */
final class NameMap {
    private static final Set<String> SETTINGS = Set.of(
            "description",
            "source",
            "language",
            "encoder",
            "encoder.names",
            "encoder.prefix",
            "encoder.input-size",
            "encoder.pooled",
            "encoder.grid",
            "encoder.interpolation",
            "encoder.resized-to",
            "decoder",
            "decoder.temperature",
            "words.padding",
            "words.start",
            "words.end",
            "words.unknown",
            "search.beam-width",
            "search.max-words",
            "search.length-penalty",
            "ignore");

    private final String origin;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    private NameMap(String origin, Properties properties) {
        this.origin = origin;
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            String value = properties.getProperty(name).strip();
            if (SETTINGS.contains(name)) {
                settings.put(name, value);
                continue;
            }
            try {
                rules.put(name, Rule.parse(value));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw wrong(name, "'%s' is no rule (%s)".formatted(value, e.getMessage()));
            }
        }
    }

    /** Returns the map of a published checkpoint's format, {@code sgrvinod}, {@code yunjey} or {@code im2txt}. */
    static NameMap published(String format) {
        try (InputStream in =
                Objects.requireNonNull(NameMap.class.getResourceAsStream(format + ".properties"), format)) {
            Properties properties = new Properties();
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new NameMap(format, properties);
        } catch (IOException e) {
            throw new IllegalStateException("bug: cannot read the name map of " + format, e);
        }
    }

    /** Reads the map of a user's own network. */
    static NameMap read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = new StringReader(Files.readString(file))) {
            properties.load(reader);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new UnusableFileException("%s is no properties file in UTF-8: %s".formatted(file, e.getMessage()), e);
        }
        return new NameMap(file.toString(), properties);
    }

    String origin() {
        return origin;
    }

    Map<String, Rule> rules() {
        return rules;
    }

    String text(String setting, String otherwise) {
        return settings.getOrDefault(setting, otherwise);
    }

    @Nullable String language() {
        return settings.get("language");
    }

    /** Returns the encoder, with its grid and its way to prepare photos. */
    Encoder encoder() {
        EncoderSettings.Name name = constant("encoder", EncoderSettings.Name.class, null);
        if (name == EncoderSettings.Name.SAVED_MODEL) {
            throw wrong("encoder", "a SavedModel has its weights inside its graph; train with it instead");
        }
        try {
            Encoder encoder = Encoders.published(name, number("encoder.input-size"), false);
            Integer resized = number("encoder.resized-to");
            return Encoders.adapted(
                    encoder,
                    Boolean.parseBoolean(text("encoder.pooled", "false")),
                    number("encoder.grid"),
                    new ImagePreparation(
                            encoder.inputSize(),
                            resized == null ? encoder.inputSize() : new ImageSize(resized, resized),
                            constant("encoder.interpolation", Interpolation.class, Interpolation.AUTOMATIC)));
        } catch (IllegalArgumentException e) {
            throw wrong("encoder", String.valueOf(e.getMessage()));
        }
    }

    EncoderNames encoderNames() {
        return constant("encoder.names", EncoderNames.class, EncoderNames.SAME);
    }

    DecoderKind decoder() {
        return constant("decoder", DecoderKind.class, null);
    }

    WordList.Specials specials() {
        return new WordList.Specials(
                settings.get("words.padding"),
                text("words.start", "<start>"),
                text("words.end", "<end>"),
                text("words.unknown", "<unk>"));
    }

    /** Returns the search that its author uses. */
    DecodeOptions search() {
        Integer beamWidth = number("search.beam-width");
        Integer maxWords = number("search.max-words");
        try {
            return new DecodeOptions(
                    beamWidth == null ? 3 : beamWidth,
                    maxWords == null ? 20 : maxWords,
                    Float.parseFloat(text("search.length-penalty", "0")),
                    0,
                    null);
        } catch (IllegalArgumentException e) {
            throw wrong("search.*", String.valueOf(e.getMessage()));
        }
    }

    float temperature() {
        try {
            return Float.parseFloat(text("decoder.temperature", "1"));
        } catch (NumberFormatException e) {
            throw wrong("decoder.temperature", "it is no number");
        }
    }

    /** Returns the names of tensors that need not be used. */
    Pattern ignored() {
        try {
            return Pattern.compile(text("ignore", "(?!)"));
        } catch (PatternSyntaxException e) {
            throw wrong("ignore", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Integer number(String setting) {
        String value = settings.get(setting);
        try {
            Integer number = value == null ? null : Integer.valueOf(value);
            if (number != null && (number < 1 || number > 10_000)) {
                throw wrong(setting, "it is not from 1 to 10000");
            }
            return number;
        } catch (NumberFormatException e) {
            throw wrong(setting, "'%s' is no whole number".formatted(value));
        }
    }

    private <T extends Enum<T>> T constant(String setting, Class<T> type, @Nullable T otherwise) {
        String value = settings.get(setting);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        String name = String.valueOf(value).toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong(
                        setting,
                        "it is %s, not one of %s"
                                .formatted(
                                        value,
                                        Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT))));
    }

    private UnusableJobException wrong(String setting, String what) {
        return new UnusableJobException(
                "name map %s, %s: %s; docs/models.md describes name maps".formatted(origin, setting, what));
    }
}
