package io.captioner.operations;

import io.captioner.image.HeifSupport;
import io.captioner.image.format.ImageFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Whether HEIC and AVIF are read, in the log at the start and under {@code heif} in {@code /actuator/info}:
 * {@code available}, {@code version} of libheif where there is one, {@code heic}, {@code avif} and a {@code detail} in
 * words.
 */
@Component
@Profile("!training")
final class HeifReport implements InfoContributor {
    private static final Logger log = LoggerFactory.getLogger(HeifReport.class);

    private final HeifSupport heif;

    HeifReport(HeifSupport heif) {
        this.heif = heif;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        log.info(heif.description());
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("available", heif.version().isPresent());
        heif.version().ifPresent(version -> details.put("version", version));
        details.put("heic", heif.reads(ImageFormat.HEIC));
        details.put("avif", heif.reads(ImageFormat.AVIF));
        details.put("detail", heif.description());
        builder.withDetail("heif", details);
    }
}
