package io.captioner.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.model.ColourBundle;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelPrecision;
import io.captioner.model.djl.DeviceSettings;
import io.captioner.model.gpu.GpuProperties;
import java.nio.file.Path;
import java.util.List;
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
                        .isEqualTo(new ModelProperties(
                                Path.of("some/where"),
                                "a",
                                ModelDevice.CPU,
                                ModelPrecision.FLOAT32,
                                GpuProperties.DEFAULTS)));
    }

    @Test
    void gpusAreUsedAsTheOperatorSays() {
        context.withPropertyValues(
                        "captioner.precision=mixed",
                        "captioner.gpu.memory-growth=false",
                        "captioner.gpu.memory-fraction=0.5",
                        "captioner.gpu.max-devices=2")
                .run(service -> assertThat(
                                service.getBean(ModelProperties.class).devices())
                        .isEqualTo(new DeviceSettings(
                                ModelDevice.AUTO, ModelPrecision.MIXED, new GpuProperties(false, 0.5, 2))));
    }

    @Test
    void impossibleUsesOfGpusAreRefused() {
        for (String property : List.of("memory-fraction=0", "memory-fraction=1.5", "max-devices=0", "max-devices=65")) {
            context.withPropertyValues("captioner.gpu." + property)
                    .run(service -> assertThat(service)
                            .hasFailed()
                            .getFailure()
                            .rootCause()
                            .hasMessageStartingWith("captioner.gpu." + property.replaceAll("=.*", " must be")));
        }
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
