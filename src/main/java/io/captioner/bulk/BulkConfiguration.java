package io.captioner.bulk;

import io.captioner.jobs.Progress;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that {@code captioner.job=caption} runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "caption")
@EnableConfigurationProperties({BulkProperties.class, CaptioningProperties.class})
class BulkConfiguration {
    @Bean
    BulkJob bulkJob(BulkProperties properties, CaptioningProperties captioning, Progress progress) {
        return new BulkJob(properties, captioning, progress);
    }
}
