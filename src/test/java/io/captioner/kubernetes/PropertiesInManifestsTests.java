package io.captioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.SimpleTypeConverter;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.ClassUtils;

class PropertiesInManifestsTests {
    /** What is no property of Spring's: TensorFlow's own, and those that the system, KServe and the manifests use. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "HOME", "JOB_NAME", "PROTOCOL");

    /** Read by conditions, and by no bean that would describe it. */
    private static final Set<String> UNDESCRIBED = Set.of("captioner.job");

    /** A package that a build may not have; then nobody describes its properties. */
    private static final String BULK = "captioner.bulk";

    private final PropertyNames names;

    PropertiesInManifestsTests() throws IOException {
        names = new PropertyNames();
    }

    record Setting(String source, String name, String value) {
        @Override
        public String toString() {
            return name + "=" + value + " of " + source;
        }
    }

    private static List<Manifest> manifests() {
        return Manifest.allWithInlinePatches();
    }

    static List<Setting> arguments() {
        List<Setting> settings = new ArrayList<>();
        for (Manifest manifest : manifests()) {
            for (Container container : programs(manifest)) {
                for (String argument : container.getArgs()) {
                    assertThat(argument).matches("--[a-z0-9.-]+=.*");
                    int equals = argument.indexOf('=');
                    settings.add(new Setting(
                            manifest.source(), argument.substring(2, equals), argument.substring(equals + 1)));
                }
            }
        }
        return settings;
    }

    static List<Setting> variables() {
        List<Setting> settings = new ArrayList<>();
        for (Manifest manifest : manifests()) {
            for (Container container : programs(manifest)) {
                container
                        .getEnv()
                        .forEach(variable -> settings.add(new Setting(
                                manifest.source(),
                                variable.getName(),
                                Optional.ofNullable(variable.getValue()).orElse("$"))));
            }
        }
        return settings;
    }

    private static List<Container> programs(Manifest manifest) {
        return Pods.of(manifest).map(pod -> pod.getContainers()).orElse(List.of());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void everyArgumentIsAPropertyOfTheProgram(Setting setting) {
        if (!UNDESCRIBED.contains(setting.name()) && isDescribed(setting.name())) {
            requireProperty(setting.name(), setting.value());
        }
    }

    @ParameterizedTest
    @MethodSource("variables")
    void everyVariableIsAPropertyOfTheProgramOrTensorFlows(Setting setting) {
        if (!OTHER_VARIABLES.contains(setting.name())) {
            Optional<String> property = names.ofVariable(setting.name());
            assertThat(property).as("the property that %s sets", setting).isPresent();
            requireProperty(property.orElseThrow(), setting.value());
        }
    }

    @Test
    void aNameThatIsMisspelledWouldBeFound() {
        assertThat(names.type("captioner.batching.max-batch-sise")).isEmpty();
        assertThat(names.ofVariable("CAPTIONER_DEVISE")).isEmpty();
        assertThat(names.ofVariable("CAPTIONER_BATCHING_MAXBATCHSIZE")).contains("captioner.batching.max-batch-size");
    }

    @Test
    void thereIsSomethingToLookAt() {
        assertThat(arguments()).hasSizeGreaterThan(20);
        assertThat(variables()).hasSizeGreaterThan(10);
    }

    private boolean isDescribed(String name) {
        return !name.startsWith(BULK + ".") || names.anyBelow(BULK);
    }

    private void requireProperty(String name, String value) {
        Optional<String> type = names.type(name);
        assertThat(type).as("the type of %s", name).isPresent();
        if (!value.contains("$")) { // Kubernetes fills it in
            Class<?> converted = ClassUtils.resolveClassName(type.orElseThrow().replaceAll("<.*", ""), null);
            SimpleTypeConverter converter = new SimpleTypeConverter();
            converter.setConversionService(ApplicationConversionService.getSharedInstance());
            assertThatCode(() -> converter.convertIfNecessary(value, converted))
                    .as("%s=%s", name, value)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void everyFieldThatTakesItsValueFromElsewhereNamesSomethingThatIsThere() {
        Set<String> resources = Set.of("limits.cpu", "limits.memory", "requests.cpu");
        for (Manifest manifest : manifests()) {
            for (Container container : programs(manifest)) {
                container.getEnv().stream()
                        .filter(variable -> variable.getValueFrom() != null
                                && variable.getValueFrom().getResourceFieldRef() != null)
                        .forEach(variable -> {
                            String resource = variable.getValueFrom()
                                    .getResourceFieldRef()
                                    .getResource();
                            assertThat(resources).contains(resource);
                            Map<String, ?> limits = container.getResources().getLimits();
                            assertThat(limits).containsKey(resource.substring(resource.indexOf('.') + 1));
                        });
            }
        }
    }
}
