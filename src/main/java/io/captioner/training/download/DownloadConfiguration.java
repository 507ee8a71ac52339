package io.captioner.training.download;

import io.captioner.jobs.Progress;
import java.nio.file.Files;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that {@code captioner.job=download} runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "download")
@EnableConfigurationProperties(DownloadProperties.class)
class DownloadConfiguration {
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
