package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class ModelPropertiesTests {
    private final ApplicationContextRunner context =
            new ApplicationContextRunner().withUserConfiguration(Service.class);

    @TempDir
    Path root;

    @Test
    void theDefaultsNeedNoConfiguration() {
        context.run(service -> {
            ModelProperties properties = service.getBean(ModelProperties.class);
            assertThat(properties.directory()).isEqualTo(Path.of("models").toAbsolutePath());
            assertThat(properties.defaultModel()).isNull();
            assertThat(properties.device()).isEqualTo(ModelDevice.AUTO);
        });
    }

    @Test
    void aRelativeDirectoryStaysOne() {
        context.withPropertyValues("captioner.models=some/where", "captioner.device=cpu", "captioner.default-model=a")
                .run(service -> assertThat(service.getBean(ModelProperties.class))
                        .isEqualTo(new ModelProperties(Path.of("some/where"), "a", ModelDevice.CPU)));
    }

    @Test
    void theServiceHasARegistryThatLoadsWhenTold() throws Exception {
        new ColourBundle().write(root, "colours", "1");
        context.withPropertyValues("captioner.models=" + root).run(service -> {
            ModelRegistry registry = service.getBean(ModelRegistry.class);
            assertThat(registry.statuses()).isEmpty();
            registry.load();
            try (ModelLease lease = registry.lease(null)) {
                assertThat(lease.model().manifest().name()).isEqualTo("colours");
            }
        });
    }

    @Test
    void trainingHasNoRegistry() {
        context.withPropertyValues("spring.profiles.active=training")
                .run(service -> assertThat(service).doesNotHaveBean(ModelRegistry.class));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ModelProperties.class)
    @Import(ModelConfiguration.class)
    static class Service {}
}
