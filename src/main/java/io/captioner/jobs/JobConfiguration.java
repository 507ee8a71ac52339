package io.captioner.jobs;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The beans of every job; {@code captioner.job} selects the job that runs. */
@Configuration(proxyBeanMethods = false)
@Profile("training")
@EnableConfigurationProperties(JobConfiguration.JobProperties.class)
class JobConfiguration {
    @Bean
    StoppableProgress progress() {
        return new StoppableProgress(ProgressBar.standard());
    }

    @Bean
    JobExitCodes jobExitCodes() {
        return new JobExitCodes();
    }

    /**
     * Which job a process of the profile {@code training}, or {@code jobs}, runs.
     *
     * @param job the job that runs; an unknown name stops the start with a list of the known ones
     */
    @ConfigurationProperties("captioner")
    record JobProperties(@DefaultValue("train") Job job) {

        /** The jobs. */
        enum Job {
            /** From photos and captions to a bundle. */
            TRAIN,
            /** Confidence of a bundle that is the probability of being right. */
            CALIBRATE,
            /** Scores of a bundle or of a running service. */
            EVALUATE,
            /** A page that shows a data set. */
            EXPLORE,
            /** A bundle again, with this program's graph. */
            RE_EXPORT,
            /** COCO's files. */
            DOWNLOAD,
            /** A published checkpoint as a bundle. */
            IMPORT,
            /** Captions of a folder of photos, or of its shard. */
            CAPTION
        }
    }
}
