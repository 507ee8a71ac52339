package io.captioner.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.web.ImageUploads;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PostMapping;

class CaptionFormatTests {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                ''                                                               | JSON
                */*                                                              | JSON
                application/*                                                    | JSON
                application/json                                                 | JSON
                application/json, text/html                                      | JSON
                text/html;q=0.9, application/json                                | JSON
                application/problem+json, application/json                       | JSON
                text/*                                                           | TEXT
                text/plain;charset=utf-8                                         | TEXT
                image/*                                                          | PNG
                image/png, */*                                                   | PNG
                image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 | PNG
                text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8  | HTML
                text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2             | JSON
                text/html, image/gif, image/jpeg, */*; q=0.2                     | JSON
                text/csv                                                         | CSV
                TEXT/CSV                                                         | CSV
                text/event-stream                                                | EVENTS
                text/event-stream;q=0.5, image/png;q=0.4                         | EVENTS
                application/json;q=0, */*                                        | TEXT
                text/plain;q=0, text/html;q=0, text/*                            | CSV
                """)
    void theFormatIsTheOneThatTheClientLikesBest(String accept, CaptionFormat format) throws Exception {
        assertThat(CaptionFormat.of(List.of(accept))).isEqualTo(format);
    }

    @Test
    void withoutTheHeaderItIsJsonAndSeveralHeadersAreOne() throws Exception {
        assertThat(CaptionFormat.of(List.of())).isEqualTo(CaptionFormat.JSON);
        assertThat(CaptionFormat.of(List.of("application/xml", "image/png"))).isEqualTo(CaptionFormat.PNG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/jpeg", "application/xml", "*/*;q=0", "text/rtf, video/*"})
    void whatIsNotOfferedIsNotAcceptable(String accept) {
        assertThatThrownBy(() -> CaptionFormat.of(List.of(accept)))
                .isInstanceOfSatisfying(
                        HttpMediaTypeNotAcceptableException.class,
                        refused -> assertThat(refused.getSupportedMediaTypes()).hasSize(CaptionFormat.values().length));
    }

    @Test
    void theRouteOffersTheseFormatsInThisOrder() {
        PostMapping route = Arrays.stream(CaptionController.class.getDeclaredMethods())
                .map(method -> method.getAnnotation(PostMapping.class))
                .filter(mapping -> mapping != null && mapping.path()[0].equals(ImageUploads.PATH))
                .findFirst()
                .orElseThrow();

        assertThat(Arrays.stream(route.produces()).map(MediaType::parseMediaType))
                .containsExactlyElementsOf(Arrays.stream(CaptionFormat.values())
                        .map(format -> new MediaType(
                                format.type().getType(), format.type().getSubtype()))
                        .toList());
    }
}
