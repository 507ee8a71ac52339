package io.captioner.jobs;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The beans of every job; {@code captioner.job} selects the job that runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@EnableConfigurationProperties(JobProperties.class)
class JobConfiguration {
    @Bean
    Progress progress() {
        return ProgressBar.standard();
    }

    @Bean
    JobExitCodes jobExitCodes() {
        return new JobExitCodes();
    }
}
