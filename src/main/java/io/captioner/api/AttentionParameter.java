package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads {@code none}, {@code summary} and {@code grid}, in any case; an empty value is none given. */
@Component
@Profile("!training")
final class AttentionParameter implements Converter<String, @Nullable AttentionDetail> {
    @Override
    public @Nullable AttentionDetail convert(String value) {
        return value.isBlank() ? null : AttentionDetail.valueOf(value.strip().toUpperCase(Locale.ROOT));
    }
}
