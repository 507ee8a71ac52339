package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionOptions.Style;
import io.captioner.model.DecodeOptions.Strategy;
import io.captioner.model.WordRules;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Validator;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Reads a {@link CaptionQuery} or a {@link ScoreQuery} from the parameters of a request, with the messages of the
 * record's constraints. Spring's own binding takes over 4 ms of processor time a request, more than a tenth of it all,
 * since it parses the annotations of the record's constructor for each parameter; this takes 0.01 ms. Spring also reads
 * {@code 1 0} as 10 and {@code 0x10} as 16.
 */
@Component
@Profile("!training")
final class CaptionQueryResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {
    private static final Map<Class<?>, List<String>> PARAMETERS = Map.of(
            CaptionQuery.class, namesOf(CaptionQuery.class),
            ScoreQuery.class, namesOf(ScoreQuery.class));

    private final Validator validator;

    CaptionQueryResolver(Validator validator) {
        this.validator = validator;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return PARAMETERS.containsKey(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servlet = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        Class<?> type = parameter.getParameterType();
        requireKnownParameters(servlet, Objects.requireNonNull(PARAMETERS.get(type)));
        Reading reading = new Reading(servlet, type);
        return type == ScoreQuery.class ? reading.scoreQuery() : reading.captionQuery();
    }

    /**
     * Refuses parameters of the query that do not exist: a misspelt one would have no effect. A form may have other
     * fields.
     */
    private static void requireKnownParameters(HttpServletRequest request, List<String> known) {
        // Tomcat refuses a malformed query when the first parameter is read.
        request.getParameterMap();
        String query = Objects.requireNonNullElse(request.getQueryString(), "");
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            if (!name.isEmpty() && !known.contains(name)) {
                throw CaptionFailure.invalidParameter(
                        name, "There is no parameter '%s': use %s.".formatted(name, String.join(", ", known)));
            }
        }
    }

    /** The reading of one request, which collects every parameter that is wrong. */
    private final class Reading {
        private final HttpServletRequest request;
        private final Class<?> type;
        private final TreeMap<String, String> wrong = new TreeMap<>();

        Reading(HttpServletRequest request, Class<?> type) {
            this.request = request;
            this.type = type;
        }

        ScoreQuery scoreQuery() {
            String[] texts = request.getParameterValues("text");
            return valid(new ScoreQuery(
                    texts == null ? List.of() : List.of(texts),
                    value("lengthPenalty", Float::valueOf),
                    choice("attention", AttentionDetail.class),
                    value("model", Function.identity())));
        }

        CaptionQuery captionQuery() {
            return valid(new CaptionQuery(
                    choice("strategy", Strategy.class),
                    value("beamWidth", Integer::valueOf),
                    value("alternatives", Integer::valueOf),
                    value("maxWords", Integer::valueOf),
                    value("lengthPenalty", Float::valueOf),
                    value("noRepeatNgram", Integer::valueOf),
                    value("consensus", Reading::flag, () -> CaptionQuery.FLAG),
                    value("temperature", Float::valueOf),
                    value("topK", Integer::valueOf),
                    value("topP", Float::valueOf),
                    value("seed", Long::valueOf),
                    value("minConfidence", Float::valueOf),
                    value("genderNeutral", Reading::flag, () -> CaptionQuery.FLAG),
                    words("avoid", WordRules.MAX_AVOIDED, CaptionQuery.AVOID),
                    words("require", WordRules.MAX_REQUIRED, CaptionQuery.REQUIRE),
                    choice("style", Style.class),
                    choice("attention", AttentionDetail.class),
                    value("model", Function.identity()),
                    value("language", Function.identity())));
        }

        private <T> T valid(T query) {
            validator
                    .validate(query)
                    .forEach(violation -> refuse(
                            violation.getPropertyPath().toString(),
                            violation.getMessage(),
                            String.valueOf(violation.getInvalidValue())));
            if (!wrong.isEmpty()) {
                throw CaptionFailure.invalidParameter(wrong.firstKey(), String.join(" ", wrong.values()));
            }
            return query;
        }

        private static Boolean flag(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(text);
            };
        }

        private @Nullable List<String> words(String name, int most, String rule) {
            return value(
                    name,
                    text -> {
                        List<String> words = Arrays.stream(
                                        text.toLowerCase(Locale.ROOT).split(",", -1))
                                .map(String::strip)
                                .filter(word -> !word.isEmpty())
                                .distinct()
                                .toList();
                        if (words.isEmpty()
                                || words.size() > most
                                || words.stream().anyMatch(word -> word.matches(".*\\s.*"))) {
                            throw new IllegalArgumentException(text);
                        }
                        return words;
                    },
                    () -> rule);
        }

        private <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
            return value(
                    name,
                    text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
                    () -> "must be one of "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }

        private <T> @Nullable T value(String name, Function<String, T> parse) {
            return value(name, parse, () -> constraint(type, name));
        }

        /** Returns null for a parameter that is absent or blank; of several of a name the first that is not counts. */
        private <T> @Nullable T value(String name, Function<String, T> parse, Supplier<String> rule) {
            String text = Stream.ofNullable(request.getParameterValues(name))
                    .flatMap(Arrays::stream)
                    .filter(one -> !one.isBlank())
                    .findFirst()
                    .orElse(null);
            if (text == null) {
                return null;
            }
            try {
                return parse.apply(text.strip());
            } catch (IllegalArgumentException unreadable) {
                refuse(name, rule.get(), text);
                return null;
            }
        }

        private void refuse(String name, String rule, String value) {
            wrong.putIfAbsent(name, "%s %s, not '%s'.".formatted(name, rule, value));
        }
    }

    private static List<String> namesOf(Class<?> query) {
        return Arrays.stream(query.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private String constraint(Class<?> query, String parameter) {
        return validator
                .getConstraintsForClass(query)
                .getConstraintsForProperty(parameter)
                .getConstraintDescriptors()
                .iterator()
                .next()
                .getMessageTemplate();
    }
}
