package io.captioner.training.export;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The job that {@code captioner.job=re-export} runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@ConditionalOnProperty(name = "captioner.job", havingValue = "re-export")
@EnableConfigurationProperties(ReExportProperties.class)
class ReExportConfiguration {
    @Bean
    ReExportJob reExportJob(ReExportProperties properties) {
        return new ReExportJob(properties);
    }
}
