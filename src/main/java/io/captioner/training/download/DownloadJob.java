package io.captioner.training.download;

import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.Progress;
import io.captioner.training.download.DownloadProperties.CocoPart;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The download job: COCO's archives, and the two files of captions out of theirs. Pictures stay in their archives,
 * where training reads them in place.
 */
final class DownloadJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(DownloadJob.class);

    private final DownloadProperties properties;
    private final Download download;

    DownloadJob(DownloadProperties properties, Download download) {
        this.properties = properties;
        this.download = download;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException {
        Path directory = properties.directory();
        Files.createDirectories(directory);
        for (CocoPart part : properties.parts()) {
            URI address = URI.create(properties.baseUrl() + "/" + part.path(properties.year()));
            Path archive = directory.resolve(part.fileName(properties.year()));
            download.fetch(address, archive, properties.sha256().get(part));
            if (part == CocoPart.ANNOTATIONS) {
                unpack(archive, "captions_train%d.json".formatted(properties.year()));
                unpack(archive, "captions_val%d.json".formatted(properties.year()));
            }
        }
        log.info(
                "to train on it: data.captions=train={}/captions_train{}.json,val={}/captions_val{}.json data.photos={},{}",
                directory,
                properties.year(),
                directory,
                properties.year(),
                directory.resolve(CocoPart.TRAIN.fileName(properties.year())),
                directory.resolve(CocoPart.VAL.fileName(properties.year())));
    }

    private void unpack(Path archive, String name) throws IOException {
        Path target = properties.directory().resolve(name);
        if (Files.exists(target)) {
            return;
        }
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry entry = zip.getEntry("annotations/" + name);
            if (entry == null) {
                throw new DownloadRefusedException(
                        "%s holds no annotations/%s; delete it and start again".formatted(archive, name));
            }
            try (InputStream bytes = zip.getInputStream(entry)) {
                AtomicFile.write(target, part -> Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING));
            }
        }
    }

    /** The job that {@code captioner.job=download} runs. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "download")
    @EnableConfigurationProperties(DownloadProperties.class)
    static class DownloadConfiguration {
        @Bean
        DownloadJob downloadJob(DownloadProperties properties, Progress progress) {
            Download download = new Download(
                    properties.timeout(),
                    properties.pausesInARow(),
                    folder -> Files.getFileStore(folder).getUsableSpace(),
                    progress);
            return new DownloadJob(properties, download);
        }
    }
}
