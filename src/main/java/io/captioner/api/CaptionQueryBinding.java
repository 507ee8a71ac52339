package io.captioner.api;

import io.captioner.caption.CaptionFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Validator;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.servlet.support.ExtendedServletRequestDataBinder;

/**
 * How Spring binds a {@link CaptionQuery}: more strictly than by default, and with the messages of the record's
 * constraints.
 */
final class CaptionQueryBinding {
    private static final List<String> PARAMETERS = Arrays.stream(CaptionQuery.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
    private static final ConversionService CONVERSION = conversion();

    private CaptionQueryBinding() {}

    /**
     * Prepares the binding of one request. Only query parameters and form fields are bound: by default Spring would
     * bind a header {@code Model} too.
     *
     * @throws CaptionFailure if the query has a parameter that does not exist, which a misspelt name would make
     *     ineffective; a form may have other fields
     */
    static void prepare(WebDataBinder binder, HttpServletRequest request) {
        requireKnownParameters(request);
        binder.setConversionService(CONVERSION);
        binder.setDeclarativeBinding(true);
        if (binder instanceof ExtendedServletRequestDataBinder extended) {
            extended.setHeaderPredicate(header -> false);
        }
    }

    /** @throws CaptionFailure naming every parameter that is wrong, sorted by name */
    static void requireValid(BindingResult result, Validator validator) {
        if (!result.hasErrors()) {
            return;
        }
        TreeMap<String, String> messages = new TreeMap<>();
        for (FieldError error : result.getFieldErrors()) {
            messages.putIfAbsent(
                    error.getField(),
                    "%s %s, not '%s'."
                            .formatted(error.getField(), rule(error, validator), value(error.getRejectedValue())));
        }
        throw CaptionFailure.invalidParameter(messages.firstKey(), String.join(" ", messages.values()));
    }

    private static @Nullable Object value(@Nullable Object rejected) {
        return rejected instanceof Object[] several ? several[0] : rejected;
    }

    /** Returns what a value must be, also of one that could not be converted and so was not validated. */
    private static String rule(FieldError error, Validator validator) {
        if (!error.isBindingFailure()) {
            return String.valueOf(error.getDefaultMessage());
        }
        Class<?> type = error.unwrap(TypeMismatchException.class).getRequiredType();
        if (type != null && type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return validator
                .getConstraintsForClass(CaptionQuery.class)
                .getConstraintsForProperty(error.getField())
                .getConstraintDescriptors()
                .iterator()
                .next()
                .getMessageTemplate();
    }

    private static void requireKnownParameters(HttpServletRequest request) {
        // Tomcat refuses a malformed query when the first parameter is read.
        request.getParameterMap();
        String query = Objects.requireNonNullElse(request.getQueryString(), "");
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            if (!name.isEmpty() && !PARAMETERS.contains(name)) {
                throw CaptionFailure.invalidParameter(
                        name, "There is no parameter '%s': use %s.".formatted(name, String.join(", ", PARAMETERS)));
            }
        }
    }

    /** Spring's own converters would read {@code 1 0} as 10 and {@code 0x10} as 16. */
    private static ConversionService conversion() {
        DefaultConversionService conversion = new DefaultConversionService();
        conversion.addConverter(String.class, String.class, strict(Function.identity()));
        conversion.addConverter(String.class, Integer.class, strict(Integer::valueOf));
        conversion.addConverter(String.class, Long.class, strict(Long::valueOf));
        conversion.addConverter(String.class, Float.class, strict(Float::valueOf));
        conversion.addConverterFactory(new EnumConverter());
        // Of a parameter that is sent several times, the first counts.
        conversion.addConverter(String[].class, String.class, values -> values[0]);
        return conversion;
    }

    /** A blank parameter is an absent one. */
    private static <T> Converter<String, @Nullable T> strict(Function<String, T> reading) {
        return text -> text.isBlank() ? null : reading.apply(text.strip());
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumConverter
            implements org.springframework.core.convert.converter.ConverterFactory<String, Enum> {
        @Override
        @SuppressWarnings("unchecked")
        public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
            return (Converter<String, T>) strict(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
        }
    }
}
