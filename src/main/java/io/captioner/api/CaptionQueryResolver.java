package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionFailure;
import io.captioner.model.Strategy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Validator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
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
 * Reads the query of a request for captions. Spring could bind the record by itself, but asks reflection for the
 * annotations of its constructor anew each time, which took a third of the time of a request outside the image and the
 * model.
 */
@Component
@Profile("!training")
final class CaptionQueryResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {
    private static final long UNSIGNED_MAX = 0xffff_ffffL;

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
        return parameter.getParameterType() == CaptionQuery.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return read(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    }

    private CaptionQuery read(HttpServletRequest request) {
        // Tomcat refuses a malformed query when it is first asked for a parameter.
        request.getParameterMap();
        requireKnownParameters(request);
        Map<String, String> wrong = new TreeMap<>();
        CaptionQuery query = new CaptionQuery(
                value(request, "strategy", text -> Strategy.valueOf(text.toUpperCase(Locale.ROOT)), wrong),
                value(request, "beamWidth", Integer::valueOf, wrong),
                value(request, "alternatives", Integer::valueOf, wrong),
                value(request, "maxWords", Integer::valueOf, wrong),
                value(request, "lengthPenalty", Float::valueOf, wrong),
                value(request, "noRepeatNgram", Integer::valueOf, wrong),
                value(request, "temperature", Float::valueOf, wrong),
                value(request, "topK", Integer::valueOf, wrong),
                value(request, "topP", Float::valueOf, wrong),
                value(request, "seed", CaptionQueryResolver::seed, wrong),
                value(request, "attention", text -> AttentionDetail.valueOf(text.toUpperCase(Locale.ROOT)), wrong),
                value(request, "model", Function.identity(), wrong));
        validator
                .validate(query)
                .forEach(violation ->
                        wrong.put(violation.getPropertyPath().toString(), String.valueOf(violation.getInvalidValue())));
        if (!wrong.isEmpty()) {
            throw CaptionFailure.invalidParameter(
                    wrong.keySet().iterator().next(),
                    wrong.entrySet().stream()
                            .map(entry -> CaptionQuery.mustBe(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining(" ")));
        }
        return query;
    }

    /**
     * A misspelt parameter would otherwise be ignored, and its sender wonder why it does nothing; forms have other
     * fields.
     */
    private static void requireKnownParameters(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null) {
            return;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            if (!name.isEmpty() && !CaptionQuery.knows(name)) {
                throw CaptionFailure.invalidParameter(
                        name, "There is no parameter '%s': there are %s.".formatted(name, CaptionQuery.names()));
            }
        }
    }

    /** The 32 bits of a seed, which other programs hold as an unsigned number. */
    private static Integer seed(String text) {
        long seed = Long.parseLong(text);
        if (seed < Integer.MIN_VALUE || seed > UNSIGNED_MAX) {
            throw new NumberFormatException("more than 32 bits");
        }
        return (int) seed;
    }

    /** Returns null for a parameter that is absent or empty, and for one that cannot be read, which is then wrong. */
    private static <T> @Nullable T value(
            HttpServletRequest request, String name, Function<String, T> reading, Map<String, String> wrong) {
        String text = request.getParameter(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return reading.apply(text.strip());
        } catch (IllegalArgumentException unreadable) {
            wrong.put(name, text);
            return null;
        }
    }
}
