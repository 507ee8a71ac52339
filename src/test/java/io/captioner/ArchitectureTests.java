package io.captioner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.modulith.core.ApplicationModules;

/**
 * The arrows between packages and the one place of each library, as the package table in docs/architecture.md draws
 * them.
 */
@AnalyzeClasses(packages = "io.captioner", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static void everyJobCanBeNamed(JavaClasses classes) {
        Set<String> jobs = classes.stream()
                .filter(type -> type.isAnnotatedWith(ConditionalOnProperty.class))
                .map(type -> type.getAnnotationOfType(ConditionalOnProperty.class))
                .filter(condition -> List.of(condition.name()).contains("captioner.job"))
                .map(ConditionalOnProperty::havingValue)
                .collect(Collectors.toSet());
        JavaClass names = classes.get("io.captioner.jobs.JobConfiguration$JobProperties$Job");

        assertThat(jobs)
                .isEqualTo(names.getFields().stream()
                        .filter(field -> field.getRawType().equals(names))
                        .map(field -> field.getName().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.toSet()));
    }

    /** All else measures time by the monotonic clock, or is given a clock: it stays right when the wall clock jumps. */
    @ArchTest
    static final ArchRule onlyConfigurationsAndTheLogOfATrainingKnowTheWallClock = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Configuration")
            .and()
            .doNotHaveSimpleName("TrainingJob")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(InstantSource.class, "system");

    @ArchTest
    static final ArchRule onlyApiCompatAndWebKnowSpringMvc = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.api..", "io.captioner.compat..", "io.captioner.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.web..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule onlyApiKnowsSpringdoc = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springdoc..", "io.swagger.v3.oas..");

    @ArchTest
    static final ArchRule onlyWebTomcatKnowsTomcat = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.web.tomcat..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..");

    @ArchTest
    static final ArchRule onlyTheAdapterKnowsDjl = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.model.djl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..");

    @ArchTest
    static final ArchRule onlyModelAndImageKnowNativeLibraries = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.model..", "io.captioner.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule onlyImageReadsMetadata = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.drew..");

    @ArchTest
    static final ArchRule onlyBulkAndImageKnowXmp = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.bulk..", "io.captioner.image..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.adobe..");

    @ArchTest
    static final ArchRule onlyTheArchiveKnowsLucene = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.lucene..");

    @ArchTest
    static final ArchRule onlyTheAdapterTheGpuProofAndTrainingKnowTensorFlow = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.model.djl..", "io.captioner.model.gpu..", "io.captioner.training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tensorflow..");

    @ArchTest
    static final ArchRule onlyTrainingKnowsHdf = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.jhdf..");

    @ArchTest
    static final ArchRule onlySecurityKnowsTokens = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.security..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.security..", "com.nimbusds..");

    @ArchTest
    static final ArchRule onlyItsPackageKnowsTheModelContextProtocol = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.compat.mcp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.modelcontextprotocol..", "org.springframework.ai..", "reactor..");

    @ArchTest
    static final ArchRule onlyOperationsKnowsMetersAndActuator = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.operations..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.micrometer..",
                    "org.springframework.boot.actuate..",
                    "org.springframework.boot.health..",
                    "org.springframework.boot.micrometer..");

    @ArchTest
    static final ArchRule onlyImageAndAttentionDraw = noClasses()
            .that()
            .resideOutsideOfPackages("io.captioner.image..", "io.captioner.attention..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.awt..", "javax.imageio..", "com.twelvemonkeys..");

    @ArchTest
    static final ArchRule plainPackagesKnowNoSpring = noClasses()
            .that()
            .resideInAnyPackage("io.captioner.batching..", "io.captioner.text..", "io.captioner.attention..")
            .and()
            .haveSimpleNameNotEndingWith("package-info")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..");

    @ArchTest
    static final ArchRule onlyTheSparkJobKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackage("io.captioner.bulk.spark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

    /** Its classes are loaded by Spark, which has nothing else of the program. */
    @ArchTest
    static final ArchRule theSparkJobKnowsNothingElse = classes()
            .that()
            .resideInAPackage("io.captioner.bulk.spark..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.captioner.bulk.spark..",
                    "com.google.errorprone.annotations..", // for the compiler only
                    "java..",
                    "org.apache.hadoop..",
                    "org.apache.spark..",
                    "org.jspecify.annotations..",
                    "org.slf4j..",
                    "scala..");

    @ArchTest
    static final ArchRule nothingWritesToStandardStreams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields =
            noFields().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.captioner.(**)").should().beFreeOfCycles();

    @Test
    void everyArrowBetweenModulesIsDrawnInTheirPackageInfo() {
        ApplicationModules.of(CaptionerApplication.class).verify();
    }

    @Test
    void theConfigurationsOfTheManagementPortExist() throws Exception {
        try (InputStream names = Objects.requireNonNull(ArchitectureTests.class.getResourceAsStream("/META-INF/spring/"
                + "org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration.imports"))) {
            assertThat(new String(names.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(Class.forName(name)).isNotNull());
        }
    }
}
