package io.captioner.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.HeifSupport;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;

class HeifReportTests {
    @Test
    void theInfoEndpointSaysWhetherHeicIsReadAndByWhichVersion() {
        assertThat(details(HeifSupport.off()))
                .containsEntry("available", false)
                .containsEntry("heic", false)
                .containsEntry("avif", false)
                .doesNotContainKey("version");

        HeifSupport installed = HeifSupport.installed();
        assertThat(details(installed))
                .containsEntry("available", installed.version().isPresent())
                .containsEntry("detail", installed.description());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(HeifSupport heif) {
        Info.Builder builder = new Info.Builder();
        new HeifReport(heif).contribute(builder);
        return Objects.requireNonNull(builder.build().get("heif", Map.class));
    }
}
